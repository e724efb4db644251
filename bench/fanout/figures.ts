/** Figures of repeated runs: each as one line of JSON, all as a table. */

/** One figure of one server. */
export interface Figure {
  readonly figure: string;
  readonly unit: string;
  readonly server: string;
  /** Whether more of it is better: the ratio to the peers is read that way round. */
  readonly isMoreBetter: boolean;
  readonly values: readonly number[];
}

/** Gathers values. */
export class Figures {
  readonly #figures = new Map<string, Figure & { readonly values: number[] }>();

  note(what: Omit<Figure, "values">, value: number): void {
    const key = `${what.figure}\n${what.server}`;
    const known = this.#figures.get(key) ?? { ...what, values: [] };
    this.#figures.set(key, known);
    known.values.push(value);
  }

  get all(): readonly Figure[] {
    return [...this.#figures.values()];
  }
}

/** Least, middle and greatest. */
export function spread(
  values: readonly number[],
): { readonly min: number; readonly median: number; readonly max: number } {
  const sorted = values.toSorted((left, right) => left - right);
  const at = (place: number) => sorted[place] ?? NaN;
  const median = (at((sorted.length - 1) >> 1) + at(sorted.length >> 1)) / 2;
  return { min: at(0), median, max: at(sorted.length - 1) };
}

/** The figure as a line for programs. */
export function figureLine(figure: Figure): string {
  const { min, median, max } = spread(figure.values);
  const { figure: name, unit, server, values } = figure;
  return JSON.stringify({
    figure: name,
    server,
    unit,
    runs: values.length,
    min: round(min),
    median: round(median),
    max: round(max),
  });
}

/** All figures as a table in Markdown: a row each, a column for each server, and earshot beside the best of the others. */
export function figureTable(figures: readonly Figure[]): string {
  const servers = [...new Set(figures.map(({ server }) => server))];
  const names = [...new Set(figures.map(({ figure }) => figure))];
  const hasPeers = servers.length > 1;
  const head = ["figure", "unit", ...servers, ...hasPeers ? ["to the best", "to ngircd"] : []];
  const rows = names.map((name) => {
    const row = figures.filter(({ figure }) => figure === name);
    const of = (server: string) => row.find((figure) => figure.server === server);
    const cells = servers.map((server) => cell(of(server)));
    return [
      name,
      row[0]?.unit ?? "",
      ...cells,
      ...hasPeers ? [ratio(row, "best"), ratio(row, "ngircd")] : [],
    ];
  });
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function cell(figure: Figure | undefined): string {
  if (figure === undefined) return "";
  const { min, median, max } = spread(figure.values);
  return figure.values.length === 1 ? short(median) : `${short(median)} (${short(min)}–${short(max)})`;
}

/** earshot's median by that of the best peer, or of that one. */
function ratio(row: readonly Figure[], to: "best" | "ngircd"): string {
  const own = row.find(({ server }) => server === "earshot");
  const peers = row.filter(({ server }) => server !== "earshot" && (to === "best" || server === to));
  if (own === undefined || peers.length === 0) return "";
  const medians = peers.map(({ values }) => spread(values).median);
  const other = own.isMoreBetter ? Math.max(...medians) : Math.min(...medians);
  return `${(spread(own.values).median / other).toFixed(2)} ×`;
}

function short(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(2)}M`;
  if (value >= 1e4) return `${(value / 1e3).toFixed(0)}k`;
  return String(round(value));
}

function round(value: number): number {
  return value >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

/**
 * `deno task bench:plot FIGURES [PICTURE]`: bars of deliveries a second, a group for each size of room, out of what `deno task bench --peers` printed.
 * Without a second name the picture is docs/pictures/deliveries.svg.
 */

interface Row {
  readonly figure: string;
  readonly server: string;
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

const SERVERS = ["earshot", "ngircd", "inspircd", "mosquitto"];
/** By server; they differ in light and dark, and in grey. */
const COLORS = ["#165c51", "#c77d3a", "#8a93a6", "#c9b458"];
const WIDE = 720;
const HIGH = 320;
const LEFT = 56;
const TOP = 34;
const BOTTOM = 40;
const PLOT_HIGH = HIGH - TOP - BOTTOM;
const BAR_WIDE = 28;

const [from, to = new URL("../docs/pictures/deliveries.svg", import.meta.url)] = Deno.args;
if (from === undefined) {
  Deno.stderr.writeSync(
    new TextEncoder().encode("Say which one file has the figures: deno task bench:plot FIGURES\n"),
  );
  Deno.exit(2);
}
const rows = Deno.readTextFileSync(from).split("\n").filter((line) => line.startsWith("{")).map((line): Row =>
  JSON.parse(line)
);
Deno.writeTextFileSync(to, picture(rows));

function picture(rows: readonly Row[]): string {
  const busy = rows.flatMap((row) => {
    const size = /^deliveries a second, (\d+) members, \d+ busy$/.exec(row.figure)?.[1];
    return size === undefined ? [] : [{ ...row, size: Number(size) }];
  });
  const sizes = [...new Set(busy.map(({ size }) => size))].sort((one, other) => one - other);
  const most = Math.ceil(Math.max(1, ...busy.map(({ max }) => max)) / 1e6) * 1e6;
  const y = (value: number) => TOP + PLOT_HIGH * (1 - value / most);
  const groupWide = (WIDE - LEFT) / sizes.length;
  const lines = Array.from(
    { length: most / 1e6 + 1 },
    (_, millions) =>
      `<path d="M${LEFT} ${y(millions * 1e6)}H${WIDE}" stroke="#8884"/>` +
      text(LEFT - 8, y(millions * 1e6) + 4, `${millions} M`, "end"),
  );
  const bars = busy.map(({ size, server, min, median, max }) => {
    const place = SERVERS.indexOf(server);
    const x = LEFT + sizes.indexOf(size) * groupWide + (groupWide - SERVERS.length * BAR_WIDE) / 2 +
      place * BAR_WIDE;
    const middle = x + BAR_WIDE / 2 - 1;
    return `<rect x="${x}" y="${y(median)}" width="${BAR_WIDE - 3}" height="${y(0) - y(median)}" fill="${
      COLORS[place]
    }">` +
      `<title>${server}, ${size} members: ${Math.round(median)} a second</title></rect>` +
      `<path d="M${middle} ${y(min)}V${y(max)}" stroke="#888" stroke-width="1.5"/>`;
  });
  const names = sizes.map((size, index) =>
    text(LEFT + (index + 0.5) * groupWide, HIGH - BOTTOM + 20, `${size} members`, "middle")
  );
  const legend = SERVERS.map((server, index) =>
    `<rect x="${LEFT + 8 + index * 120}" y="8" width="12" height="12" fill="${COLORS[index]}"/>` +
    text(LEFT + 26 + index * 120, 18, server, "start")
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDE} ${HIGH}" font-family="sans-serif" font-size="12" fill="#888">
<title>Deliveries a second with many busy senders, one core: earshot sealed and signed, the others in plaintext</title>
${[...lines, ...bars, ...names, ...legend].map(rounded).join("\n")}
</svg>
`;
}

function text(x: number, y: number, words: string, anchor: "start" | "middle" | "end"): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}">${words}</text>`;
}

function rounded(markup: string): string {
  return markup.replaceAll(/\d+\.\d{2,}/g, (number) => Number(number).toFixed(1));
}

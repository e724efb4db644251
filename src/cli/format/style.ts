/** The few colours of earshot: none at all where they are not wanted, and none that carries a meaning alone. */

/** Paints text, or leaves it as it is. */
export interface Style {
  readonly hasColor: boolean;
  /** For what stands beside the matter: times, headings, notices. */
  dim(text: string): string;
  /** For who speaks. */
  strong(text: string): string;
}

/** Leaves everything as it is. */
export const PLAIN: Style = { hasColor: false, dim: (text) => text, strong: (text) => text };

/** For terminals: the two renditions that every one of them has (ECMA-48, SGR 1 and 2). */
export const PAINTED: Style = {
  hasColor: true,
  dim: (text) => `\x1b[2m${text}\x1b[0m`,
  strong: (text) => `\x1b[1m${text}\x1b[0m`,
};

/** What commands and options are made of. */

/** An option. */
export interface OptionSpec {
  readonly name: string;
  readonly short?: string;
  /** What to call its value in help; a switch has none. */
  readonly value?: string;
  /** May be given again, for one more value. */
  readonly isMany?: true;
  readonly summary: string;
}

/** A command. */
export interface CommandSpec {
  /** Empty for earshot without a command; of two words for a part of another command. */
  readonly name: string;
  /** Its arguments, as help shows them. */
  readonly args: string;
  readonly summary: string;
  /** Paragraphs behind the summary. */
  readonly more: readonly string[];
  readonly examples: readonly string[];
  readonly options: readonly OptionSpec[];
}

/** `-n` of what shows lines. */
export const LAST = { name: "last", short: "n", value: "COUNT", summary: "only so many lines" } as const;
/** For links. */
export const NO_QR = { name: "no-qr", summary: "print the link without its QR code" } as const;

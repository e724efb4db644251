/** What a command and its options are made of, as data: help, the manual, completions and README's tables read it. */

/** An option. */
export interface OptionSpec {
  readonly name: string;
  readonly short?: string;
  /** The name of its value in help; a switch has none. */
  readonly value?: string;
  /** May be given several times; every value counts. */
  readonly isMany?: true;
  readonly summary: string;
}

/** A command of the shell. */
export interface CommandSpec {
  /** Empty for earshot without a command; two words for a subcommand, such as "contacts add". */
  readonly name: string;
  /** Its arguments, as help shows them. */
  readonly args: string;
  readonly summary: string;
  /** Paragraphs that follow the summary. */
  readonly more: readonly string[];
  readonly examples: readonly string[];
  readonly options: readonly OptionSpec[];
}

/** What completes an argument of a chat command: names of a kind, or one of some words. */
export type ArgCompletion =
  | "peer"
  | "conversation"
  | "room"
  | "request"
  | "slash"
  | "file"
  | readonly string[];

/** A command of the chat: typed behind "/". */
export interface SlashSpec {
  readonly name: string;
  /** Its arguments, as help shows them. */
  readonly args: string;
  readonly summary: string;
  /** Lines that follow the summary in the help of this command. */
  readonly more: readonly string[];
  /** What completes its arguments, in order. */
  readonly completes: readonly ArgCompletion[];
  /** Its place among the commands that /help shows first, from 1; null for the others. */
  readonly helpRank: number | null;
}

/** The form in which a command is typed in a shell. */
export function formatUsage({ name, args }: CommandSpec): string {
  return ["earshot", name, args].filter((part) => part !== "").join(" ");
}

/** The form in which a command is typed in the chat. */
export function formatSlashUsage({ name, args }: SlashSpec): string {
  return `/${name}${args === "" ? "" : ` ${args}`}`;
}

/** Finds a chat command by its name, in any case of letters. */
export function findSlash<Slash extends SlashSpec>(
  slashes: readonly Slash[],
  name: string,
): Slash | undefined {
  return slashes.find((slash) => slash.name === name.toLowerCase());
}

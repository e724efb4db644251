/** The part of @std/cli/parse-args that earshot uses: the types that the npm build of the package leaves out. */

/** What to make of the arguments. */
export interface ParseOptions {
  /** Names that are true or false. */
  readonly boolean?: readonly string[];
  /** Names whose value stays text. */
  readonly string?: readonly string[];
  /** Short or other names. */
  readonly alias?: Readonly<Record<string, string | readonly string[]>>;
  /** Boolean names that `--no-NAME` switches off. */
  readonly negatable?: readonly string[];
  /** Values for what is not given. */
  readonly default?: Readonly<Record<string, unknown>>;
  /** Names that may be given more than once. */
  readonly collect?: readonly string[];
  /** Put what follows `--` into `args["--"]`. */
  readonly "--"?: boolean;
  /** Take all that follows the first plain word as plain words. */
  readonly stopEarly?: boolean;
  /** Called for names that are not declared; false leaves them out. */
  readonly unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}
/** What was found: plain words in `_`, options by name. */
export interface Args {
  readonly _: (string | number)[];
  readonly [name: string]: unknown;
}
/** Parses command-line arguments. */
export function parseArgs(args: readonly string[], options?: ParseOptions): Args;

/** The system that starts programs when the user logs in: types only; src/deno implements them. */

/** What starts programs at login: systemd's user units, launchd's agents, or Windows' start-up folder. */
export type AutostartKind = "systemd" | "launchd" | "startup-folder";

/** The system of this machine. */
export interface HostSystem {
  readonly autostart: AutostartKind;
  /** Where this user's entries belong; null where the environment does not say. */
  readonly entryFolder: string | null;
  /** The user's number; 0 on Windows. */
  readonly userId: number;
  /** Runs a program of the system to its end. */
  run(words: readonly string[]): Promise<ProgramOutcome>;
}

/** How a program of the system ended. */
export interface ProgramOutcome {
  readonly isDone: boolean;
  /** What it said of its trouble; may be empty. */
  readonly errorText: string;
}

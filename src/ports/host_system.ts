/** The system service that starts programs at login, as types only. src/deno implements them. */

/** The mechanism that starts programs at login: systemd user units, launchd agents, or the Windows start-up folder. */
export type AutostartKind = "systemd" | "launchd" | "startup-folder";

/** The login services of this machine. */
export interface HostSystem {
  readonly autostart: AutostartKind;
  /** The folder for this user's autostart entries; null if the environment does not name one. */
  readonly entryFolder: string | null;
  /** The numeric user id; 0 on Windows. */
  readonly userId: number;
  /** Runs a system program and waits until it ends. */
  run(words: readonly string[]): Promise<ProgramOutcome>;
}

/** How a system program ended. */
export interface ProgramOutcome {
  readonly isDone: boolean;
  /** What it wrote to standard error, trimmed; may be empty. */
  readonly errorText: string;
}

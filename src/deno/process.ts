/** Requests to end, with the exit code: 128 and the signal's number. On Windows SIGHUP is the window that closes. */
const SIGNALS: Readonly<Partial<Record<Deno.Signal, number>>> = Deno.build.os === "windows"
  ? { SIGINT: 130, SIGBREAK: 149, SIGHUP: 129 }
  : { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** This program: its executable if it runs from one, and the words that start it again; from its sources, those of the task. */
export function findOwnProgram(
  { startTask, mainFile }: { readonly startTask: string; readonly mainFile: string },
): { readonly executable: string | null; readonly words: readonly string[] } {
  const path = Deno.execPath();
  return Deno.build.standalone
    ? { executable: path, words: [path] }
    : { executable: null, words: [path, ...sourceWords(startTask, mainFile)] };
}

/**
 * The arguments of `deno` that run that file as the task `deno run … --lock=FILE main.ts` does, from any folder: the task
 * runs in the project's folder, so its lock file is found beside the main file.
 */
export function sourceWords(startTask: string, mainFile: string): readonly string[] {
  const words = startTask.split(" ").slice(1, -1);
  const beside = (name: string) => mainFile.replace(/[^/\\]+$/, () => name);
  return [...words.map((word) => word.replace(/(?<=^--lock=).+/, beside)), mainFile];
}

/** Calls `run` at each request to end, with the matching exit code. Never stops. */
export function onEndRequest(run: (exitCode: number) => void): void {
  for (const [signal, exitCode] of Object.entries(SIGNALS)) {
    // The names come from the table above.
    Deno.addSignalListener(signal as Deno.Signal, () => run(exitCode));
  }
}

/** Calls `run` for each uncaught error. The error then does not end the process by itself. */
export function onUncaught(run: (error: unknown) => void): void {
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    run(event.error);
  });
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    run(event.reason);
  });
}

/** Processes that are measured, each on a core of its own: what they took of it, and how much memory. */

/** Ticks a second of /proc/PID/stat: USER_HZ, 100 on every Linux that runs Deno. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

/** Words in front of a command so that it runs on that core alone. */
export function onCore(core: number, words: readonly string[]): readonly string[] {
  return ["taskset", "-c", String(core), ...words];
}

/** Puts this process, with all its threads, on that core. */
export async function pinSelf(core: number): Promise<void> {
  const args = ["-acp", String(core), String(Deno.pid)];
  const { success, stderr } = await new Deno.Command("taskset", { args, stdout: "null" }).output();
  if (!success) throw new Error(`Cannot pin to core ${core}: ${new TextDecoder().decode(stderr)}`);
}

/** Seconds of processor that the process and its threads have used. */
export function cpuSeconds(pid: number): number {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  // The name in parentheses may hold blanks; behind it stand state, ppid, …; utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** The same to the microsecond, for what mostly sleeps; threads that have ended do not count. */
export function idleCpuSeconds(pid: number): number {
  let nanoseconds = 0;
  for (const { name } of Deno.readDirSync(`/proc/${pid}/task`)) {
    try {
      nanoseconds += Number(Deno.readTextFileSync(`/proc/${pid}/task/${name}/schedstat`).split(" ")[0]);
    } catch (error) {
      // It ended between the two.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return nanoseconds / 1e9;
}

/** Resident memory. */
export function residentBytes(pid: number): number {
  return Number(Deno.readTextFileSync(`/proc/${pid}/statm`).split(" ")[1]) * PAGE_BYTES;
}

/** What it takes of its core between two moments. */
export class Meter {
  readonly #pids: readonly number[];
  #fromMs = performance.now();
  #from: readonly number[] = [];

  constructor(...pids: readonly number[]) {
    this.#pids = pids;
    this.restart();
  }

  restart(): void {
    this.#fromMs = performance.now();
    this.#from = this.#pids.map(cpuSeconds);
  }

  /** Seconds that passed, and seconds of processor of each process meanwhile. */
  read(): { readonly seconds: number; readonly cpu: readonly number[] } {
    const seconds = (performance.now() - this.#fromMs) / 1000;
    return { seconds, cpu: this.#pids.map((pid, index) => cpuSeconds(pid) - (this.#from[index] ?? 0)) };
  }
}

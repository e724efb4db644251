/**
 * A network of this machine's own: hosts that are network namespaces, joined by a bridge in one more namespace, as
 * devices are by an access point. Nothing of it touches the machine's real network, and all of it is gone afterwards.
 *
 *     host A ── wlan0 ═ port1 ──┐
 *     host B ── wlan0 ═ port2 ──┼── bridge "air"        192.168.43.0/24, as on an Android hotspot
 *     host C ── wlan0 ═ port3 ──┘
 */

import { dirname, join } from "@std/path";
import { Host, type HostOptions } from "./host.ts";
import { finish, must } from "./system.ts";

/** The names of namespaces and folders: with the process that made them, so that leftovers can be told. */
const NAMESPACE = /^earshot-(\d+)-\w+$/;
const FOLDER = /^earshot-lan-(\d+)-/;

/** Why there can be no lab on this machine, or null. */
export async function whyNoLab(): Promise<string | null> {
  if (Deno.build.os !== "linux") return "needs Linux";
  if (Deno.uid() !== 0) return "needs root";
  for (const tool of ["ip", "bridge", "tc"]) {
    try {
      await must(tool, "-V");
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return `needs "${tool}" of iproute2`;
      throw error;
    }
  }
  const name = newName();
  const { code } = await finish(["ip", "netns", "add", name]);
  if (code !== 0) return "needs the right to make network namespaces";
  await must("ip", "netns", "delete", name);
  return null;
}

/** What the hosts run as "earshot". */
export interface LabOptions {
  /** The command in front of the arguments. */
  readonly program: readonly string[];
}

/** A network, and the hosts in it. Disposing ends every process there, and removes all. */
export class Lab implements AsyncDisposable {
  /** For homes and other files; gone afterwards. */
  readonly folder: string;
  readonly #program: readonly string[];
  readonly #air: string;
  readonly #parts: AsyncDisposableStack;
  #hostCount = 0;

  private constructor(
    { program }: LabOptions,
    made: { folder: string; air: string; parts: AsyncDisposableStack },
  ) {
    this.folder = made.folder;
    this.#program = program;
    this.#air = made.air;
    this.#parts = made.parts;
  }

  /** Makes a network without hosts. @throws {Error} if the system refuses. */
  static async open(options: LabOptions): Promise<Lab> {
    await using parts = new AsyncDisposableStack();
    const folder = await Deno.makeTempDir({ prefix: `earshot-lan-${Deno.pid}-` });
    parts.defer(() => Deno.remove(folder, { recursive: true }));
    await removeLeftovers(dirname(folder));
    const air = await addNamespace(parts);
    await must("ip", "-n", air, "link", "add", "air", "type", "bridge");
    await must("ip", "-n", air, "link", "set", "air", "up");
    return new Lab(options, { folder, air, parts: parts.move() });
  }

  /** Adds a host. */
  async host(options: HostOptions = {}): Promise<Host> {
    const namespace = await addNamespace(this.#parts);
    await must("ip", "-n", namespace, "link", "set", "lo", "up");
    this.#hostCount += 1;
    const host = new Host(options, {
      namespace,
      air: this.#air,
      number: this.#hostCount,
      program: this.#program,
      folder: this.folder,
    });
    this.#parts.use(host);
    if (options.isAlone !== true) await host.join();
    return host;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.disposeAsync();
  }
}

async function addNamespace(parts: AsyncDisposableStack): Promise<string> {
  const name = newName();
  await must("ip", "netns", "add", name);
  parts.defer(() => removeNamespace(name));
  return name;
}

function newName(): string {
  return `earshot-${Deno.pid}-${crypto.randomUUID().slice(0, 8)}`;
}

/** Ends what still runs there: a process would keep a namespace alive without its name. */
async function removeNamespace(name: string): Promise<void> {
  const { out } = await finish(["ip", "netns", "pids", name]);
  for (const pid of out.split("\n").filter((line) => line !== "")) {
    try {
      Deno.kill(Number(pid), "SIGKILL");
    } catch (error) {
      // It ended by itself in the meantime.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  await must("ip", "netns", "delete", name);
}

/** What test runs left that were killed themselves. */
async function removeLeftovers(temporary: string): Promise<void> {
  for (const line of (await must("ip", "netns", "list")).split("\n")) {
    const [name = ""] = line.split(" ");
    if (await isLeftover(NAMESPACE, name)) await removeNamespace(name);
  }
  for await (const { name } of Deno.readDir(temporary)) {
    if (await isLeftover(FOLDER, name)) await Deno.remove(join(temporary, name), { recursive: true });
  }
}

async function isLeftover(pattern: RegExp, name: string): Promise<boolean> {
  const pid = pattern.exec(name)?.[1];
  return pid !== undefined && !await runs(pid);
}

async function runs(pid: string): Promise<boolean> {
  try {
    await Deno.stat(`/proc/${pid}`);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

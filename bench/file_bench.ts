/** What is measured of files: real nodes, real disks, a network of their own. */

import { fromFileUrl, join } from "@std/path";
import type { FileRow } from "../src/api/files.ts";
import type { Host } from "../tests/fixtures/lan/host.ts";
import type { Lab } from "../tests/fixtures/lan/lab.ts";
import type { LanNode } from "../tests/fixtures/lan/lan_node.ts";
import { same } from "./same_files.ts";

/** Far more than anything takes. */
const PATIENCE_MS = 600_000;
const ROOM = "#Bench";
const PLAIN_PORT = 45_671;
/** Messages whose way is measured, and the pause between two. */
const MESSAGES = 200;
const MESSAGE_MS = 20;

/** Something that was measured. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** Beside what. */
  readonly of?: string;
}

/** How much of it. */
export interface FileBenchOptions {
  readonly sizeBytes: number;
  readonly filesCount: number;
  readonly killsCount: number;
  onFigure(figure: Figure): void;
}

/** What the bare program took. */
interface PlainCopy {
  readonly ms: number;
  /** Of both sides. */
  readonly cpuMs: number;
}

/** Two nodes in one room. */
interface Pair {
  readonly alice: LanNode;
  readonly bob: LanNode;
}

/** The measurements. */
export class FileBench {
  readonly #lab: Lab;
  readonly #options: FileBenchOptions;
  #pairCount = 0;

  /** Measures nothing yet. */
  constructor(lab: Lab, options: FileBenchOptions) {
    this.#lab = lab;
    this.#options = options;
  }

  /** One large file, beside the bare copy. */
  async copy(where: "loopback" | "between namespaces"): Promise<void> {
    const { sizeBytes } = this.#options;
    const pair = await this.#pair(where === "loopback");
    const path = await this.#makeFile(join(this.#lab.folder, `large-${this.#pairCount}`), sizeBytes);
    const plains: PlainCopy[] = [];
    for (let times = 0; times < 3; times++) plains.push(await this.#plainCopy(pair, path));
    const ours = await this.#fetched(pair, path);
    for (let times = 0; times < 3; times++) plains.push(await this.#plainCopy(pair, path));
    await same(path, ours.path);
    // The median of those before and those after, because other programs come and go.
    const plain = at(plains.map(({ ms }) => ms), 0.5);
    const size = `${sizeBytes / 1_000_000} MB ${where}`;
    this.#figure(`${size}, plaintext copy by a bare program`, sizeBytes / 1_000 / plain, "MB/s");
    this.#figure(`${size}, by earshot`, sizeBytes / 1_000 / ours.ms, "MB/s");
    this.#figure(`${size}, share of the plaintext copy`, 100 * plain / ours.ms, "%", "60 wanted");
    const plainCpuMs = at(plains.map(({ cpuMs }) => cpuMs), 0.5);
    this.#figure(`${size}, processor time of the bare program, both sides`, plainCpuMs, "ms");
    this.#figure(`${size}, processor time of the receiver`, ours.receiverCpuMs, "ms");
    this.#figure(`${size}, processor time of the sender`, ours.senderCpuMs, "ms");
    this.#figure(
      `${size}, peak memory of the receiver`,
      await peakMb(pair.bob),
      "MB",
      `${ours.bobIdleMb} MB before`,
    );
    this.#figure(
      `${size}, peak memory of the sender`,
      await peakMb(pair.alice),
      "MB",
      `${ours.aliceIdleMb} MB before`,
    );
    await this.#end(pair);
  }

  /** Many small files in a folder. */
  async smallFiles(): Promise<void> {
    const { filesCount } = this.#options;
    const pair = await this.#pair(false);
    const folder = join(this.#lab.folder, "small");
    for (let index = 0; index < filesCount; index++) {
      const at = join(folder, `${index % 100}`);
      if (index < 100) await Deno.mkdir(at, { recursive: true });
      await Deno.writeTextFile(join(at, `${index}.txt`), `file ${index} `.repeat(1 + index % 200));
    }
    const ours = await this.#fetched(pair, folder);
    for (let index = 0; index < filesCount; index += 97) {
      const name = join(`${index % 100}`, `${index}.txt`);
      await same(join(folder, name), join(ours.path, name));
    }
    this.#figure(`${filesCount} small files, offered`, ours.offerMs / 1_000, "s");
    this.#figure(`${filesCount} small files, fetched`, ours.ms / 1_000, "s");
    this.#figure(`${filesCount} small files, peak memory of the receiver`, await peakMb(pair.bob), "MB");
    await this.#end(pair);
  }

  /** How long a message is on its way, with and without a file that moves between the same two. */
  async latency(): Promise<void> {
    const pair = await this.#pair(false);
    const path = await this.#makeFile(join(this.#lab.folder, "moving"), this.#options.sizeBytes * 3);
    const quiet = await this.#latencies(pair, MESSAGES);
    await pair.alice.does("file", ROOM, path);
    await this.#offered(pair);
    const from = pair.bob.mark;
    const fetching = pair.bob.does("get", "1");
    await pair.bob.event("file", ({ file }) => file.state === "receiving", {
      what: "it comes",
      from,
      ms: PATIENCE_MS,
    });
    const busy = await this.#latencies(pair, MESSAGES);
    const isStillMoving = !pair.bob.program.lines.slice(from).some(({ row }) =>
      row.event === "file" && row.file.state === "here"
    );
    await fetching;
    for (const [what, ms] of [["nothing else", quiet], ["a file moving", busy]] as const) {
      this.#figure(`message to the other's screen, ${what}, p50`, at(ms, 0.5), "ms");
      this.#figure(`message to the other's screen, ${what}, p99`, at(ms, 0.99), "ms");
    }
    if (!isStillMoving) {
      this.#figure("the file was there before all messages were said", 1, "(a larger one would do)");
    }
    await this.#end(pair);
  }

  /** A file, while either side is killed again and again. */
  async kills(): Promise<void> {
    const { killsCount, sizeBytes } = this.#options;
    const pair = await this.#pair(false);
    const path = await this.#makeFile(join(this.#lab.folder, "killed"), sizeBytes);
    await pair.alice.does("file", ROOM, path);
    await this.#offered(pair);
    const fromMs = performance.now();
    const fromBytes = await receivedBytes(pair.bob);
    let mark = pair.bob.mark;
    await pair.bob.command("get", "1", "--timeout", "1");
    let killed = 0;
    for (; killed < killsCount; killed++) {
      const share = (killed + 1) / (killsCount + 2);
      const reached = await pair.bob.event(
        "file",
        ({ file }) => file.gotBytes >= share * sizeBytes || file.state === "here",
        { what: `${Math.round(share * 100)} % are there`, from: mark, ms: PATIENCE_MS },
      );
      if (reached.row.file.state === "here") break;
      const victim = killed % 2 === 0 ? pair.bob : pair.alice;
      await victim.kill();
      await victim.start(...OPTIONS);
      mark = victim === pair.bob ? 0 : pair.bob.mark;
      // Events are hints: what was there before anybody listened is asked for.
      if (victim === pair.bob && (await this.#fileOf(pair.bob)).state === "here") break;
    }
    const isHere = (await this.#fileOf(pair.bob)).state === "here";
    if (!isHere) {
      const options = { what: "all of it", from: mark, ms: PATIENCE_MS };
      await pair.bob.event("file", ({ file }) => file.state === "here", options);
    }
    await same(path, (await this.#fileOf(pair.bob)).path ?? "");
    const size = `${sizeBytes / 1_000_000} MB, killed ${killed} times`;
    this.#figure(`${size}: complete and right after`, (performance.now() - fromMs) / 1_000, "s");
    const bytes = await receivedBytes(pair.bob) - fromBytes;
    // With all that TCP, encryption and the talk of discovery add.
    this.#figure(
      `${size}: bytes on the receiver's network`,
      100 * bytes / sizeBytes,
      "% of the file",
      "of which TCP and encryption some 3; each kill may cost what was in flight",
    );
    await this.#end(pair);
  }

  async #pair(isLoopback: boolean): Promise<Pair> {
    const number = ++this.#pairCount;
    const hosts = isLoopback
      ? await this.#lab.host({ isAlone: true }).then((host) => [host, host])
      : [await this.#lab.host(), await this.#lab.host()];
    const [first, second] = hosts;
    if (first === undefined || second === undefined) throw new Error("There are no hosts");
    const options = isLoopback ? [...OPTIONS, "--interface", "lo"] : OPTIONS;
    const start = (host: Host, name: string) => host.node(`${name}${number}`, ...options);
    const [alice, bob] = [await start(first, "alice"), await start(second, "bob")];
    await alice.does("host", "Bench");
    await bob.joins("Bench");
    return { alice, bob };
  }

  async #end({ alice, bob }: Pair): Promise<void> {
    for (const node of [alice, bob]) await node.leave("SIGTERM");
    for (const node of [alice, bob]) await Deno.remove(node.home, { recursive: true });
  }

  /** Offers it, waits until it is known, and fetches it: from the command's arrival to the last sync. */
  async #fetched({ alice, bob }: Pair, path: string): Promise<{
    readonly ms: number;
    readonly offerMs: number;
    readonly path: string;
    readonly receiverCpuMs: number;
    readonly senderCpuMs: number;
    readonly aliceIdleMb: number;
    readonly bobIdleMb: number;
  }> {
    const offerMs = performance.now();
    await alice.does("file", ROOM, path);
    const offeredMs = performance.now() - offerMs;
    await this.#offered({ alice, bob });
    const [aliceIdleMb, bobIdleMb] = [await peakMb(alice), await peakMb(bob)];
    const [bobCpuMs, aliceCpuMs] = [await cpuMs(bob), await cpuMs(alice)];
    const from = bob.mark;
    const getting = bob.does("get", "1");
    const begun = await bob.event("file", ({ file }) => file.state !== "offered", {
      what: "it begins",
      from,
    });
    const here = await bob.event("file", ({ file }) => file.state === "here", {
      what: "it is here",
      from,
      ms: PATIENCE_MS,
    });
    await getting;
    return {
      ms: here.atMs - begun.atMs,
      offerMs: offeredMs,
      path: here.row.file.path ?? "",
      receiverCpuMs: await cpuMs(bob) - bobCpuMs,
      senderCpuMs: await cpuMs(alice) - aliceCpuMs,
      aliceIdleMb,
      bobIdleMb,
    };
  }

  async #fileOf(node: LanNode): Promise<FileRow> {
    const [line = ""] = (await node.does("files", "--json")).split("\n");
    return JSON.parse(line);
  }

  async #offered({ bob }: Pair): Promise<FileRow> {
    const { row } = await bob.event("file", ({ file }) => file.state === "offered", { what: "an offer" });
    return row.file;
  }

  async #latencies({ alice, bob }: Pair, count: number): Promise<readonly number[]> {
    const ms: number[] = [];
    const talker = new Talker(alice);
    await talker.begin();
    for (let index = 0; index < count; index++) {
      const text = `ping ${index} ${crypto.randomUUID()}`;
      const from = bob.mark;
      const saidMs = performance.now();
      await talker.say(text);
      const heard = await bob.event("entry", ({ row }) => row.text === text, {
        what: text,
        from,
        ms: PATIENCE_MS,
      });
      ms.push(heard.atMs - saidMs);
      await new Promise((resolve) => setTimeout(resolve, MESSAGE_MS));
    }
    await talker.end();
    return ms;
  }

  async #plainCopy({ alice, bob }: Pair, path: string): Promise<PlainCopy> {
    const program = [Deno.execPath(), "run", "-A", fromFileUrl(new URL("./plain_copy.ts", import.meta.url))];
    const address = alice.host === bob.host ? "127.0.0.1" : alice.host.address;
    const parse = (line: string): Partial<PlainCopy> & { readonly ready?: boolean } => JSON.parse(line);
    const to = join(this.#lab.folder, "plain-copy");
    const giver = alice.host.start([...program, "give", address, `${PLAIN_PORT}`, path], parse);
    await giver.line(({ ready }) => ready === true, { what: "it waits" });
    const taker = bob.host.start([...program, "take", address, `${PLAIN_PORT}`, to], parse);
    const took = await taker.line(({ ms }) => ms !== undefined, { what: "it is copied", ms: PATIENCE_MS });
    const gave = await giver.line(({ cpuMs }) => cpuMs !== undefined, {
      what: "it is sent",
      ms: PATIENCE_MS,
    });
    await Promise.all([giver.ended, taker.ended]);
    await Deno.remove(to);
    return { ms: took.row.ms ?? 0, cpuMs: (took.row.cpuMs ?? 0) + (gave.row.cpuMs ?? 0) };
  }

  async #makeFile(path: string, sizeBytes: number): Promise<string> {
    using file = await Deno.open(path, { write: true, createNew: true });
    const block = new Uint8Array(1_000_000);
    for (let at = 0; at < block.length; at += 65_536) crypto.getRandomValues(block.subarray(at, at + 65_536));
    for (let at = 0; at < sizeBytes; at += block.length) {
      // No two blocks are alike.
      new DataView(block.buffer).setFloat64(0, at);
      const part = block.subarray(0, Math.min(block.length, sizeBytes - at));
      for (let done = 0; done < part.length;) done += await file.write(part.subarray(done));
    }
    await file.sync();
    return path;
  }

  #figure(what: string, value: number, unit: string, of?: string): void {
    this.#options.onFigure({
      what,
      value: Math.round(value * 10) / 10,
      unit,
      ...(of !== undefined && { of }),
    });
  }
}

const OPTIONS = ["--no-page"] as const;

/** Somebody who types. */
class Talker {
  readonly #node: LanNode;
  #child: Deno.ChildProcess | undefined;
  #writer: WritableStreamDefaultWriter<Uint8Array> | undefined;

  constructor(node: LanNode) {
    this.#node = node;
  }

  async begin(): Promise<void> {
    const [program = "", ...args] = this.#node.host.words([
      "--home",
      this.#node.home,
      "chat",
      ROOM,
      "--json",
    ]);
    this.#child = new Deno.Command(program, { args, stdin: "piped", stdout: "piped", stderr: "null" })
      .spawn();
    this.#writer = this.#child.stdin.getWriter();
    const reader = this.#child.stdout.getReader();
    await reader.read();
    reader.releaseLock();
    void this.#child.stdout.pipeTo(new WritableStream());
  }

  async say(text: string): Promise<void> {
    await this.#writer?.write(new TextEncoder().encode(`${text}\n`));
  }

  async end(): Promise<void> {
    await this.#writer?.close();
    await this.#child?.status;
  }
}

async function receivedBytes({ host }: LanNode): Promise<number> {
  const shown = host.start(["cat", "/sys/class/net/wlan0/statistics/rx_bytes"], Number);
  const { out } = await shown.ended;
  return Number(out.trim());
}

async function cpuMs({ program }: LanNode): Promise<number> {
  const stat = await Deno.readTextFile(`/proc/${program.pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // In ticks of 10 ms.
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function peakMb({ program }: LanNode): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${program.pid}/status`);
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1_000);
}

function at(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

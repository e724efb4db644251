/**
 * `deno task bench:long [--lines 200000]`: a node with one very long room: how soon it is ready, and its memory when the room was shown, at most
 * and when it sleeps. The log is written by this command, line by line as five members would have signed it.
 */

import { parseArgs } from "@std/cli/parse-args";
import { join } from "@std/path";
import { denoCrypto } from "../src/deno/crypto.ts";
import type { NodeEvent } from "../src/node/vocabulary.ts";
import { writeEntry } from "../src/room/entry.ts";
import { parseRoomId, type RoomId } from "../src/room/id.ts";
import { earshot } from "../tests/lan/lan_test_case.ts";
import { Program } from "../tests/lan/program.ts";
import { must } from "../tests/lan/system.ts";
import { quietNodeWords } from "./fanout/starting.ts";

const AUTHORS = 5;
const LINES_A_WRITE = 5_000;
const READY_MS_MAX = 300_000;
const IDLE_MS = 10_000;
const crypto = denoCrypto();

const options = parseArgs(Deno.args, { string: ["lines"] });
const linesCount = Number(options.lines ?? 200_000);
const folder = await Deno.makeTempDir({ prefix: "earshot-bench-" });
try {
  const home = join(folder, "home");
  const words = await earshot();
  const first = await started(words, home);
  const [program = "", ...args] = [...words, "--home", home];
  await must(program, ...args, "host", "Hall");
  const [row = ""] = (await must(program, ...args, "rooms", "--json")).split("\n");
  const room = parseRoomId(JSON.parse(row).id);
  if (room === null) throw new Error(`No room: ${row}`);
  await ended(first.node);
  const log = await logOf(join(home, "rooms"));
  await fill(log, room);
  const { node, readyMs } = await started(words, home);
  const end = await must(program, ...args, "log", "#Hall", "--last", "1");
  if (!end.includes(`line ${linesCount - 1} `)) throw new Error(`Not the end of the room: ${end}`);
  const opened = memoryOf(node.pid);
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  const later = memoryOf(node.pid);
  await ended(node);
  say(JSON.stringify({
    bench: "long room",
    lines: linesCount,
    logMB: Math.round((await Deno.stat(log)).size / 1e6),
    readyMs: Math.round(readyMs),
    residentMB: { opened: opened.residentMB, later: later.residentMB, most: later.mostMB },
  }));
} finally {
  await Deno.remove(folder, { recursive: true });
}

async function started(words: readonly string[], home: string) {
  const fromMs = performance.now();
  const node = new Program([...words, ...quietNodeWords(home)], (line) => JSON.parse(line) as NodeEvent);
  const { atMs } = await node.line(({ event }) => event === "ready", { what: "ready", ms: READY_MS_MAX });
  return { node, readyMs: atMs - fromMs };
}

async function ended(node: Program<NodeEvent>): Promise<void> {
  node.signal("SIGTERM");
  await node.ended;
}

async function logOf(rooms: string): Promise<string> {
  for await (const { name } of Deno.readDir(rooms)) return join(rooms, name, "log.jsonl");
  throw new Error(`No room in ${rooms}`);
}

/** Each member joins and talks, in turn. */
async function fill(log: string, room: RoomId): Promise<void> {
  const members = Array.from({ length: AUTHORS }, (_, index) => ({
    signer: crypto.signer(new Uint8Array(32).fill(index + 1)),
    name: `member${index + 1}`,
    number: 0,
    prev: "",
  }));
  using file = await Deno.open(log, { append: true });
  let text = "";
  for (let count = 0; count < linesCount; count++) {
    const member = members[count % AUTHORS];
    if (member === undefined) continue;
    member.number++;
    const isJoin = member.number === 1;
    const entry = writeEntry(
      {
        room,
        number: member.number,
        prev: member.prev,
        clock: count + 2,
        wallMs: 1_700_000_000_000 + count * 1000,
        kind: isJoin ? "join" : "text",
        name: member.name,
        body: isJoin ? "" : `line ${count} of a very long conversation, to be read by whoever likes it`,
      },
      member.signer,
      crypto,
    );
    member.prev = entry.hash;
    text += `${entry.line}\n`;
    if (count % LINES_A_WRITE < LINES_A_WRITE - 1 && count < linesCount - 1) continue;
    file.writeSync(new TextEncoder().encode(text));
    text = "";
  }
}

function memoryOf(pid: number): { readonly residentMB: number; readonly mostMB: number } {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  const of = (name: string) =>
    Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) * 1024 / 1e6);
  return { residentMB: of("VmRSS"), mostMB: of("VmHWM") };
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

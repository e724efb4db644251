/** A machine for commands: simulated time and disk, a console that remembers, HTTP without sockets, a node that says what it is told. */

import { WorldError } from "../../src/errors.ts";
import type { Console, Terminal, TerminalListener, TerminalSize } from "../../src/cli/console.ts";
import { OutputClosed } from "../../src/cli/console.ts";
import { runEarshot } from "../../src/cli/commands.ts";
import { Interrupted, type Stage } from "../../src/cli/stage.ts";
import { denoCrypto } from "../../src/deno/crypto.ts";
import { openLine } from "../../src/deno/line_editor.ts";
import { EventHub } from "../../src/node/event_hub.ts";
import type { Node, NodeOptions } from "../../src/node/node.ts";
import type {
  Command,
  MemberRow,
  NodeEvent,
  PeerRow,
  Replies,
  ReplyTo,
  RoomRow,
} from "../../src/node/vocabulary.ts";
import type { LogRow } from "../../src/node/vocabulary.ts";
import type { Disk } from "../../src/ports.ts";
import type { PeerId, RoomId } from "../../src/room/id.ts";
import { homePaths } from "../../src/store/paths.ts";
import type { PageFiles } from "../../src/web/page_file.ts";
import { SimChance } from "../sim/chance.ts";
import { type SimClock, SimTime } from "../sim/clock.ts";
import { SimDisk } from "../sim/disk.ts";
import { SYSTEM } from "../sim/system.ts";
import { FakeHttp } from "../web/fake_http.ts";

/** Where the tests' home is. */
export const HOME = "/home/alice/earshot";
/** Where its earshot is. */
export const EXECUTABLE = "/media/stick/earshot";
/** Ids that are valid and can be told apart. */
export const ALICE = "a".repeat(51).concat("a") as PeerId;
export const BOB = "b".repeat(51).concat("q") as PeerId;
export const KITCHEN = "k".repeat(25).concat("a") as RoomId;
export const WITH_BOB = "d".repeat(25).concat("a") as RoomId;

/** Replies to commands; a function may throw. */
export type Script = {
  readonly [Name in Command["do"]]?:
    | Replies[Name]
    | ((command: Extract<Command, { do: Name }>) => Replies[Name] | Promise<Replies[Name]>);
};

/** What a node says where the script is silent. */
const ORDINARY: Script = {
  members: () => ({ room: roomRow(), members: [] }),
  requests: { requests: [], invitations: [] },
  status: {
    id: ALICE,
    name: "alice",
    version: "1.2.3",
    home: HOME,
    pid: 101,
    port: 9999,
    discoveryPort: 9999,
    sessions: 0,
    peers: 0,
    rooms: 0,
    away: null,
    outlook: "",
    interfaces: [],
    giving: [],
    notices: [],
  },
};

/** A node that says what it is told. */
export class FakeNode implements Node {
  readonly id = ALICE;
  readonly name = "alice";
  readonly port = 9999;
  readonly discoveryPort = 9999;
  readonly ended: Promise<void>;
  readonly commands: Command[] = [];
  readonly hub = new EventHub();
  readonly end = Promise.withResolvers<void>();
  readonly notices: string[] = [];
  isDisposed = false;
  readonly #script: Script;
  readonly #lock: Disposable | null;

  constructor(script: Script, lock: Disposable | null = null) {
    this.#script = { ...ORDINARY, ...script };
    this.#lock = lock;
    this.ended = this.end.promise;
  }

  async run<C extends Command>(command: C): Promise<ReplyTo<C>> {
    this.commands.push(command);
    if (command.do === "stop") this.end.resolve();
    // deno-lint-ignore no-explicit-any -- the script's type says that replies fit their commands.
    const scripted = (this.#script as any)[command.do];
    const reply = typeof scripted === "function" ? await scripted(command) : scripted;
    return (reply ?? {}) as ReplyTo<C>;
  }

  async *events(signal: AbortSignal): AsyncGenerator<NodeEvent> {
    const events = this.hub.listen(signal)[Symbol.asyncIterator]();
    let next = events.next();
    try {
      yield { event: "ready", id: ALICE, name: "alice", port: 9999, discoveryPort: 9999 };
      for (let result = await next; result.done !== true; result = await next) {
        next = events.next();
        yield result.value;
      }
    } finally {
      await events.return?.();
    }
  }

  notice(text: string): void {
    this.notices.push(text);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.isDisposed = true;
    this.hub.close();
    this.end.resolve();
    this.#lock?.[Symbol.dispose]();
    return Promise.resolve();
  }
}

/** A terminal of that size, which is taken over or not. The line in it is edited by the real thing. */
export class FakeTerminal implements Terminal {
  readonly canSuspend = true;
  readonly openLine = openLine;
  columnsAndRows: TerminalSize = { columns: 80, rows: 24 };
  listener: TerminalListener | null = null;
  suspendedCount = 0;

  size(): TerminalSize {
    return this.columnsAndRows;
  }

  takeOver(listener: TerminalListener): Disposable {
    this.listener = listener;
    return { [Symbol.dispose]: () => void (this.listener = null) };
  }

  suspend(): Promise<void> {
    this.suspendedCount++;
    this.listener?.onResume();
    return Promise.resolve();
  }
}

/** A console that remembers. */
export class FakeConsole implements Console {
  isInTerminal = false;
  isOutTerminal = false;
  hasInput = true;
  terminal: Terminal | null = null;
  outText = "";
  errText = "";
  /** Whoever reads the output goes away after so many writes. */
  writesLeft = Infinity;
  #input: (Uint8Array | null)[] = [];
  #wake: (() => void) | undefined;

  out(text: string): Promise<void> {
    if (this.writesLeft-- <= 0) return Promise.reject(new OutputClosed("gone"));
    this.outText += text;
    return Promise.resolve();
  }

  err(text: string): Promise<void> {
    this.errText += text;
    return Promise.resolve();
  }

  /** Types or pipes in a piece; null ends the input. */
  type(piece: string | Uint8Array | null): void {
    this.#input.push(typeof piece === "string" ? new TextEncoder().encode(piece) : piece);
    this.#wake?.();
  }

  async read(): Promise<Uint8Array | null> {
    while (this.#input.length === 0) await new Promise<void>((resolve) => this.#wake = resolve);
    return this.#input.shift() ?? null;
  }
}

/** One machine, on which several processes may run. */
export class Machine {
  readonly time = new SimTime();
  readonly http = new FakeHttp();
  readonly clock: SimClock = this.time.clock();
  readonly drive = new SimDisk({
    schedule: (delayMs, run) => void this.time.schedule(delayMs, run),
    fraction: () => 0.5,
  });
  readonly disk: Disk = this.drive.boot();
  #pids = 100;

  /** Disposes of something. */
  async letGo(thing: AsyncDisposable): Promise<void> {
    await this.time.drive((async () => await thing[Symbol.asyncDispose]())());
  }

  /** A new process. */
  process(options: Partial<ProcessOptions> = {}): FakeProcess {
    return new FakeProcess(this, { script: {}, pid: ++this.#pids, ...options });
  }
}

/** What a process is like. */
export interface ProcessOptions {
  readonly script: Script;
  readonly pid: number;
  /** Why a node does not start. */
  readonly refusal?: Error;
  readonly pageFiles?: PageFiles | null;
  readonly isAtDesktop?: boolean;
  /** Why programs of the system fail; null if they do not. */
  readonly systemTrouble?: string | null;
  /** Whether what is to be opened there opens. */
  readonly isOpening?: boolean;
}

/** One process that runs one command. */
export class FakeProcess {
  readonly console = new FakeConsole();
  readonly stage: Stage;
  readonly interruption = new AbortController();
  /** The files that were opened on the desktop, as they were then. */
  readonly opened: string[] = [];
  /** What was run of the system. */
  readonly ran: string[] = [];
  /** The node that it started. */
  node: FakeNode | undefined;
  nodeOptions: NodeOptions | undefined;
  readonly #machine: Machine;

  constructor(
    machine: Machine,
    { script, pid, refusal, pageFiles = null, isAtDesktop = false, isOpening = true, systemTrouble = null }:
      ProcessOptions,
  ) {
    this.#machine = machine;
    const { disk, clock, http } = machine;
    const nothing = () => {
      throw new Error("A fake node needs no network");
    };
    this.stage = {
      ports: {
        clock,
        disk,
        files: machine.drive.bootFiles(),
        chance: new SimChance(String(pid)),
        crypto: denoCrypto(),
        tcp: { listen: nothing, connect: nothing },
        udp: { open: nothing },
        interfaces: {
          list: () => [{ name: "lo", address: "127.0.0.1", prefixLength: 8 }],
          gateways: nothing,
        },
        device: { isOnCable: nothing, isOnMains: nothing },
        system: SYSTEM,
      },
      http,
      console: this.console,
      desktop: {
        isThere: isAtDesktop,
        open: async (path) => {
          const bytes = await disk.read(path);
          this.opened.push(bytes === null ? "" : new TextDecoder().decode(bytes));
          return isOpening;
        },
      },
      system: {
        starter: "systemd",
        entryFolder: "/home/alice/.config/systemd/user",
        userId: 1000,
        run: (words) => {
          this.ran.push(words.join(" "));
          return Promise.resolve(
            systemTrouble === null ? { isDone: true, said: "" } : { isDone: false, said: systemTrouble },
          );
        },
      },
      pageFiles,
      gifts: null,
      pid,
      program: { executable: EXECUTABLE, words: [EXECUTABLE] },
      version: "1.2.3",
      suggestedName: "alice",
      isColorAllowed: false,
      isDebug: false,
      signal: this.interruption.signal,
      defaultHome: () => HOME,
      absolutePath: (path) => path.startsWith("/") ? path : `/desk/${path}`,
      startNode: async (options) => {
        this.nodeOptions = options;
        await options.ports.disk.makeFolder(options.home);
        const lock = await options.ports.disk.lock(homePaths(options.home).lock);
        if (lock === null) throw new WorldError("in use");
        if (refusal !== undefined) {
          lock[Symbol.dispose]();
          throw refusal;
        }
        return this.node = new FakeNode(script, lock);
      },
    };
  }

  /** Runs the words as a command; the exit code. */
  start(...words: string[]): Promise<number> {
    return runEarshot(this.stage, words);
  }

  /** The same, to its end. */
  async run(...words: string[]): Promise<number> {
    return await this.#machine.time.drive(this.start(...words));
  }

  /** Ctrl-C. */
  interrupt(): void {
    this.interruption.abort(new Interrupted(130));
  }

  /** What was printed, as JSON. */
  get json(): unknown[] {
    return this.console.outText.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
  }
}

/** A machine with one process that has such a node. */
export function processWith(script: Script): { machine: Machine; process: FakeProcess } {
  const machine = new Machine();
  return { machine, process: machine.process({ script }) };
}

/** A row for bob. */
export function peerRow(row: Partial<PeerRow> = {}): PeerRow {
  return {
    id: BOB,
    name: "bob",
    alike: null,
    address: "10.0.0.5",
    port: 9999,
    seen: "2026-01-01T00:00:00.000Z",
    here: true,
    connected: false,
    verified: false,
    contact: false,
    blocked: false,
    away: null,
    label: "",
    note: "",
    ...row,
  };
}

/** The same in a room. */
export function memberRow(row: Partial<MemberRow> = {}): MemberRow {
  return { ...peerRow(), me: false, relays: false, forked: false, ...row };
}

/** A row for the kitchen. */
export function roomRow(row: Partial<RoomRow> = {}): RoomRow {
  return {
    id: KITCHEN,
    title: "Kitchen",
    direct: false,
    invited: false,
    request: false,
    peer: null,
    members: 2,
    host: "bob",
    joined: true,
    unread: 0,
    ...row,
  };
}

/** A line that bob wrote in the kitchen, at 14:03 local time. */
export function logRow(row: Partial<LogRow> = {}): LogRow {
  return {
    room: "Kitchen",
    roomId: KITCHEN,
    author: BOB,
    name: "bob",
    number: 1,
    kind: "text",
    text: "hello",
    notice: false,
    time: new Date(2026, 10, 20, 14, 3, 22).toISOString(),
    state: null,
    ...row,
  };
}

/** A node that runs on a host of the lab, and the commands that are given there with its home. */

import type {
  InvitationRow,
  LogRow,
  NodeEvent,
  PeerRow,
  RequestRow,
  RoomRow,
  StatusReply,
} from "../../src/node/vocabulary.ts";
import type { PeerId } from "../../src/room/id.ts";
import type { Host } from "./host.ts";
import { until } from "./patience.ts";
import type { Line, Program } from "./program.ts";
import type { Finished } from "./system.ts";

/** Seconds that a text may take to be everywhere, as `send --wait` takes them. */
const EVERYWHERE_SECONDS = "20";

type EventName = NodeEvent["event"];
type EventOf<Name extends EventName> = Extract<NodeEvent, { readonly event: Name }>;

/** A node, and its home for as long as the lab lasts. */
export class LanNode {
  readonly name: string;
  readonly home: string;
  readonly host: Host;
  #program: Program<NodeEvent> | undefined;
  #id: PeerId | undefined;

  constructor(host: Host, { name, home }: { readonly name: string; readonly home: string }) {
    this.host = host;
    this.name = name;
    this.home = home;
  }

  /** Its peer id. */
  get id(): PeerId {
    if (this.#id === undefined) throw new Error(`${this.name} was never ready`);
    return this.#id;
  }

  /** The process of the node. */
  get program(): Program<NodeEvent> {
    if (this.#program === undefined) throw new Error(`${this.name} was never started`);
    return this.#program;
  }

  /** How many events it has told: `from` for what is still to come. */
  get mark(): number {
    return this.program.lines.length;
  }

  /** Starts the node, once more if it has ended, and waits for its first event. */
  async start(...options: readonly string[]): Promise<Line<EventOf<"ready">>> {
    this.#program = this.host.run(
      ["node", "--json", "--home", this.home, "--name", this.name, ...options],
      eventOf,
    );
    const ready = await this.event("ready", () => true, { what: `${this.name} is ready` });
    this.#id = ready.row.id;
    return ready;
  }

  /** Waits for an event, also among those that came already (from the mark on). */
  async event<Name extends EventName>(
    name: Name,
    isWanted: (event: EventOf<Name>) => boolean,
    options: { readonly what: string; readonly from?: number; readonly ms?: number },
  ): Promise<Line<EventOf<Name>>> {
    const isOfName = (event: NodeEvent): event is EventOf<Name> => event.event === name;
    const found = await this.program.line((event) => isOfName(event) && isWanted(event), options);
    if (!isOfName(found.row)) throw new Error("A line that was found is another one");
    return { row: found.row, atMs: found.atMs };
  }

  /** Waits until it has heard of a node. */
  async meets(other: LanNode, { from = 0 }: { readonly from?: number } = {}): Promise<Line<EventOf<"peer">>> {
    const what = `${this.name} hears of ${other.name}`;
    return await this.event("peer", ({ change, peer }) => change !== "gone" && peer.id === other.id, {
      what,
      from,
    });
  }

  /** Waits until a text is in a room of it. */
  async hears(text: string): Promise<void> {
    await this.event("entry", ({ row }) => row.text === text, { what: `${this.name} hears "${text}"` });
  }

  /** Waits until somebody whom it has not answered yet has said so to it. */
  async isAskedBy(other: LanNode, text: string): Promise<void> {
    await until(`${this.name} is asked by ${other.name}`, async (tell) => {
      const waiting = await this.#rows<RequestRow | InvitationRow>("requests");
      tell(waiting);
      const request = waiting.find((one) => "peer" in one && one.peer.id === other.id);
      const rows = request !== undefined && "rows" in request ? request.rows : [];
      return rows.some((row) => row.text === text) ? true : null;
    });
  }

  /** Runs a command with its home. */
  async command(...args: readonly string[]): Promise<Finished> {
    return await this.host.earshot("--home", this.home, ...args);
  }

  /** Runs a command that has to exit with 0; what it printed. @throws {Error} with what it said if it fails. */
  async does(...args: readonly string[]): Promise<string> {
    const { code, out, err } = await this.command(...args);
    if (code !== 0) throw new Error(`${this.name}: "${args.join(" ")}" failed (${code}): ${err.trim()}`);
    return out;
  }

  /** Says something, and waits until it is on every member's disk. */
  async says(to: string, text: string): Promise<void> {
    await this.does("send", to, text, "--wait", "everywhere", "--timeout", EVERYWHERE_SECONDS);
  }

  /** Who is here. */
  async peers(): Promise<readonly PeerRow[]> {
    return await this.#rows<PeerRow>("peers");
  }

  /** The rooms. */
  async rooms(): Promise<readonly RoomRow[]> {
    return await this.#rows<RoomRow>("rooms");
  }

  /** The contacts. */
  async contacts(): Promise<readonly PeerRow[]> {
    return await this.#rows<PeerRow>("contacts");
  }

  /** What was said, notices too. */
  async log(to: string): Promise<readonly LogRow[]> {
    return await this.#rows<LogRow>("log", to);
  }

  /** How it does. */
  async status(): Promise<StatusReply> {
    const [status] = await this.#rows<StatusReply>("status");
    if (status === undefined) throw new Error(`${this.name} has no status`);
    return status;
  }

  /** Waits until it has heard of a room, and joins it. */
  async joins(title: string): Promise<void> {
    await until(`${this.name} sees the room ${title}`, async (tell) => {
      const rooms = await this.rooms();
      tell(rooms);
      return rooms.find((room) => room.title === title) ?? null;
    });
    await this.does("join", title);
  }

  /** The export of a conversation, by way of a file. */
  async exports(to: string): Promise<string> {
    const path = `${this.home}.${crypto.randomUUID()}.txt`;
    await this.does("export", to, "-o", path);
    return await Deno.readTextFile(path);
  }

  /** Ends it as a crash of the machine would, without a chance to do anything. */
  async kill(): Promise<void> {
    this.program.signal("SIGKILL");
    await this.program.ended;
  }

  /** Asks it to end; how it ended, and in how many ms. */
  async leave(signal: "SIGINT" | "SIGTERM"): Promise<Finished & { readonly ms: number }> {
    const fromMs = performance.now();
    this.program.signal(signal);
    const finished = await this.program.ended;
    return { ...finished, ms: performance.now() - fromMs };
  }

  async #rows<Row>(...args: readonly string[]): Promise<readonly Row[]> {
    const out = await this.does(...args, "--json");
    // The program that is tested says what its rows are; a test that takes them for others fails.
    return out.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Row);
  }
}

function eventOf(line: string): NodeEvent {
  // As above.
  return JSON.parse(line) as NodeEvent;
}

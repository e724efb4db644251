/**
 * A member of the room that is measured: a real process, `earshot chat --json` as a script would use it, on a host of the
 * lab. It can be killed, and started again with the same home.
 */

import type { LogRow, NodeEvent, RoomRow } from "../src/api/commands.ts";
import type { Host } from "../tests/fixtures/lan/host.ts";
import { within } from "../tests/fixtures/patience.ts";
import { Piped } from "./piped.ts";

/** The room that all talk in. */
const ROOM = "Kitchen";
/** Far more than anything takes, on a machine that is busy with twenty nodes. */
const PATIENCE_MS = 90_000;

/** What a chat prints beside events: the answers to what is typed. */
interface Answer extends Partial<Pick<RoomRow, "title" | "joined" | "host">> {
  readonly event?: undefined;
  /** What was written by /export. */
  readonly file?: string;
}

type Printed = NodeEvent | Answer;

/** Who hears what members tell. */
export interface MemberOwner {
  /** A line is on the member's disk, and news to its screen. */
  onEntry(member: Member, row: LogRow, atMs: number): void;
  /** Whatever else it tells. */
  onOther(member: Member, event: NodeEvent): void;
  /** Its process ended by itself. */
  onFault(member: Member, said: string): void;
}

/** One member. */
export class Member {
  readonly name: string;
  readonly host: Host;
  readonly home: string;
  readonly #owner: MemberOwner;
  readonly #looks = new Set<(printed: Printed) => void>();
  #piped: Piped | undefined;
  #isReady = false;

  /** Starts nothing. */
  constructor(host: Host, options: { readonly name: string; readonly home: string; owner: MemberOwner }) {
    this.host = host;
    this.name = options.name;
    this.home = options.home;
    this.#owner = options.owner;
  }

  /** Whether what is typed now is said at once. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Starts it for the first time, and opens the room. */
  async opens(): Promise<void> {
    await this.#start();
    await this.#does(`/host ${ROOM}`, isInRoom);
  }

  /** Starts it for the first time, and joins the room. */
  async joins(): Promise<void> {
    await this.#start();
    await this.#does(`/join ${ROOM}`, isInRoom);
  }

  /** Starts it again, in the room; resolves when it has read its home and runs. */
  async returns(): Promise<void> {
    await this.#start(`#${ROOM}`);
  }

  /** Ends it at once, as a crash does, or as Ctrl-C does; resolves when it is gone. */
  async ends(signal: "SIGKILL" | "SIGINT"): Promise<void> {
    const piped = this.#running;
    this.#isReady = false;
    this.#piped = undefined;
    piped.signal(signal);
    await piped.ended;
  }

  /** Says lines; resolves when its pipe has room for more. */
  async says(...texts: readonly string[]): Promise<void> {
    await this.#running.type(...texts);
  }

  /** Says a line, and waits until every member's disk has it: then all that it said before is there too, for feeds have no gaps. */
  async saysToAll(text: string): Promise<void> {
    let number = Infinity;
    let everywhere = 0;
    await this.#does(text, (printed) => {
      if (printed.event === "entry" && printed.row.text === text) number = printed.row.number;
      if (printed.event === "state" && printed.state === "everywhere") everywhere = printed.number;
      return everywhere >= number;
    });
  }

  /** Waits until its screen has shown that text. */
  async shows(text: string, ms = PATIENCE_MS): Promise<void> {
    await this.#sees(
      `shows "${text}"`,
      (printed) => printed.event === "entry" && printed.row.text === text,
      ms,
    );
  }

  /** Writes the conversation to a file, in the format of its ending. */
  async exports(path: string): Promise<void> {
    await this.#does(
      `/export --force ${path}`,
      (printed) => printed.event === undefined && printed.file === path,
    );
  }

  /** The name of whom it takes for the room's host now; null while it knows of none. */
  async relay(): Promise<string | null> {
    let relay: string | null = null;
    await this.#does("/rooms", (printed) => {
      if (!isInRoom(printed)) return false;
      relay = printed.host ?? null;
      return true;
    });
    return relay;
  }

  /** The most memory that its process ever had (VmHWM). */
  async peakBytes(): Promise<number> {
    const status = await Deno.readTextFile(`/proc/${this.#running.pid}/status`);
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
  }

  get #running(): Piped {
    if (this.#piped === undefined) throw new Error(`${this.name} does not run`);
    return this.#piped;
  }

  /** Resolves too when it is killed before it is ready. */
  async #start(...to: readonly string[]): Promise<void> {
    const words = ["chat", ...to, "--json", "--home", this.home, "--name", this.name];
    const ready = Promise.withResolvers<void>();
    const onLine = (line: string, atMs: number) => {
      // The program that is measured says what its rows are.
      const printed: Printed = JSON.parse(line);
      if (printed.event === "ready") ready.resolve();
      this.#onPrinted(printed, atMs);
    };
    const piped = new Piped(this.host.words(words), { onLine });
    this.#piped = piped;
    void this.#watch(piped).finally(ready.resolve);
    await within(ready.promise, () => `${this.name} is never ready`, PATIENCE_MS);
    this.#isReady = this.#piped === piped;
  }

  /** A process that ends without having been told to is a fault, whatever is measured. */
  async #watch(piped: Piped): Promise<void> {
    const said = await piped.ended;
    if (this.#piped !== piped) return;
    this.#piped = undefined;
    this.#isReady = false;
    this.#owner.onFault(this, said);
  }

  #onPrinted(printed: Printed, atMs: number): void {
    if (printed.event === "entry") this.#owner.onEntry(this, printed.row, atMs);
    else if (printed.event !== undefined) this.#owner.onOther(this, printed);
    for (const look of [...this.#looks]) look(printed);
  }

  async #does(typed: string, isDone: (printed: Printed) => boolean): Promise<void> {
    const done = this.#sees(`"${typed}"`, isDone);
    await Promise.all([done, this.says(typed)]);
  }

  /** Waits until it prints what is wanted. @throws {Error} if that does not come. */
  async #sees(what: string, isWanted: (printed: Printed) => boolean, ms = PATIENCE_MS): Promise<void> {
    const seen = Promise.withResolvers<void>();
    const look = (printed: Printed) => {
      if (isWanted(printed)) seen.resolve();
    };
    this.#looks.add(look);
    try {
      await within(seen.promise, () => `Never came about: ${this.name} ${what}`, ms);
    } finally {
      this.#looks.delete(look);
    }
  }
}

function isInRoom(printed: Printed): printed is Answer {
  return printed.event === undefined && printed.title === ROOM && printed.joined === true;
}

/** What people do in a trial: they talk, join, invite, change names and let strangers in. */

import type { SimMachine } from "../world.ts";
import type { Ledger } from "./ledger.ts";
import { ROOMS, type Scene, VAULT } from "./scene.ts";

const PRIVATE_CHANCE = 0.3;
/** Lines of a paste, and how long they may be. */
const PASTE_LINES_MAX = 40;
const PASTE_CHARS_MAX = 4_000;
/** Until all homes have got back their own lines, once everybody is here: some beats. */
const TAKE_BACK_MS = 200_000;

/** The people of one world. */
export class Users {
  readonly #scene: Scene;
  readonly #ledger: Ledger;
  /** Who is in each room, as far as its user knows. */
  readonly #joined: ReadonlyMap<string, Set<SimMachine>> = new Map(ROOMS.map((room) => [room, new Set()]));
  #saidCount = 0;

  constructor(scene: Scene, ledger: Ledger) {
    this.#scene = scene;
    this.#ledger = ledger;
  }

  /** The first of them opens the rooms. */
  async open(machine: SimMachine): Promise<void> {
    for (const title of ROOMS) {
      const { room } = await machine.run({ do: "host", title, isInvited: title === VAULT });
      this.#scene.rooms.set(title, room.id);
      this.#joined.get(title)?.add(machine);
    }
  }

  /** The home is another one: its user looks anew what rooms there are. */
  forgetRooms(machine: SimMachine): void {
    for (const members of this.#joined.values()) members.delete(machine);
  }

  /** Whether its user believes to be in that room. */
  isIn(machine: SimMachine, room: string): boolean {
    return this.#joined.get(room)?.has(machine) === true;
  }

  /** Says something in private or in a room. */
  async talk(machine: SimMachine, other: SimMachine): Promise<void> {
    const isPrivate = this.#scene.chance.bool(PRIVATE_CHANCE);
    const room = this.#scene.chance.pick(ROOMS);
    if (isPrivate) await this.say(machine, other);
    else if (this.isIn(machine, room)) await this.say(machine, room);
  }

  /** Says many long lines at once, as when somebody pastes a log. */
  async paste(machine: SimMachine): Promise<void> {
    const room = this.#scene.chance.pick(ROOMS);
    if (!this.isIn(machine, room)) return;
    const chars = this.#scene.chance.int(PASTE_CHARS_MAX);
    for (let count = this.#scene.chance.int(PASTE_LINES_MAX); count > 0; count--) {
      await this.say(machine, room, ` ${"x".repeat(chars)}`);
    }
  }

  /** Says one line, if its home is fit for it; the line's beginning tells it from all others. */
  async say(machine: SimMachine, to: string | SimMachine, rest = ""): Promise<void> {
    if (!await this.#ledger.mayWrite(machine)) return;
    const start = `${machine.name} says ${++this.#saidCount}`;
    const text = `${start}${rest}`;
    this.#scene.tell(`${start} to ${typeof to === "string" ? to : to.name}`);
    const address = typeof to === "string" ? `#${to}` : to.name;
    this.#scene.attempt(machine.node.run({ do: "send", to: address, text }), () => {
      this.#ledger.keep({ author: machine, text, to });
    });
  }

  /** Joins a room. */
  async join(machine: SimMachine, room: string): Promise<void> {
    if (this.isIn(machine, room) || !await this.#ledger.mayWrite(machine)) return;
    this.#scene.tell(`${machine.name} joins ${room}`);
    this.#scene.attempt(
      machine.node.run({ do: "join", room }),
      () => void this.#joined.get(room)?.add(machine),
    );
  }

  /** Invites somebody into the room that needs it. */
  async invite(machine: SimMachine, other: SimMachine): Promise<void> {
    if (!await this.#ledger.mayWrite(machine)) return;
    this.#scene.tell(`${machine.name} invites ${other.name}`);
    this.#scene.attempt(machine.node.run({ do: "invite", room: VAULT, peers: [other.name] }));
  }

  /** Takes another name. Names only ever get a digit, so they still tell the machine. */
  async nick(machine: SimMachine): Promise<void> {
    if (!await this.#ledger.mayWrite(machine)) return;
    const name = `${machine.name}${this.#scene.chance.int(3) || ""}`;
    this.#scene.tell(`${machine.name} is now called ${name}`);
    this.#scene.attempt(machine.node.run({ do: "nick", name }));
  }

  /** Whoever began a conversation is let in: of a stranger only the first lines were taken. */
  async welcome(machine: SimMachine): Promise<void> {
    const { requests } = await machine.run({ do: "requests" });
    for (const { peer } of requests) {
      this.#scene.tell(`${machine.name} accepts ${peer.name}`);
      this.#scene.attempt(machine.node.run({ do: "accept", peer: peer.id }));
    }
  }

  /** Everybody comes into every room, so that all can be compared. */
  async gather(): Promise<void> {
    const { machines, world: { time } } = this.#scene;
    const [first, ...others] = machines;
    const peers = others.map((other) => this.#scene.idOf(other));
    const behind = () => machines.flatMap((machine) => this.#ledger.behindIn(machine));
    // Who restarts with an earlier date is taken for a replay until its beats have been missed.
    for (let leftMs = TAKE_BACK_MS; leftMs > 0 && behind().length > 0; leftMs -= 1_000) {
      await time.runFor(1_000);
    }
    for (const what of behind()) this.#scene.blame(`not got back: ${what}`);
    await first?.run({ do: "invite", room: VAULT, peers });
    for (let times = 0; times < 3; times++) {
      await time.runFor(5_000);
      for (const machine of machines) await this.welcome(machine);
    }
    for (const machine of machines) {
      for (const title of ROOMS) {
        const { room } = await machine.run({ do: "join", room: title });
        if (!room.joined) this.#scene.blame(`${machine.name} could not join ${title}`);
        this.#joined.get(title)?.add(machine);
      }
    }
  }
}

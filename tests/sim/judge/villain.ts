/**
 * A member that speaks the protocol and says what no honest one would: to each node what it likes, in the open room that it
 * has joined and in rooms that it has no part in. Whatever it does, the others must not notice more than its lines.
 */

import { dial } from "../../../src/client/dial.ts";
import { denoCrypto } from "../../../src/deno/crypto.ts";
import { Connection, type ConnectionListener } from "../../../src/net/connection.ts";
import { deriveDirectRoom } from "../../../src/room/access.ts";
import { type Entry, readEntry, writeEntry } from "../../../src/room/entry.ts";
import { type PeerId, type RoomId, toPeerId, toPeerKey } from "../../../src/room/id.ts";
import type { Signer } from "../../../src/ports/crypto.ts";
import type { WireRecord } from "../../../src/wire/record.ts";
import { Session } from "../../../src/wire/session.ts";
import type { SimClock } from "../clock.ts";
import type { SimHost, SimProcess } from "../host.ts";
import type { SimMachine } from "../world.ts";
import { OPEN, type Scene, VAULT } from "./scene.ts";

const CRYPTO = denoCrypto();
const ADDRESS = "192.168.43.66";
const PORT = 9999;
const KEY = 66;
const WALL_MS = 1_767_225_600_000;
const FLOOD_LINES = 60;
const CROWD_SIZE = 20;
const GARBAGE_BYTES = 300;
/** Lines of others that it remembers, to say them again otherwise. */
const REMEMBERED_MAX = 200;

/** What it is called; nobody honest is. */
export const VILLAIN = "mallory";

/** The villain of one world. */
export class Villain implements ConnectionListener {
  readonly #scene: Scene;
  readonly #host: SimHost;
  readonly #process: SimProcess;
  readonly #clock: SimClock;
  readonly #signer = signerOf(KEY);
  readonly #connections = new Map<SimMachine, Connection>();
  /** Its last entry in the open room. */
  #last: Entry | undefined;
  readonly #heard: string[] = [];
  #highestClock = 1;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#host = scene.world.network.host(VILLAIN);
    this.#host.attach(scene.segment, { address: ADDRESS });
    this.#process = this.#host.boot();
    this.#clock = scene.world.time.clock();
  }

  /** Does one thing to one machine. */
  act(machine: SimMachine): void {
    const { chance } = this.#scene;
    const connection = this.#connections.get(machine);
    if (connection === undefined || !connection.isOpen) {
      this.#tell(chance.bool(0.1) ? "knocks and says nothing to" : "calls", machine);
      return void this.#call(machine).catch(() => {});
    }
    if (this.#last === undefined || chance.bool(0.1)) return this.#join(machine, connection);
    const deeds: readonly (readonly [what: string, run: () => void])[] = [
      ["talks to", () => this.#pass(connection, this.#write("text", "good evening"))],
      ["forks for", () => this.#fork()],
      ["forges the author for", () => this.#forge(connection, machine)],
      ["signs others' lines for", () => this.#resign(connection)],
      ["says lines in the wrong order to", () => this.#reorder(connection)],
      ["says again what others said to", () => this.#passLines(connection, this.#heard)],
      ["floods", () => this.#flood(connection)],
      ["brings a crowd to", () => this.#crowd(connection)],
      [
        "says too much at once to",
        () => this.#passLines(connection, [`{"e":["${"x".repeat(140_000)}"],"s":"y"}`]),
      ],
      ["says something deep to", () => this.#passLines(connection, [`{"e":${"[".repeat(50_000)}`])],
      ["speaks in rooms of others to", () => this.#intrude(connection, machine)],
      ["signs lines of another room for", () => this.#confuse(connection)],
      ["claims to have more than there is of", () => this.#claim(connection, machine)],
      ["spends the clock of", () => this.#pass(connection, this.#write("text", "later", 2 ** 31))],
      ["sends garbage to", () => void this.#garble(machine).catch(() => {})],
      ["hangs up on", () => connection.close("leaving")],
    ];
    const [what, run] = chance.pick(deeds);
    this.#tell(what, machine);
    run();
  }

  /** Its machine. */
  get host(): SimHost {
    return this.#host;
  }

  /** Whatever it still has is closed. */
  end(): void {
    this.#process.kill();
    this.#clock.stop();
  }

  /** What it has heard and must not: nothing said in the invite-only room or in private. */
  overheard(): readonly string[] {
    const open = this.#scene.rooms.get(OPEN);
    return this.#heard.filter((line) => {
      const entry = readEntry(line, CRYPTO);
      return "problem" in entry || (entry.room !== open && !this.#isOwn(entry.room));
    });
  }

  onOpen(): void {}

  onRecord(_connection: Connection, record: WireRecord): undefined {
    if (record.type !== "entries") return;
    for (const line of record.lines) {
      if (this.#heard.includes(line)) continue;
      this.#heard.push(line);
      if (this.#heard.length > REMEMBERED_MAX) this.#heard.shift();
      const entry = readEntry(line, CRYPTO);
      if (!("problem" in entry)) this.#highestClock = Math.max(this.#highestClock, entry.clock);
    }
  }

  onDrained(): void {}

  onBulkDrained(): void {}

  onClosed(connection: Connection): void {
    for (const [machine, known] of this.#connections) {
      if (known === connection) this.#connections.delete(machine);
    }
  }

  async #call(machine: SimMachine): Promise<void> {
    const clock = this.#clock;
    const { chance } = this.#scene;
    const { stream, prologue } = await dial({ address: addressOf(machine), port: PORT }, {
      tcp: this.#process.tcp,
      clock,
      signal: new AbortController().signal,
    });
    const session = new Session({
      role: "initiator",
      crypto: CRYPTO,
      signer: this.#signer,
      staticKey: CRYPTO.dhKey(chance.bytes(32)),
      ephemeral: chance.bytes(32),
      prologue,
      instance: WALL_MS,
    }, clock.nowMs());
    const connection = new Connection({ stream, session, clock, owner: this, isInitiator: true });
    this.#connections.set(machine, connection);
    const running = connection.run(new Uint8Array(0));
    // The least merit: as a host it would hold back what others say, which nobody can tell from a slow disk.
    connection.send({ type: "profile", name: VILLAIN, away: "", rendezvousPort: PORT, merit: 0, rooms: [] });
    await running;
  }

  async #garble(machine: SimMachine): Promise<void> {
    const { stream } = await dial({ address: addressOf(machine), port: PORT }, {
      tcp: this.#process.tcp,
      clock: this.#clock,
      signal: new AbortController().signal,
    });
    await stream.write(this.#scene.chance.bytes(GARBAGE_BYTES));
  }

  #join(machine: SimMachine, connection: Connection): void {
    this.#tell("joins the open room at", machine);
    this.#meet(connection, this.#room);
    if (this.#last === undefined) this.#pass(connection, this.#write("join"));
  }

  /** Two lines of one number: the ones hear the one, the others the other. */
  #fork(): void {
    const before = this.#last;
    const branches = ["left", "right"].map((body) => {
      this.#last = before;
      return [this.#write("text", body), this.#write("text", `${body} again`)];
    });
    [...this.#connections.values()].forEach((connection, index) =>
      this.#pass(connection, ...branches[index % 2] ?? [])
    );
  }

  /** A line of somebody honest that it has signed itself. */
  #forge(connection: Connection, machine: SimMachine): void {
    const victim = this.#scene.chance.pick([machine, ...this.#scene.othersThan(machine)]);
    const author = this.#scene.idOf(victim);
    const last = this.#entriesOf(author).at(-1);
    const liar: Signer = { publicKey: toPeerKey(author), sign: (data) => this.#signer.sign(data) };
    const [number, prev] = [(last?.number ?? 0) + 1, last?.hash ?? ""];
    const what = { number, prev, kind: last === undefined ? "join" : "text", body: "forged" };
    this.#pass(connection, writeEntry({ ...this.#draft(), ...what, name: victim.name }, liar, CRYPTO));
  }

  #resign(connection: Connection): void {
    const lines = this.#heard.map((line) => {
      const signed = line.slice('{"e":'.length, line.lastIndexOf(',"s":"'));
      const signature = this.#signer.sign(new TextEncoder().encode(signed));
      const text = btoa(String.fromCharCode(...signature)).replaceAll("+", "-").replaceAll("/", "_");
      return `{"e":${signed},"s":"${text.replaceAll("=", "")}"}`;
    });
    this.#passLines(connection, lines);
  }

  #reorder(connection: Connection): void {
    const own = ["one", "two", "three"].map((body) => this.#write("text", body).line);
    this.#passLines(connection, [...own.toReversed(), ...this.#heard.toReversed()]);
  }

  #flood(connection: Connection): void {
    for (let count = 0; count < FLOOD_LINES; count++) {
      this.#pass(connection, this.#write("text", "x".repeat(1_000)));
    }
  }

  /** Many who join and are never seen again. */
  #crowd(connection: Connection): void {
    const from = this.#scene.chance.int(200);
    for (let count = 0; count < CROWD_SIZE; count++) {
      const draft = { ...this.#draft(), number: 1, prev: "", kind: "join", name: `${VILLAIN}${count}` };
      this.#pass(connection, writeEntry(draft, signerOf(KEY + 1, from + count), CRYPTO));
    }
  }

  #intrude(connection: Connection, machine: SimMachine): void {
    const vault = this.#scene.rooms.get(VAULT);
    const ids = this.#scene.othersThan(machine).map((other) => this.#scene.idOf(other));
    const theirs = ids.map((id) => deriveDirectRoom(this.#scene.idOf(machine), id, CRYPTO).id);
    for (const room of [...vault === undefined ? [] : [vault], ...theirs]) {
      this.#meet(connection, room);
      const draft = { ...this.#draft(), room, number: 1, prev: "", kind: room === vault ? "join" : "text" };
      connection.send({ type: "entries", room, lines: [writeEntry(draft, this.#signer, CRYPTO).line] });
    }
  }

  /** Good lines of its own, behind its last one in the open room, but of another room. */
  #confuse(connection: Connection): void {
    const last = this.#last;
    const room = this.#scene.rooms.get(VAULT);
    if (last === undefined || room === undefined) return;
    const draft = { ...this.#draft(), room, number: last.number + 1, prev: last.hash, body: "elsewhere" };
    this.#pass(connection, writeEntry(draft, this.#signer, CRYPTO));
  }

  #claim(connection: Connection, machine: SimMachine): void {
    const vector = new Map<PeerId, number>([[this.#scene.idOf(machine), 1_000_000]]);
    connection.send({ type: "have", room: this.#room, vector });
  }

  #meet(connection: Connection, room: RoomId): void {
    const course = { follow: true, leads: this.#scene.chance.bool(0.2) };
    connection.send({
      type: "meet",
      room,
      ...course,
      ask: true,
      again: true,
      proof: null,
      vector: new Map(),
    });
  }

  #write(kind: string, body = "", jump = 1): Entry {
    const last = this.#last;
    const clock = Math.max(this.#highestClock, last?.clock ?? 1) + jump;
    const place = { number: (last?.number ?? 0) + 1, prev: last?.hash ?? "" };
    return this.#last = writeEntry({ ...this.#draft(), ...place, clock, kind, body }, this.#signer, CRYPTO);
  }

  #draft() {
    const clock = this.#highestClock + 1;
    return {
      room: this.#room,
      clock,
      wallMs: WALL_MS,
      kind: "text",
      name: VILLAIN,
      body: "",
      number: 1,
      prev: "",
    };
  }

  #entriesOf(author: PeerId): readonly Entry[] {
    const entries = this.#heard.map((line) => readEntry(line, CRYPTO)).flatMap((entry) =>
      "problem" in entry || entry.author !== author || entry.room !== this.#room ? [] : [entry]
    );
    return entries.toSorted((left, right) => left.number - right.number);
  }

  #pass(connection: Connection, ...entries: readonly Entry[]): void {
    this.#passLines(connection, entries.map(({ line }) => line));
  }

  #passLines(connection: Connection, lines: readonly string[]): void {
    for (const line of lines) connection.send({ type: "entries", room: this.#room, lines: [line] });
  }

  #isOwn(room: RoomId): boolean {
    const me = toPeerId(this.#signer.publicKey);
    return [...this.#scene.ids.values()].some((id) => deriveDirectRoom(id, me, CRYPTO).id === room);
  }

  get #room(): RoomId {
    const room = this.#scene.rooms.get(OPEN);
    if (room === undefined) throw new Error("The open room is not there yet");
    return room;
  }

  #tell(what: string, machine: SimMachine): void {
    this.#scene.tell(`${VILLAIN} ${what} ${machine.name}`);
  }
}

function signerOf(...seed: readonly number[]): Signer {
  return CRYPTO.signer(new Uint8Array(32).map((_, index) => seed[index % seed.length] ?? 0));
}

function addressOf({ host }: SimMachine): string {
  return host.attachments.find(({ name }) => name !== "lo")?.address ?? "";
}

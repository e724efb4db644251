/** What must hold once everything is mended and quiet. */

import type { LogRow } from "../../../src/api/commands.ts";
import type { Entry } from "../../../src/room/entry.ts";
import type { RoomId } from "../../../src/room/id.ts";
import type { ReceiptState } from "../../../src/room/receipts.ts";
import type { SimMachine } from "../world.ts";
import type { Ledger } from "./ledger.ts";
import { type DiskLog, keyOf } from "./logs.ts";
import { OPEN, ROOMS, type Scene, VAULT } from "./scene.ts";

/** A better host than before is everybody's after so long at most: a dial, and a dial by way of others; and another may come meanwhile. */
const HANDOVER_MS = 10_000;

/** The conversations of one world, as its screens and disks have them. */
export class Verdict {
  readonly #scene: Scene;
  readonly #ledger: Ledger;

  constructor(scene: Scene, ledger: Ledger) {
    this.#scene = scene;
    this.#ledger = ledger;
  }

  /** Whether all that was said is everywhere, and known to be. */
  async isSettled(): Promise<boolean> {
    const rooms = new Map<RoomId, Set<string>>();
    for (const machine of this.#scene.machines) {
      const orders = new Map<RoomId, string>();
      for (const { roomId, author, number, state } of await this.#rows(machine)) {
        if (state !== null && !this.#isLast(roomId, state)) return false;
        orders.set(roomId, `${orders.get(roomId) ?? ""} ${author} ${number}`);
      }
      for (const [room, order] of orders) rooms.set(room, (rooms.get(room) ?? new Set()).add(order));
    }
    return [...rooms.values()].every(({ size }) => size === 1);
  }

  /** Whether it will come no further: a villain never says what it has. */
  #isLast(room: RoomId, state: ReceiptState): boolean {
    const isWithVillain = this.#scene.hasVillain && room === this.#scene.rooms.get(OPEN);
    return state === "everywhere" || isWithVillain && state === "passed";
  }

  /** Writes down every fault. */
  async check(): Promise<void> {
    // A villain may have said to each something else.
    for (const room of this.#scene.hasVillain ? [VAULT] : ROOMS) {
      const texts = await this.#transcripts(room);
      if (new Set(texts).size > 1) {
        this.#scene.blame(`the transcripts of ${room} differ:\n${texts.join("\n")}`);
      }
    }
    await this.checkHosts(this.#scene.machines);
    const rows = new Map<SimMachine, readonly LogRow[]>();
    for (const machine of this.#scene.machines) rows.set(machine, await this.#rows(machine));
    this.#checkKept(rows);
    this.#checkOrder(rows);
    this.#checkReceipts(rows);
    this.#checkDisks();
    this.#checkNotices();
  }

  /** All of them who are in a room name the same host, and it is one of them; a handover may just be under way. */
  async checkHosts(machines: readonly SimMachine[]): Promise<void> {
    const { time } = this.#scene.world;
    for (
      let leftMs = HANDOVER_MS;
      leftMs > 0 && (await this.#hostFaults(machines)).length > 0;
      leftMs -= 500
    ) {
      await time.runFor(500);
    }
    for (const fault of await this.#hostFaults(machines)) this.#scene.blame(fault);
  }

  async #hostFaults(machines: readonly SimMachine[]): Promise<readonly string[]> {
    const faults: string[] = [];
    for (const [title, id] of this.#scene.rooms) {
      const hosts = await this.#hostsOf(id, machines);
      const named = new Set(hosts.values());
      const [only] = named;
      if (hosts.size === 0 || named.size === 1 && machines.some(({ name }) => name === only)) continue;
      const told = [...hosts].map(([who, host]) => `${who} follows ${host}`).join(", ");
      faults.push(`${title} has not one host: ${told}`);
    }
    return faults;
  }

  /** Whom each of them who is in the room names as its host. */
  async #hostsOf(room: RoomId, machines: readonly SimMachine[]): Promise<ReadonlyMap<string, string>> {
    const hosts = new Map<string, string>();
    for (const machine of machines) {
      const { rooms } = await machine.run({ do: "rooms" });
      if (!rooms.some(({ id, joined }) => id === room && joined)) continue;
      const { members } = await machine.run({ do: "members", room });
      const host = members.find(({ relays }) => relays)?.id;
      hosts.set(
        machine.name,
        host === undefined ? "nobody" : this.#scene.machineOf(host)?.name ?? "a villain",
      );
    }
    return hosts;
  }

  /** What a node has said to keep is on the screen of everybody whom it is for, once, and on their disks. */
  #checkKept(rows: ReadonlyMap<SimMachine, readonly LogRow[]>): void {
    for (const { author, text, to } of this.#ledger.kept) {
      for (const machine of typeof to === "string" ? this.#scene.machines : [author, to]) {
        const mine = (rows.get(machine) ?? []).filter((row) => row.text === text);
        if (mine.length !== 1) {
          this.#scene.blame(`${machine.name} shows "${start(text)}" ${mine.length} times`);
        }
      }
    }
  }

  /** Whatever several show of a conversation they show in one order, also in conversations of two. */
  #checkOrder(rows: ReadonlyMap<SimMachine, readonly LogRow[]>): void {
    const orders = new Map<string, Map<string, string[]>>();
    for (const [machine, own] of rows) {
      for (const { roomId, author, number, text } of own) {
        const order = orders.get(roomId) ?? new Map<string, string[]>();
        orders.set(roomId, order);
        const lines = order.get(machine.name) ?? [];
        order.set(machine.name, lines);
        lines.push(`${author} ${number} ${text}`);
      }
    }
    for (const [room, order] of orders) {
      const texts = [...order].map(([name, lines]) => ({ name, text: lines.join("\n") }));
      const [first] = texts;
      const other = texts.find(({ text }) => text !== first?.text);
      if (first === undefined || other === undefined) continue;
      this.#scene.blame(
        `${first.name} and ${other.name} show ${
          room.slice(0, 4)
        } otherwise:\n${first.text}\n--\n${other.text}`,
      );
    }
  }

  /** Everything is everywhere by now, and who says so tells the truth. Of a join that begins a feed its author hears that it was passed, and no more. */
  #checkReceipts(rows: ReadonlyMap<SimMachine, readonly LogRow[]>): void {
    const { reader } = this.#ledger;
    const keys = new Map(this.#scene.machines.map((machine) => [machine, reader.keys(machine)]));
    for (const [machine, own] of rows) {
      for (const { state, text, room, roomId, author, number, kind } of own) {
        if (state === null) continue;
        const what = `${machine.name}'s number ${number} "${start(text)}" to ${room}`;
        const isBeginning = number === 1 && kind === "join";
        const isFar = this.#isLast(roomId, state) || (isBeginning && state === "passed");
        if (!isFar) this.#scene.blame(`${what} is only ${state}`);
        const key = keyOf({ room: roomId, author, number });
        for (const [reader, theirs] of rows) {
          if (!theirs.some((row) => row.roomId === roomId) || keys.get(reader)?.has(key)) continue;
          this.#scene.blame(`${what} is not on ${reader.name}'s disk`);
        }
      }
    }
  }

  /** Every line on a disk is a good entry behind the one that it builds on, and one number is one line everywhere. */
  #checkDisks(): void {
    const lines = new Map<string, string>();
    for (const machine of this.#scene.machines) {
      for (const log of this.#ledger.reader.logs(machine)) {
        if (!this.#ledger.spoilt.has(machine)) this.#checkLog(machine, log);
        for (const line of log.lines) {
          const entry = this.#ledger.reader.entry(line);
          if (entry === null || this.#ledger.debris.has(line)) continue;
          if (this.#scene.machineOf(entry.author) === undefined) continue;
          const known = lines.get(keyOf(entry));
          if (known !== undefined && known !== line) {
            this.#scene.blame(`two lines have one number:\n${known}\n${line}`);
          }
          lines.set(keyOf(entry), line);
        }
      }
    }
  }

  #checkLog(machine: SimMachine, { roomStart, lines }: DiskLog): void {
    const last = new Map<string, Entry>();
    for (const line of lines) {
      const entry = this.#ledger.reader.entry(line);
      if (entry === null || !entry.room.startsWith(roomStart)) {
        this.#scene.blame(`${machine.name}'s log has a line that nobody wrote there: ${line.slice(0, 200)}`);
        continue;
      }
      if (this.#scene.machineOf(entry.author) === undefined) continue;
      const before = last.get(entry.author);
      last.set(entry.author, entry);
      if (entry.number === (before?.number ?? 0) + 1 && entry.prev === (before?.hash ?? "")) continue;
      this.#scene.blame(`${machine.name}'s log has a line that does not follow: ${line.slice(0, 200)}`);
    }
  }

  /** Nobody honest is told to have signed two lines of one number. */
  #checkNotices(): void {
    for (const machine of this.#scene.machines) {
      for (const event of machine.events) {
        if (event.event !== "notice" || event.message?.code !== "notice.forked") continue;
        if (!event.text.startsWith("mallory")) this.#scene.blame(`${machine.name} is told: ${event.text}`);
      }
    }
  }

  /** All that a node shows of its conversations. */
  async #rows(machine: SimMachine): Promise<readonly LogRow[]> {
    const { rooms } = await machine.run({ do: "rooms" });
    const all: LogRow[] = [];
    for (const room of rooms.filter(({ joined }) => joined)) {
      const { rows } = await machine.run({ do: "log", to: room.id });
      all.push(...rows.filter(({ author }) => this.#scene.machineOf(author) !== undefined));
    }
    return all;
  }

  async #transcripts(room: string): Promise<string[]> {
    const texts: string[] = [];
    for (const machine of this.#scene.machines) texts.push(await machine.export(`#${room}`));
    return texts;
  }
}

/** Long lines make a report that nobody reads. */
function start(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

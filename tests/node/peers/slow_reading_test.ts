/** One room of a node that gets more than its disk takes. */

import { assert, assertEquals } from "@std/assert";
import type { LineLog } from "../../../src/node/room/log_writer.ts";
import { LocalRoom, type RoomChange } from "../../../src/node/room/local_room.ts";
import { BackgroundTasks } from "../../../src/node/support/background_tasks.ts";
import { deriveDirectRoom } from "../../../src/room/access.ts";
import { Replica } from "../../../src/room/replica.ts";
import type { IndexInputLine } from "../../../src/store/log/log_index.ts";
import { CRYPTO, finish, idOf, linkPair } from "../../fixtures/net/connection_pair.ts";
import { SimChance } from "../../sim/chance.ts";

const [ME, OTHER] = [idOf(1), idOf(2)] as const;
const ROOM = deriveDirectRoom(ME, OTHER, CRYPTO);

/** A log that does nothing until it is told to. */
class HeldLog implements LineLog {
  readonly lines: string[] = [];
  #resume: (() => void)[] = [];

  append(lines: readonly IndexInputLine[]): Promise<void> {
    return new Promise((resolve) =>
      this.#resume.push(() => {
        this.lines.push(...lines.map(({ entry }) => entry.line));
        resolve();
      })
    );
  }

  letGo(): void {
    for (const resume of this.#resume.splice(0)) resume();
  }
}

Deno.test("RoomKeeper brakes a session when a MiB waits for the disk, and lets go when the disk has it", async () => {
  const pair = await linkPair();
  const { near, time } = pair;
  const log = new HeldLog();
  const changes: RoomChange[] = [];
  const localRoom = new LocalRoom({
    me: ME,
    signer: CRYPTO.signer(new Uint8Array(32).fill(1)),
    ports: { crypto: CRYPTO, chance: new SimChance("brake"), clock: near.clock },
    replica: new Replica(ROOM, CRYPTO),
    holders: new Map(),
    orphans: [],
    streamNumber: 1,
    mayKeep: () => true,
    openLog: () => Promise.resolve(log),
    listener: { onChange: (_localRoom, change) => changes.push(change), onWork: () => {} },
    notices: { add: () => {} },
    tasks: new BackgroundTasks((error) => {
      throw error;
    }),
  });
  const theirs = new Replica(ROOM, CRYPTO);
  const signer = CRYPTO.signer(new Uint8Array(32).fill(2));
  const say = (text: string) => {
    const { line } = theirs.write({ kind: "text", name: "x", body: text, wallMs: 0 }, signer, OTHER);
    return localRoom.onRecord(near.connection, { type: "entries", room: ROOM.id, lines: [line] });
  };
  localRoom.onRecord(near.connection, {
    type: "meet",
    room: ROOM.id,
    follow: true,
    leads: false,
    ask: false,
    again: false,
    proof: null,
    vector: new Map(),
  });
  let saidCount = 0;
  let brake: Promise<void> | undefined;
  while (brake === undefined && saidCount < 100) {
    brake = say("x".repeat(50_000));
    saidCount++;
  }
  assert(brake !== undefined);
  assertEquals(saidCount, Math.floor(1_024 * 1_024 / 50_300) + 1);
  let isLetGo = false;
  brake.then(() => isLetGo = true);
  await time.runFor(10_000);
  assertEquals(
    [isLetGo, localRoom.entries.length, changes.map(({ kind }) => kind)],
    [false, 0, ["met", "level", "attached"]],
  );
  log.letGo();
  await time.runFor(10);
  assertEquals([isLetGo, localRoom.entries.length, log.lines.length], [true, saidCount, saidCount]);
  assertEquals(say("no brake any more"), undefined);
  await time.runFor(10);
  log.letGo();
  await time.drive(localRoom.close());
  await finish(pair);
});

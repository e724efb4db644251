/** Reads the node's lists into the state: our status, peers, rooms with their newest rows, requests, contacts. */

import type { LogRow, RoomRow } from "../../../api/commands.ts";
import type { PageClock } from "../browser/ports.ts";
import type { AppState } from "../state/app_state.ts";
import type { NodeClient } from "./node_client.ts";

/** Commands for that under way at once. */
const LATEST_AT_ONCE = 4;
/** Events that change the same list within this time cause one read. */
const READ_AGAIN_MS = 400;

/** A list that is read as a whole. */
export type NodeList = "peers" | "requests" | "contacts" | "rooms" | "status";

/** The lists. */
export interface NodeLists {
  /** Reads these lists. @throws {CommandFailure}. */
  read(...lists: readonly NodeList[]): Promise<void>;
  /** Reads all of them. @throws {CommandFailure}. */
  readAll(): Promise<void>;
  /** Reads a list 400 ms later, once for all calls until then. */
  readSoon(list: NodeList): void;
  /** Runs the node's checkup, which takes some seconds. @throws {CommandFailure}. */
  checkUp(): Promise<void>;
}

/** Makes them. */
export function createNodeLists(
  { node, state, clock }: {
    readonly node: NodeClient;
    readonly state: AppState;
    readonly clock: PageClock;
  },
): NodeLists {
  const waiting = new Set<NodeList>();

  async function read(list: NodeList): Promise<void> {
    switch (list) {
      case "peers":
        // With the rooms that they host: no event tells of a hosted room that is gone.
        await Promise.all([readPeers(), readRooms()]);
        return;
      case "rooms":
        return await readLatestRows(await readRooms());
      case "status":
        state.status.value = await node.run({ do: "status" });
        return;
      case "requests":
        state.requests.value = await node.run({ do: "requests" });
        return;
      case "contacts":
        state.contacts.value = await node.run({ do: "contacts" });
        return;
    }
  }

  async function readPeers(): Promise<void> {
    const { peers, outlookMessages = [] } = await node.run({ do: "peers" });
    state.peers.value = peers;
    state.discoveryStatus.value = outlookMessages;
  }

  async function readRooms(): Promise<readonly RoomRow[]> {
    const { rooms } = await node.run({ do: "rooms" });
    return state.rooms.value = rooms;
  }

  /** Reads the newest row of each room of ours. We have no log of a room that a peer hosts and that we have not joined. */
  async function readLatestRows(rooms: readonly RoomRow[]): Promise<void> {
    const own = rooms.filter((room) => room.joined || room.direct || room.host === null);
    const found = new Map<string, LogRow>();
    const next = own.values();
    const worker = async () => {
      for (const { id } of next) {
        const [row] = (await node.run({ do: "log", to: id, last: 1, markRead: false })).rows;
        if (row !== undefined) found.set(id, row);
      }
    };
    await Promise.all(Array.from({ length: LATEST_AT_ONCE }, worker));
    state.latestRows.value = new Map([...state.latestRows.value, ...found]);
  }

  return {
    async read(...lists) {
      await Promise.all(lists.map(read));
    },

    async readAll() {
      await Promise.all([read("status"), readPeers(), read("requests"), read("contacts"), read("rooms")]);
    },

    readSoon(list) {
      if (waiting.has(list)) return;
      waiting.add(list);
      clock.runLater(READ_AGAIN_MS, () => {
        waiting.delete(list);
        if (state.connection.value.at === "open") void node.tryRun(() => read(list));
      });
    },

    async checkUp() {
      state.checkup.value = await node.run({ do: "doctor" });
    },
  };
}

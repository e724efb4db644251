/** People for the tests of discovery: their keys, what they say, where they are. */

import { denoCrypto } from "../../src/deno/crypto.ts";
import { type Beacon, type BeaconDraft, encodeBeacon } from "../../src/discovery/beacon.ts";
import type { InterfaceStatus } from "../../src/discovery/outlook.ts";
import { kindOf } from "../../src/discovery/targets.ts";
import type { Signer } from "../../src/ports.ts";
import type { NetInterface } from "../../src/ports.ts";
import { type PeerId, peerIdOf, type RoomId, roomIdOf } from "../../src/room/id.ts";

export const crypto = denoCrypto();

/** A key that is the same in every run. */
export function signerOf(number: number): Signer {
  const seed = new Uint8Array(32).fill(number);
  seed[0] = number + (number >> 8); // So that there are more than 256 people.
  return crypto.signer(seed);
}

/** An id without a key behind it: for tables that do not check signatures. */
export function idOf(number: number): PeerId {
  const key = new Uint8Array(32);
  new DataView(key.buffer).setUint32(0, number);
  return peerIdOf(key);
}

export function roomOf(number: number): RoomId {
  return roomIdOf(new Uint8Array(16).fill(number));
}

/** A beacon as the table gets it. */
export function beaconOf(changes: Partial<Beacon> = {}): Beacon {
  const rooms = changes.rooms ?? [];
  return {
    kind: "beat",
    id: idOf(1),
    instance: 1_000,
    counter: 1,
    beatSeconds: 60,
    rendezvousPort: 9999,
    merit: 1,
    name: "Ada",
    rooms,
    roomsCount: rooms.length,
    ...changes,
  };
}

/** The bytes of a beacon of the person with that number. */
export function bytesOf(number: number, changes: Partial<BeaconDraft> = {}): Uint8Array {
  const draft: BeaconDraft = {
    kind: "hello",
    instance: 1_000,
    counter: 1,
    beatSeconds: 4,
    rendezvousPort: 9999,
    merit: 1,
    name: `Person ${number}`,
    rooms: [],
  };
  return encodeBeacon({ ...draft, ...changes }, signerOf(number));
}

/** An interface from "wlan0 192.168.1.5/24". */
export function network(text: string): NetInterface {
  const [, name = "", address = "", prefix = ""] = /^(\S+) (\S+)\/(\d+)$/.exec(text) ?? [];
  return { name, address, prefixLength: Number(prefix) };
}

/** How an interface does on which all is well and nobody is heard. */
export function by(text: string, changes: Partial<InterfaceStatus> = {}): InterfaceStatus {
  return {
    network: network(text),
    kind: kindOf(network(text)),
    openProblem: null,
    hellosCount: 4,
    isEchoHeard: true,
    neighboursCount: 0,
    isSearching: false,
    refusingCount: 0,
    problems: [],
    ...changes,
  };
}

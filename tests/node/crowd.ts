/** All of a node but its sockets, among people of whom it has only heard: for tests of names. */

import { denoCrypto } from "../../src/deno/crypto.ts";
import { PeerTable } from "../../src/discovery/peers.ts";
import type { Watch } from "../../src/discovery/watch.ts";
import { assemble } from "../../src/node/assembly.ts";
import type { Assembly } from "../../src/node/assembly_parts.ts";
import type { Ports } from "../../src/ports.ts";
import { parsePeerId, type PeerId } from "../../src/room/id.ts";
import type { ContactChanges } from "../../src/store/contact_line.ts";
import { type ContactsFile, openContacts } from "../../src/store/contacts_file.ts";
import { openHome } from "../../src/store/home.ts";
import { loadOrMakeIdentity } from "../../src/store/identity.ts";
import type { HostedRoom } from "../../src/wire/record.ts";
import { beaconOf } from "../discovery/cast.ts";
import { SimChance } from "../sim/chance.ts";
import { SimTime } from "../sim/clock.ts";
import { SimDisk } from "../sim/disk.ts";
import { SimNetwork } from "../sim/network.ts";

const CRYPTO = denoCrypto();
const ID_CHARS = 52;
const BEAT_SECONDS = 60;

/** The id that begins so. */
export function idFrom(start: string): PeerId {
  const id = parsePeerId(start.padEnd(ID_CHARS, "a"));
  if (id === null) throw new RangeError(`No id begins with "${start}"`);
  return id;
}

/** One node and those around it. */
export interface Crowd extends Assembly {
  readonly time: SimTime;
  readonly disk: SimDisk;
  readonly me: PeerId;
  readonly contacts: ContactsFile;
  /** Somebody is heard whose id begins so. */
  hear(start: string, name: string, rooms?: readonly HostedRoom[]): PeerId;
  /** The user keeps somebody whose id begins so. */
  befriend(start: string, changes: ContactChanges): PeerId;
}

/** A node in an empty home. */
export async function crowd(): Promise<Crowd> {
  const time = new SimTime();
  const chance = new SimChance("crowd");
  const disk = new SimDisk({
    schedule: (delayMs, run) => void time.schedule(delayMs, run),
    fraction: () => chance.fraction(),
  });
  const { tcp, udp, interfaces, device, system } = new SimNetwork(time, chance).host("alone").boot();
  const clock = time.clock();
  const ports: Ports = {
    clock,
    chance,
    crypto: CRYPTO,
    tcp,
    udp,
    interfaces,
    device,
    system,
    disk: disk.boot(),
    files: disk.bootFiles(),
  };
  const home = await time.drive(openHome(ports.disk, { folder: "/home", pid: 1 }));
  const path = home.paths.identity;
  const identity = await time.drive(loadOrMakeIdentity(ports.disk, { path, crypto: CRYPTO, chance }));
  const contacts = await time.drive(openContacts(ports.disk, home.paths.contacts));
  const peers = new PeerTable();
  const assembly = assemble({
    ports,
    logLimits: {},
    home,
    identity,
    contacts,
    instance: 1,
    signal: new AbortController().signal,
    watch: () => watchOf(peers),
    myName: () => "me",
    myPort: () => 9999,
    setName: () => Promise.resolve(),
    ownEndpoint: () => null,
    wanted: () => ({ rendezvous: null, discovery: null, sessions: null, interfaces: null }),
    listen: (port) => port,
    outlook: () => "",
    status: () => {
      throw new Error("Not asked here");
    },
    give: () => Promise.reject(new Error("Not asked here")),
    stop: () => {},
    onBug: (error) => {
      throw error;
    },
  });
  let heardCount = 0;
  return {
    ...assembly,
    time,
    disk,
    me: identity.id,
    contacts,
    hear(start, name, rooms = []) {
      const id = idFrom(start);
      const beacon = beaconOf({ id, name, rooms, roomsCount: rooms.length, beatSeconds: BEAT_SECONDS });
      const from = { address: `10.0.0.${++heardCount}`, port: 50_000 };
      peers.upsert({ beacon, from }, clock.nowMs());
      return id;
    },
    befriend(start, changes) {
      const id = idFrom(start);
      contacts.upsert(id, changes);
      return id;
    },
  };
}

function watchOf(peers: PeerTable): Watch {
  return {
    peers,
    port: null,
    done: new Promise(() => {}),
    announce: () => {},
    rescan: () => {},
    pin: () => {},
    unpin: () => {},
    status: () => {
      throw new Error("Not asked here");
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Everything that a node needs from outside, as types only. */

import type { Chance, Crypto } from "./crypto.ts";
import type { Interfaces, Tcp, Udp } from "./network.ts";
import type { Disk, Files } from "./storage.ts";
import type { Device, System } from "./system.ts";
import type { Clock } from "./time.ts";

/** All ports of one node. */
export interface Ports {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly crypto: Crypto;
  readonly tcp: Tcp;
  readonly udp: Udp;
  readonly interfaces: Interfaces;
  readonly device: Device;
  readonly system: System;
  readonly disk: Disk;
  readonly files: Files;
}

/** Prints what the adapters tell of the system, for tests that give rights. */

import { denoDevice } from "../../src/deno/device.ts";
import { denoHostSystem } from "../../src/deno/host_system.ts";
import { denoInterfaces } from "../../src/deno/interfaces.ts";
import { denoSystem } from "../../src/deno/system.ts";
import { namesInSystemFolder, readSystemFile } from "../../src/deno/system_files.ts";

const device = denoDevice();
const system = denoSystem();
const busy = Deno.listen({ hostname: "127.0.0.1", port: 0 });
const holder = await system.holderOf(busy.addr.port, "tcp");
busy.close();
const told = {
  holder: holder?.program,
  isHolderThis: holder?.pid === Deno.pid,
  isSpaceKnown: (await system.freeBytes("/") ?? 0) > 0,
  isUserKnown: denoHostSystem().userId === Deno.uid(),
  firewalls: await system.firewalls(),
  interfaces: await namesInSystemFolder("/sys/class/net").then((names) => names.toSorted()),
  addresses: await readSystemFile("/sys/class/net/lo/address"),
  gateways: await denoInterfaces().gateways(),
  isOnCable: await device.isOnCable(),
  isOnMains: await device.isOnMains(),
};
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(told)));

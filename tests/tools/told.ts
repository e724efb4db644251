/** Prints what the adapters tell of the system, for tests that give rights. */

import { denoDevice } from "../../src/deno/device.ts";
import { denoInterfaces } from "../../src/deno/interfaces.ts";
import { namesInSystemFolder, readSystemFile } from "../../src/deno/system_files.ts";

const device = denoDevice();
const told = {
  interfaces: await namesInSystemFolder("/sys/class/net").then((names) => names.toSorted()),
  addresses: await readSystemFile("/sys/class/net/lo/address"),
  gateways: await denoInterfaces().gateways(),
  isOnCable: await device.isOnCable(),
  isOnMains: await device.isOnMains(),
};
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(told)));

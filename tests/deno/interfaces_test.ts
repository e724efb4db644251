import { assert, assertEquals } from "@std/assert";
import { denoInterfaces, parseNetmask } from "../../src/deno/interfaces.ts";

const MASKS: readonly (readonly [netmask: string, prefixLength: number | null])[] = [
  ["0.0.0.0", 0],
  ["128.0.0.0", 1],
  ["255.0.0.0", 8],
  ["255.255.240.0", 20],
  ["255.255.255.0", 24],
  ["255.255.255.252", 30],
  ["255.255.255.255", 32],
  ["255.0.255.0", null],
  ["0.255.255.255", null],
  ["255.255.255.1", null],
  ["255.255.255.256", null],
  ["255.255.255", null],
  ["255.255.255.0.0", null],
  ["255.255.255.-1", null],
  ["255.255.255.0.5", null],
  ["ffff:ffff::", null],
  ["", null],
];

for (const [netmask, prefixLength] of MASKS) {
  Deno.test(`prefixLengthOf "${netmask}" is ${prefixLength}`, () => {
    assertEquals(parseNetmask(netmask), prefixLength);
  });
}

Deno.test("denoInterfaces lists the loopback with its real mask", () => {
  const loopback = denoInterfaces().list().find(({ address }) => address === "127.0.0.1");
  assertEquals(loopback?.prefixLength, 8);
});

Deno.test("denoInterfaces tells gateways as addresses, each once, or none", async () => {
  const gateways = await denoInterfaces().gateways() ?? [];
  assert(gateways.every((address) => /^\d+\.\d+\.\d+\.\d+$/.test(address)));
  assertEquals(gateways.length, new Set(gateways).size);
});

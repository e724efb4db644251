/** Archives are the same whoever packs them, and unpack to what went in. */

import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { unzipSync } from "fflate";
import { parseTarGzip } from "nanotar";
import { pack } from "../../tools/archive.ts";

const AT_MS = Date.parse("2026-11-21T19:00:00Z");
const FILES = [
  { name: "earshot-1/earshot", bytes: new Uint8Array([1, 2, 3]), isProgram: true },
  { name: "earshot-1/LICENSE", bytes: new TextEncoder().encode("MIT"), isProgram: false },
];
const LOCK = `--lock=${fromFileUrl(new URL("../../deno.lock", import.meta.url))}`;

Deno.test("pack makes a tar.gz with modes, one time and no owner's name", async () => {
  const packed = await pack(FILES, { archive: "tar.gz", atMs: AT_MS });
  const found = (await parseTarGzip(packed)).map(({ name, data, attrs }) => ({
    name,
    bytes: [...data ?? []],
    ...attrs,
  }));
  // The time is in seconds there, as the format has it.
  const common = { uid: 0, gid: 0, user: "root", group: "root", mtime: AT_MS / 1000 };
  assertEquals(found, [
    { name: "earshot-1/earshot", bytes: [1, 2, 3], ...common, mode: "0000755" },
    { name: "earshot-1/LICENSE", bytes: [77, 73, 84], ...common, mode: "0000644" },
  ]);
});

Deno.test("pack makes a zip", async () => {
  const found = unzipSync(await pack(FILES, { archive: "zip", atMs: AT_MS }));
  assertEquals(Object.entries(found).map(([name, bytes]) => [name, ...bytes]), [
    ["earshot-1/earshot", 1, 2, 3],
    ["earshot-1/LICENSE", 77, 73, 84],
  ]);
});

for (const archive of ["tar.gz", "zip"] as const) {
  Deno.test(`pack gives the same bytes in every time zone: ${archive}`, async () => {
    const packer = `
      import { pack } from "${new URL("../../tools/archive.ts", import.meta.url)}";
      const file = { name: "a", bytes: new Uint8Array([1]), isProgram: true };
      const bytes = await pack([file], { archive: "${archive}", atMs: ${AT_MS} });
      await Deno.stdout.write(bytes);`;
    const packIn = async (zone: string) => {
      const command = new Deno.Command(Deno.execPath(), { args: ["eval", LOCK, packer], env: { TZ: zone } });
      return (await command.output()).stdout;
    };
    const here = await packIn("UTC");
    assertEquals(here.length > 0, true);
    assertEquals(await packIn("Asia/Tokyo"), here);
  });
}

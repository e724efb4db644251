import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { DiskError } from "../../../src/errors.ts";
import { PEER_ID_BYTES, toPeerId } from "../../../src/room/id.ts";
import { formatVectors, loadVectors, parseVectors, VectorFile } from "../../../src/store/home/vector_file.ts";
import { SimDisk } from "../../sim/disk.ts";

const PATH = "/room/seen.json";
const ADA = toPeerId(new Uint8Array(PEER_ID_BYTES).fill(1));
const BOB = toPeerId(new Uint8Array(PEER_ID_BYTES).fill(2));

function machine(content?: string) {
  const drive = new SimDisk({ schedule: (_delayMs, run) => queueMicrotask(run), fraction: () => 0.5 });
  drive.put("/room/other", new Uint8Array(0));
  if (content !== undefined) drive.put(PATH, new TextEncoder().encode(content));
  return { drive, disk: drive.boot() };
}

Deno.test("formatSeen and parseSeen are each other's reverse", () => {
  const text = `{"version":1,"members":{"${ADA}":3,"${BOB}":7}}\n`;
  assertEquals(formatVectors(new Map([[BOB, 7], [ADA, 3]])), text);
  assertEquals(parseVectors(text), new Map([[ADA, 3], [BOB, 7]]));
});

const FORGOTTEN = [
  "",
  "{",
  "null",
  "[]",
  '{"members":{}}',
  `{"version":2,"members":{"${ADA}":3}}`,
  '{"version":1}',
  '{"version":1,"members":null}',
  '{"version":1,"members":"x"}',
  '{"version":1,"members":{"somebody":3}}',
  `{"version":1,"members":{"${ADA}":"3"}}`,
  `{"version":1,"members":{"${ADA}":-1}}`,
  `{"version":1,"members":{"${ADA}":1.5}}`,
  `{"version":1,"members":{"${ADA}":1e300}}`,
];

for (const text of FORGOTTEN) {
  Deno.test(`parseSeen forgets ${JSON.stringify(text)}`, () => {
    assertEquals(parseVectors(text), new Map());
  });
}

Deno.test("parseSeen takes anything", () => {
  fc.assert(fc.property(fc.json(), (text) => void parseVectors(text)));
  fc.assert(
    fc.property(fc.jsonValue(), (members) => void parseVectors(JSON.stringify({ version: 1, members }))),
  );
});

Deno.test("SeenFile saves, and of many saves at once only the first and the last are written", async () => {
  const { drive, disk } = machine();
  assertEquals(await loadVectors(disk, PATH), new Map());
  const file = new VectorFile(disk, PATH);
  await Promise.all(Array.from({ length: 50 }, (_, index) => file.save(new Map([[ADA, index + 1]]))));
  assertEquals(drive.writeCount, 2);
  drive.crash();
  assertEquals(await loadVectors(drive.boot(), PATH), new Map([[ADA, 50]]));
});

Deno.test("SeenFile keeps what it was given, not what becomes of it", async () => {
  const { disk } = machine();
  const seen = new Map([[ADA, 1]]);
  const saved = new VectorFile(disk, PATH).save(seen);
  seen.set(BOB, 2);
  await saved;
  assertEquals(await loadVectors(disk, PATH), new Map([[ADA, 1]]));
});

Deno.test("SeenFile tells of a full disk, and saves when there is space again", async () => {
  const { drive, disk } = machine();
  const file = new VectorFile(disk, PATH);
  drive.setFull(5);
  await assertRejects(() => file.save(new Map([[ADA, 1]])), DiskError);
  drive.setFull(null);
  await file.save(new Map([[ADA, 2]]));
  assertEquals(await loadVectors(disk, PATH), new Map([[ADA, 2]]));
});

Deno.test("loadSeen forgets what cannot be read", async () => {
  const { drive, disk } = machine();
  drive.put(`${PATH}/inside`, new Uint8Array(0));
  assertEquals(await loadVectors(disk, PATH), new Map());
});

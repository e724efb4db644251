import { assert, assertEquals, assertRejects } from "@std/assert";
import { WorldError } from "../../../src/errors.ts";
import type { Signer } from "../../../src/ports/crypto.ts";
import { encodeBase64Url } from "../../../src/encoding/base64url.ts";
import { toPeerId } from "../../../src/room/id.ts";
import { loadIdentity, loadOrCreateIdentity } from "../../../src/store/home/identity.ts";
import { SimChance } from "../../sim/chance.ts";
import { SimTime } from "../../sim/clock.ts";
import { SimDisk } from "../../sim/disk.ts";

const PATH = "/home/identity.json";
const SEED = Uint8Array.from({ length: 32 }, (_, index) => index);
const SEED_TEXT = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

/** A key that can be told from its seed; what a signature is does not matter here. */
const crypto = {
  signer: (seed: Uint8Array): Signer => ({
    publicKey: seed.map((byte) => byte ^ 0xff),
    sign: () => new Uint8Array(64),
  }),
};
const chance = { bytes: (count: number) => SEED.slice(0, count) };
const ID = toPeerId(crypto.signer(SEED).publicKey);

function machine(content?: string) {
  const time = new SimTime();
  const fractions = new SimChance(1);
  const drive = new SimDisk({
    schedule: (delayMs, run) => time.schedule(delayMs, run),
    fraction: () => fractions.fraction(),
  });
  drive.put("/home/other", new Uint8Array(0));
  if (content !== undefined) drive.put(PATH, new TextEncoder().encode(content));
  return {
    time,
    drive,
    disk: drive.boot(),
    content: () => new TextDecoder().decode(drive.peek(PATH) ?? undefined),
  };
}

Deno.test("loadOrMakeIdentity makes an identity once, durably", async () => {
  const { time, drive, disk, content } = machine();
  assertEquals(await time.drive(loadIdentity(disk, { path: PATH, crypto })), null);
  const made = await time.drive(loadOrCreateIdentity(disk, { path: PATH, crypto, chance }));
  assertEquals([made.id, made.isNew], [ID, true]);
  assertEquals(content(), `{"version":1,"seed":"${SEED_TEXT}","id":"${ID}"}\n`);
  drive.crash();
  const other = { bytes: (count: number) => new Uint8Array(count).fill(9) };
  const loaded = await time.drive(loadOrCreateIdentity(drive.boot(), { path: PATH, crypto, chance: other }));
  assertEquals([loaded.id, loaded.isNew, loaded.signer.publicKey], [ID, false, made.signer.publicKey]);
});

const DAMAGED: [what: string, content: string, problem: string][] = [
  ["empty", "", "it is not a JSON object"],
  ["cut off", `{"version":1,"seed":"${SEED_TEXT}","i`, "it is not a JSON object"],
  ["another kind of JSON", "[1]", "its version is not 1"],
  ["null", "null", "it is not a JSON object"],
  ["of no version", `{"seed":"${SEED_TEXT}","id":"${ID}"}`, "its version is not 1"],
  ["without seed", `{"version":1,"id":"${ID}"}`, "its seed is not 32 bytes in base64url"],
  ["with a short seed", `{"version":1,"seed":"AAEC","id":"${ID}"}`, "its seed is not 32 bytes in base64url"],
  [
    "with a seed that is a number",
    `{"version":1,"seed":7,"id":"${ID}"}`,
    "its seed is not 32 bytes in base64url",
  ],
  [
    "with another seed",
    `{"version":1,"seed":"${encodeBase64Url(new Uint8Array(32))}","id":"${ID}"}`,
    "its seed and its id do not belong together",
  ],
  ["without id", `{"version":1,"seed":"${SEED_TEXT}"}`, "its seed and its id do not belong together"],
];

for (const [what, content, problem] of DAMAGED) {
  Deno.test(`loadOrMakeIdentity keeps a file that is ${what}, and says what to do`, async () => {
    const parts = machine(content);
    const making = assertRejects(
      () => loadOrCreateIdentity(parts.disk, { path: PATH, crypto, chance }),
      WorldError,
    );
    const error = await parts.time.drive(making);
    assertEquals(
      error.message,
      `The identity file "/home/identity.json" is damaged: ${problem}. It was left as it is. ` +
        "Put a backup in its place, or move it away to start with a new identity",
    );
    assertEquals(parts.content(), content);
    assert(!JSON.stringify([error.message, error.stack, String(error.cause)]).includes(SEED_TEXT));
  });
}

Deno.test("loadIdentity reads a file that an editor has been over", async () => {
  const { time, disk } = machine(
    `\uFEFF{\r\n  "id": "${ID}",\r\n  "seed": "${SEED_TEXT}",\r\n  "version": 1\r\n}`,
  );
  assertEquals((await time.drive(loadIdentity(disk, { path: PATH, crypto })))?.id, ID);
});

Deno.test("loadOrMakeIdentity says that the disk is full", async () => {
  const { time, drive, disk } = machine();
  drive.setFull(10);
  const making = assertRejects(() => loadOrCreateIdentity(disk, { path: PATH, crypto, chance }), WorldError);
  assertEquals(
    (await time.drive(making)).message,
    'Cannot save a new identity in "/home/identity.json": the disk is full. Existing data is unharmed. ' +
      "Free some space and try again",
  );
  assertEquals(drive.peek(PATH), null);
});

/** A member that says what no honest earshot would. */

import { assert, assertEquals } from "@std/assert";
import type { RoomId } from "../../src/room/id.ts";
import { goHome } from "../fixtures/node/shared_room.ts";
import { formatLocalTime } from "../../src/store/transcript/transcript.ts";
import { HOME } from "../sim/world.ts";
import { allLines, assertInert, friends, logOf, type Scene } from "../fixtures/hostile/two_friends.ts";
import { Villain, WALL_MS, type Words } from "../fixtures/hostile/attacker.ts";

/** A villain in Alice's room "Attic" says these things. */
async function said(
  seed: number,
  ...words: readonly Words[]
): Promise<Scene & { villain: Villain; room: RoomId }> {
  const scene = await friends(seed);
  const { world, alice } = scene;
  const villain = new Villain(5);
  const { room } = await alice.run({ do: "host", title: "Attic" });
  await villain.call(world, "mallory");
  await villain.tell(world, room.id, { kind: "join" }, ...words);
  return { ...scene, villain, room: room.id };
}

/** What Alice exports of her room, without head, foot and times. */
async function exported({ alice }: Scene): Promise<readonly string[]> {
  const { text } = await alice.run({ do: "export", to: "#Attic" });
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("# ")).map((line) =>
    line.replace(/^[\d?]{4}-[\d?]{2}-[\d?]{2} [\d?]{2}:[\d?]{2}:[\d?]{2}/, "WHEN")
  );
}

const LATER = " ".repeat(21);

Deno.test("A text cannot forge a line of the log or of an export", async () => {
  const text =
    "hi\n14:03  bob: yes\r\n2026-11-20 14:03:22  bob: yes\r* bob left\v# room x\u2028! warning\x85end";
  const scene = await said(1, { body: text });
  assertEquals((await logOf(scene.alice, "#Attic")).slice(-7), [
    "HH:MM  mallory: hi",
    "       14:03  bob: yes",
    "       2026-11-20 14:03:22  bob: yes",
    "       * bob left",
    "       # room x",
    "       ! warning",
    "       end",
  ]);
  assertEquals((await exported(scene)).slice(-7), [
    "WHEN  mallory: hi",
    `${LATER}14:03  bob: yes`,
    `${LATER}2026-11-20 14:03:22  bob: yes`,
    `${LATER}* bob left`,
    `${LATER}# room x`,
    `${LATER}! warning`,
    `${LATER}end`,
  ]);
  await assertInert(await allLines(scene));
  await goHome(scene.world);
});

Deno.test("Escapes in a text are shown, not obeyed", async () => {
  const scene = await said(
    2,
    { body: "\x1b]0;owned\x07\x1b[2J\x1b]52;c;QQ==\x07\x1b]8;;http://evil\x1b\\click" },
    { body: "\x9b2J\x90q\x9c\u202eexe.txt\ufeff" },
  );
  assertEquals((await logOf(scene.alice, "#Attic")).slice(-2), [
    "HH:MM  mallory: ^[]0;owned^G^[[2J^[]52;c;QQ==^G^[]8;;http://evil^[\\click",
    "HH:MM  mallory: ⟨009B⟩2J⟨0090⟩q⟨009C⟩⟨202E⟩exe.txt⟨FEFF⟩",
  ]);
  await assertInert(await allLines(scene));
  await goHome(scene.world);
});

Deno.test("64 KiB of bells or of marks are one entry like others", async () => {
  const scene = await said(3, { body: "\x07".repeat(20_000) }, { body: `a${"\u0301".repeat(32_000)}` });
  const [bells = "", marks = ""] = (await logOf(scene.alice, "#Attic")).slice(-2);
  assertEquals(bells, `HH:MM  mallory: ${"^G".repeat(20_000)}`);
  assertEquals(marks, `HH:MM  mallory: a${"\u0301".repeat(4)}⟨+31996⟩`);
  await assertInert(await allLines(scene));
  await goHome(scene.world);
});

Deno.test("Times that no clock could show are question marks, and order nothing", async () => {
  const scene = await said(
    4,
    { body: "first", wallMs: -6.3e15 },
    { body: "second", wallMs: Number.MAX_SAFE_INTEGER },
    { body: "third", wallMs: 8.64e15 },
    { body: "fourth", wallMs: 0 },
  );
  assertEquals((await scene.alice.texts("#Attic")).slice(-4), ["first", "second", "third", "fourth"]);
  const lines = await exported(scene);
  assertEquals(lines.slice(-4), [
    "WHEN  mallory: first",
    "WHEN  mallory: second",
    "WHEN  mallory: third",
    "WHEN  mallory: fourth",
  ]);
  const { text } = await scene.alice.run({ do: "export", to: "#Attic" });
  assert(text.includes("\n????-??-?? ??:??:??  mallory: first\n????-??-?? ??:??:??  mallory: second\n"));
  assert(!text.includes("NaN") && !text.includes("Invalid"));
  for (const line of await allLines(scene)) assert(!/NaN|Invalid Date/.test(line), line);
  await goHome(scene.world);
});

Deno.test("Kinds of a later version, with whatever bodies, are one plain notice each", async () => {
  const bodies = ["\x1b[2J\n* bob left", ["\x1b]0;owned\x07", "\n", "\u202e"], [], ["", "", "\x9b"]];
  const scene = await said(5, ...bodies.map((body, index) => ({ kind: `kind-${index}`, body })));
  assertEquals(
    (await logOf(scene.alice, "#Attic")).slice(-4),
    Array(4).fill("HH:MM  * mallory sent something that this version of earshot cannot show"),
  );
  await assertInert(await allLines(scene));
  await goHome(scene.world);
});

Deno.test("Known kinds with the bodies of others do no harm", async () => {
  const scene = await said(
    6,
    { kind: "text", body: ["\x1b[2J", "x"] },
    { kind: "name", body: "\x1b[2J", name: "x\x1b[2J\ny" },
    { kind: "invite", body: ["earshot://10.0.0.1:9999/x", "\x1b]0;owned\x07\nboss"] },
    { kind: "move", body: "\x1b[2J" },
    { kind: "leave", body: ["\x07"] },
  );
  const { villain } = scene;
  const evil = `x^[[2J^Jy·${villain.tag}`;
  assertEquals((await logOf(scene.alice, "#Attic")).slice(-5), [
    "HH:MM  * mallory sent something that this version of earshot cannot show",
    `HH:MM  * mallory is now known as ${evil}`,
    'HH:MM  * mallory sent an invitation to the room "^[]0;owned^G^Jboss"',
    "HH:MM  * mallory moved to a new room",
    "HH:MM  * mallory left",
  ]);
  await assertInert(await allLines(scene));
  await goHome(scene.world);
});

Deno.test("A text in the way of markup and formulas is escaped where a page or a sheet may read it", async () => {
  const scene = await said(7, {
    body: "<img src=x onerror=alert(1)>\n=cmd|'/C calc'!A0\n# head\n[a](javascript:x)",
  });
  const { text } = await scene.alice.run({ do: "export", to: "#Attic", format: "md" });
  assertEquals(
    text.split("\n").slice(-9, -5),
    [
      "- 00:00:00 **mallory**: &lt;img src=x onerror=alert(1)&gt;\\",
      "  \\=cmd\\|'/C calc'!A0\\",
      "  \\# head\\",
      "  `[a](javascript:x)`",
    ].map((line) => line.replace("00:00:00", formatLocalTime(WALL_MS).slice(11))),
  );
  const json = (await scene.alice.run({ do: "export", to: "#Attic", format: "json" })).text;
  assert(!/[<>]|"=cmd/.test(json), json);
  assert(json.includes(String.raw`\u003cimg src=x onerror=alert(1)\u003e`), json);
  await goHome(scene.world);
});

// JSON escapes only C0, and the bytes are what was signed: src/room/entry.ts would have to write the others as \uXXXX too.
Deno.test("The log on disk can be shown by cat", async () => {
  const scene = await said(8, { body: "\x1b[2J\x07\x9b2J\x7f\u202e\u2028\u0090", name: "x\x9b2J" });
  const disk = scene.alice.disk.boot();
  const folders = await scene.world.time.drive(disk.list(`${HOME}/rooms`));
  const attic = folders.find((folder) => folder.startsWith("Attic-")) ?? "";
  const bytes = scene.alice.disk.peek(`${HOME}/rooms/${attic}/log.jsonl`) ?? new Uint8Array(0);
  await assertInert(new TextDecoder().decode(bytes).split("\n"));
  await goHome(scene.world);
});

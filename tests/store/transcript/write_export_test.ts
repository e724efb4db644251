import { assertEquals, assertRejects } from "@std/assert";
import { WorldError } from "../../../src/errors.ts";
import { writeExport } from "../../../src/store/transcript/write_export.ts";
import { SimDisk } from "../../sim/disk.ts";

const PATH = "/ada/x.txt";

function machine(content?: string) {
  const drive = new SimDisk({ schedule: (_delayMs, run) => queueMicrotask(run), fraction: () => 0.5 });
  drive.put("/ada/other", new Uint8Array(0));
  if (content !== undefined) drive.put(PATH, new TextEncoder().encode(content));
  return {
    drive,
    disk: drive.boot(),
    content: () => new TextDecoder().decode(drive.peek(PATH) ?? undefined),
  };
}

for (const force of [false, true]) {
  Deno.test(`writeExport ${force ? "by force " : ""}writes a new file that survives a power cut`, async () => {
    const { drive, disk, content } = machine();
    await writeExport(disk, { path: PATH, text: "hällo\n", force });
    drive.crash();
    assertEquals(content(), "hällo\n");
  });
}

Deno.test("writeExport never replaces a file without force", async () => {
  const { disk, content } = machine("precious");
  assertEquals(
    (await assertRejects(() => writeExport(disk, { path: PATH, text: "new", force: false }), WorldError))
      .message,
    '"/ada/x.txt" already exists. Nothing was written. Use --force to replace it, or another name',
  );
  assertEquals(content(), "precious");
  await writeExport(disk, { path: PATH, text: "new", force: true });
  assertEquals(content(), "new");
});

Deno.test("writeExport says why it cannot, and leaves what was there", async () => {
  const { drive, disk, content } = machine("precious");
  drive.setFull(2);
  for (const path of [PATH, "/ada/y.txt"]) {
    assertEquals(
      (await assertRejects(() => writeExport(disk, { path, text: "large", force: true }), WorldError))
        .message,
      `Cannot write "${path}": the disk is full. Existing data is unharmed. Free some space and try again`,
    );
  }
  assertEquals(content(), "precious");
  assertEquals(await disk.list("/ada"), ["other", "x.txt"]);
  assertEquals(
    (await assertRejects(() => writeExport(disk, { path: "/none/x", text: "x", force: false }), WorldError))
      .message,
    'Cannot write "/none/x": the folder is missing. Existing data is unharmed. Check the disk and try again',
  );
});

import { assert, assertEquals, assertRejects } from "@std/assert";
import { WorldError } from "../../../src/errors.ts";
import { PEER_ID_BYTES, type PeerId, toPeerId } from "../../../src/room/id.ts";
import { createContact } from "../../../src/store/contacts/contact_record.ts";
import { openContacts } from "../../../src/store/contacts/contacts_file.ts";
import { SimDisk } from "../../sim/disk.ts";

const PATH = "/home/contacts.dat";
const HEADER = "# earshot contacts 1: label\tid\taddress\tport\tflags\tadded\tseen\tname\tnote\n";
const ADA = idOf(1);
const BOB = idOf(2);
const EVE = idOf(3);

function idOf(fill: number): PeerId {
  return toPeerId(new Uint8Array(PEER_ID_BYTES).fill(fill));
}

/** A line as the user writes it: with a label and perhaps a note. */
function line(label: string, id: PeerId, note = "-"): string {
  return `${label}\t${id}\t-\t-\t-\t-\t-\t-\t${note}\n`;
}

async function start(content?: string) {
  const drive = new SimDisk({ schedule: (_delayMs, run) => queueMicrotask(run), fraction: () => 0.5 });
  drive.put("/home/other", new Uint8Array(0));
  const edit = (text: string) => drive.put(PATH, new TextEncoder().encode(text));
  if (content !== undefined) edit(content);
  const file = await openContacts(drive.boot(), PATH);
  return { drive, file, edit, content: () => new TextDecoder().decode(drive.peek(PATH) ?? undefined) };
}

Deno.test("ContactsFile keeps contacts on disk", async () => {
  const { drive, file, content } = await start();
  file.upsert(ADA, { label: "Ada" });
  assertEquals(file.contacts.get(ADA)?.label, "Ada");
  await file.save();
  drive.crash();
  assertEquals(content(), HEADER + line("Ada", ADA));
  assertEquals((await openContacts(drive.boot(), PATH)).contacts.all, [{
    ...createContact(ADA),
    label: "Ada",
  }]);
});

Deno.test("ContactsFile writes nothing when nothing was changed", async () => {
  const { drive, file } = await start(line("Ada", ADA));
  file.upsert(ADA, { label: "Ada" });
  await file.save();
  assertEquals(drive.writeCount, 0);
});

Deno.test("ContactsFile shares one save between all that are asked for while one runs", async () => {
  const { drive, file, content } = await start(HEADER);
  const saves: Promise<void>[] = [];
  for (let port = 1; port <= 50; port++) {
    file.upsert(ADA, { port });
    saves.push(file.save());
  }
  await Promise.all(saves);
  assert(drive.writeCount <= 2);
  assertEquals(content(), `${HEADER}-\t${ADA}\t-\t50\t-\t-\t-\t-\t-\n`);
});

Deno.test("ContactsFile takes in what was edited by hand, and puts its own changes on top field by field", async () => {
  const { file, edit, content } = await start(HEADER + line("Ada", ADA) + line("Bob", BOB));
  file.upsert(ADA, { address: "10.0.0.1", port: 9999 });
  edit(
    `${HEADER}# friends\n${line("Countess", ADA, "edited")}${line("Bob", BOB, "new note")}${
      line("Eve", EVE)
    }`,
  );
  await file.save();
  assertEquals(
    content(),
    `${HEADER}# friends\nCountess\t${ADA}\t10.0.0.1\t9999\t-\t-\t-\t-\tedited\n` +
      `${line("Bob", BOB, "new note")}${line("Eve", EVE)}`,
  );
  assertEquals(file.contacts.all.map((contact) => contact.label), ["Countess", "Bob", "Eve"]);
});

Deno.test("ContactsFile takes in edits also where nothing was changed here, and leaves the file as it is", async () => {
  const { drive, file, edit } = await start(line("Ada", ADA));
  edit(`${line("Ada", ADA)}nonsense\n`);
  await file.save();
  assertEquals(file.contacts.problems, [
    {
      lineNumber: 2,
      text: "nonsense",
      reason: "it has no id, and without one it takes a label, an address and a port",
    },
  ]);
  assertEquals(drive.writeCount, 0);
});

Deno.test("ContactsFile does not bring back a contact that was removed by hand, but keeps one that it added", async () => {
  const { file, edit, content } = await start(HEADER + line("Ada", ADA) + line("Bob", BOB));
  file.upsert(ADA, { port: 9999 });
  file.upsert(EVE, { label: "Eve" });
  file.upsert(EVE, { note: "new" });
  edit(HEADER + line("Bob", BOB));
  await file.save();
  assertEquals(content(), HEADER + line("Bob", BOB) + line("Eve", EVE, "new"));
});

Deno.test("ContactsFile removes a contact that was edited by hand meanwhile, and brings nothing of it back", async () => {
  const { file, edit, content } = await start(HEADER + line("Ada", ADA, "old note"));
  assertEquals([file.remove(ADA), file.remove(ADA)], [true, false]);
  edit(HEADER + line("Countess", ADA, "old note"));
  await file.save();
  assertEquals(content(), HEADER);
  file.upsert(ADA, { label: "Ada" });
  await file.save();
  assertEquals(content(), HEADER + line("Ada", ADA));
  file.remove(ADA);
  file.upsert(ADA, { label: "Ada again" });
  edit(HEADER + line("Ada", ADA, "edited"));
  await file.save();
  assertEquals(content(), HEADER + line("Ada again", ADA));
});

Deno.test("ContactsFile takes a missing or empty file for an editor at work", async () => {
  for (const kind of ["missing", "empty"]) {
    const { drive, file, edit, content } = await start(HEADER + line("Ada", ADA));
    if (kind === "empty") edit("");
    else await drive.boot().remove(PATH);
    file.upsert(BOB, { label: "Bob" });
    await file.save();
    assertEquals(content(), HEADER + line("Ada", ADA) + line("Bob", BOB));
  }
});

Deno.test("ContactsFile keeps changes that could not be saved, and those made meanwhile, for the next save", async () => {
  const { drive, file, edit, content } = await start(HEADER + line("Ada", ADA) + line("Bob", BOB));
  drive.setFull(10);
  file.upsert(ADA, { note: "first" });
  file.remove(BOB);
  const failed = assertRejects(() => file.save(), WorldError, "the disk is full");
  file.upsert(ADA, { port: 80 });
  file.upsert(EVE, { label: "Eve" });
  await failed;
  assertEquals(content(), HEADER + line("Ada", ADA) + line("Bob", BOB));
  drive.setFull(null);
  edit(HEADER + line("Countess", ADA) + line("Bob", BOB));
  await file.save();
  assertEquals(content(), `${HEADER}Countess\t${ADA}\t-\t80\t-\t-\t-\t-\tfirst\n${line("Eve", EVE)}`);
});

Deno.test("ContactsFile saves changes made while a save runs with the next one", async () => {
  const { file, content } = await start(HEADER);
  file.upsert(ADA, { label: "Ada" });
  const first = file.save();
  await Promise.resolve();
  file.upsert(BOB, { label: "Bob" });
  await Promise.all([first, file.save()]);
  assertEquals(content(), HEADER + line("Ada", ADA) + line("Bob", BOB));
});

Deno.test("openContacts and ContactsFile leave a file of a later version alone", async () => {
  const later = "# earshot contacts 2: id label\n";
  const error = await assertRejects(() => start(later), WorldError);
  assertEquals(
    error.message,
    'The contacts "/home/contacts.dat" belong to a later earshot (format 2; this one knows 1). ' +
      "Nothing was changed. Use the later earshot, or move the file away",
  );
  const { file, edit, content } = await start(HEADER);
  file.upsert(ADA, {});
  edit(later);
  await assertRejects(() => file.save(), WorldError, "belong to a later earshot");
  assertEquals(content(), later);
});

/** A place, and its line. */
function placeOf(label: string) {
  return { label, address: "10.0.0.9", port: 9999, addedAtMs: null, note: "" };
}

function placeLine(label: string): string {
  return `${label}\t-\t10.0.0.9\t9999\t-\t-\t-\t-\t-\n`;
}

Deno.test("ContactsFile keeps places on disk, and what others did to the file meanwhile", async () => {
  const { file, edit, content } = await start(HEADER + placeLine("old") + placeLine("gone"));
  assertEquals([file.addPlannedAddress(placeOf("new")), file.addPlannedAddress(placeOf("old"))], [
    true,
    false,
  ]);
  assertEquals([file.removePlannedAddress(placeOf("gone")), file.removePlannedAddress(placeOf("gone"))], [
    true,
    false,
  ]);
  edit(HEADER + placeLine("gone") + placeLine("theirs") + placeLine("old"));
  await file.save();
  assertEquals(content(), HEADER + placeLine("theirs") + placeLine("old") + placeLine("new"));
  assertEquals(file.contacts.plannedAddresses.map(({ label }) => label), ["theirs", "old", "new"]);
});

Deno.test("ContactsFile keeps changes of places that could not be saved, and those made meanwhile", async () => {
  const { drive, file, content } = await start(HEADER + placeLine("one") + placeLine("two"));
  drive.setFull(10);
  file.removePlannedAddress(placeOf("one"));
  file.addPlannedAddress(placeOf("three"));
  const failed = assertRejects(() => file.save(), WorldError, "the disk is full");
  file.removePlannedAddress(placeOf("three"));
  file.addPlannedAddress(placeOf("four"));
  await failed;
  assertEquals(content(), HEADER + placeLine("one") + placeLine("two"));
  drive.setFull(null);
  await file.save();
  assertEquals(content(), HEADER + placeLine("two") + placeLine("four"));
});

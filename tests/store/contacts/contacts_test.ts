import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { PEER_ID_BYTES, type PeerId, toPeerId } from "../../../src/room/id.ts";
import {
  changeContact,
  type Contact,
  type ContactChanges,
  createContact,
  formatContactLine,
  formatPlannedAddressLine,
  parseContactLine,
  type PlannedAddress,
} from "../../../src/store/contacts/contact_record.ts";
import { parseContacts } from "../../../src/store/contacts/contacts.ts";

const HEADER = "# earshot contacts 1: label\tid\taddress\tport\tflags\tadded\tseen\tname\tnote";
const ADA = idOf(1);
const BOB = idOf(2);
const EVE = idOf(3);
const ADA_CONTACT: Contact = {
  id: ADA,
  label: "Ada L.",
  address: "192.168.43.7",
  port: 9999,
  isVerified: true,
  isBlocked: true,
  isIgnored: false,
  otherFlags: ["muted"],
  addedAtMs: Date.UTC(2026, 10, 20, 14, 3, 22),
  seenAtMs: Date.UTC(2026, 10, 21, 7, 0, 0),
  name: "ada",
  note: "third floor",
};
const ADA_LINE =
  `Ada L.\t${ADA}\t192.168.43.7\t9999\tverified,blocked,muted\t2026-11-20T14:03:22Z\t2026-11-21T07:00:00Z\tada\tthird floor`;
const PLACE: PlannedAddress = {
  label: "Bob (old)",
  address: "192.168.1.5",
  port: 9999,
  addedAtMs: Date.UTC(2026, 10, 20, 14, 3, 22),
  note: "from work",
};
const PLACE_LINE = "Bob (old)\t-\t192.168.1.5\t9999\t-\t2026-11-20T14:03:22Z\t-\t-\tfrom work";
const BOB_LINE = `-\t${BOB}\t-\t-\t-\t-\t-\t-\t-`;

function idOf(fill: number): PeerId {
  return toPeerId(new Uint8Array(PEER_ID_BYTES).fill(fill));
}

function parse(text: string) {
  return parseContacts(new TextEncoder().encode(text));
}

function formatted(contacts: ReturnType<typeof parse>): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(contacts.format());
}

Deno.test("formatContactLine and parseContactLine are each other's reverse", () => {
  assertEquals(formatContactLine(ADA_CONTACT), ADA_LINE);
  assertEquals(parseContactLine(ADA_LINE), ADA_CONTACT);
  assertEquals(formatPlannedAddressLine(PLACE), PLACE_LINE);
  assertEquals(parseContactLine(PLACE_LINE), PLACE);
  assertEquals(formatContactLine(createContact(BOB)), BOB_LINE);
  assertEquals(parseContactLine(BOB_LINE), createContact(BOB));
});

const LENIENT: [what: string, line: string, contact: Partial<Contact>][] = [
  ["missing columns", `Bob\t${BOB}`, { label: "Bob" }],
  ["empty columns", `Bob\t${BOB}\t\t\t\t\t\t\t`, { label: "Bob" }],
  ["an id in capitals, blanks around columns", `  Bob \t ${BOB.toUpperCase()} \t 10.0.0.1\t 80`, {
    label: "Bob",
    address: "10.0.0.1",
    port: 80,
  }],
  ["flags in any order and case", `-\t${BOB}\t-\t-\t Blocked, x ,,VERIFIED`, {
    isVerified: true,
    isBlocked: true,
    otherFlags: ["x"],
  }],
  ["somebody who is ignored", `-\t${BOB}\t-\t-\tignored`, { isIgnored: true }],
  ["a date without time", `-\t${BOB}\t-\t-\t-\t2026-11-20`, { addedAtMs: Date.UTC(2026, 10, 20) }],
  ["a time with zone and fraction", `-\t${BOB}\t-\t-\t-\t-\t2026-11-20T14:03:22.9+02:00`, {
    seenAtMs: Date.UTC(2026, 10, 20, 12, 3, 22),
  }],
  ["an IPv6 address", `-\t${BOB}\tfe80::1%eth0\t1`, { address: "fe80::1%eth0", port: 1 }],
  ['a label that begins with "#"', ` #1 fan\t${BOB}`, { label: "#1 fan" }],
];

for (const [what, line, contact] of LENIENT) {
  Deno.test(`parseContactLine takes ${what}`, () => {
    assertEquals(parseContactLine(line), { ...createContact(BOB), ...contact });
  });
}

const BROKEN: [line: string, problem: string][] = [
  ["somebody", "it has no id, and without one it takes a label, an address and a port"],
  ["label\t-\t10.0.0.1", "it has no id, and without one it takes a label, an address and a port"],
  ["label\t-\t-\t9999", "it has no id, and without one it takes a label, an address and a port"],
  ["-\t-\t10.0.0.1\t9999", "it has no id, and without one it takes a label, an address and a port"],
  ["label\t-\t10.0.0.1\t99999", '"99999" is not a port from 1 to 65535'],
  ["label\tsomebody", '"somebody" is not the id of a peer'],
  [`label\t${BOB.slice(1)}`, `"${BOB.slice(1)}" is not the id of a peer`],
  [`label\t${BOB}\tbobs-phone.local`, '"bobs-phone.local" is not an IP address'],
  [`label\t${BOB}\t10.0.0.256`, '"10.0.0.256" is not an IP address'],
  [`label\t${BOB}\t10.0.01.1`, '"10.0.01.1" is not an IP address'],
  [`label\t${BOB}\t-\t0`, '"0" is not a port from 1 to 65535'],
  [`label\t${BOB}\t-\t65536`, '"65536" is not a port from 1 to 65535'],
  [`label\t${BOB}\t-\t9e3`, '"9e3" is not a port from 1 to 65535'],
  [`label\t${BOB}\t-\t-\t-\tyesterday`, '"yesterday" is not a time such as 2026-11-20T14:03:22Z'],
  [`label\t${BOB}\t-\t-\t-\t-\t2026-13-01`, '"2026-13-01" is not a time such as 2026-11-20T14:03:22Z'],
  [`${BOB_LINE}\tmore`, "it has 10 columns, not 9"],
];

for (const [line, problem] of BROKEN) {
  Deno.test(`parseContactLine says what is wrong with ${JSON.stringify(line)}`, () => {
    assertEquals(parseContactLine(line), { problem });
  });
}

const CLEANED: [what: string, changes: ContactChanges, contact: Partial<Contact>][] = [
  ["tabs and line breaks", { label: "a\tb\r\nc", note: "x\u2028y\x85z\x1b[2J" }, {
    label: "a b c",
    note: "x y z [2J",
  }],
  ["blanks around", { name: "  ada " }, { name: "ada" }],
  ["a lone dash", { label: "-" }, { label: "" }],
  ["half characters", { note: "\uD800x" }, { note: "\uFFFDx" }],
  ["very long text", { note: "🙂".repeat(501) }, { note: "🙂".repeat(500) }],
  ["fractions of seconds", { seenAtMs: 1_999 }, { seenAtMs: 1_000 }],
  ["times before 1970 and after 9999", { addedAtMs: -1, seenAtMs: 1e300 }, {
    addedAtMs: 0,
    seenAtMs: Date.UTC(9999, 11, 31, 23, 59, 59),
  }],
  ["what is no time", { addedAtMs: NaN }, { addedAtMs: null }],
  ["what is no address and no port", { address: "bobs-phone", port: 70_000 }, { address: null, port: null }],
];

for (const [what, changes, contact] of CLEANED) {
  Deno.test(`changeContact cleans ${what}`, () => {
    assertEquals(changeContact(createContact(BOB), changes), { ...createContact(BOB), ...contact });
  });
}

Deno.test("parseContactLine reads back whatever changeContact makes", () => {
  const unit = fc.nat(0x10ffff).map((code) => String.fromCodePoint(code));
  const text = fc.string({ unit });
  const time = fc.option(fc.double());
  const changes = fc.record({
    label: fc.oneof(text, text.map((rest) => `#${rest}`)),
    name: text,
    note: fc.oneof(text, fc.string({ unit, minLength: 400, maxLength: 1200 })),
    address: fc.option(fc.oneof(fc.ipV4(), fc.ipV6(), text)),
    port: fc.option(fc.integer({ min: -1, max: 70_000 })),
    isVerified: fc.boolean(),
    isBlocked: fc.boolean(),
    isIgnored: fc.boolean(),
    addedAtMs: time,
    seenAtMs: time,
  });
  fc.assert(fc.property(changes, (changes) => {
    const contact = changeContact(createContact(BOB), changes);
    assertEquals(parseContactLine(formatContactLine(contact)), contact);
    const read = parse(`${formatContactLine(contact)}\n`);
    assertEquals([read.get(BOB), [...read.all, ...read.ignored]], [contact, [contact]]);
  }));
});

Deno.test("Contacts of a new file begin with a header", () => {
  const contacts = parse("");
  assertEquals(formatted(contacts), `${HEADER}\n`);
  contacts.upsert(BOB, {});
  assertEquals(formatted(contacts), `${HEADER}\n${BOB_LINE}\n`);
  assertEquals(formatted(parse(formatted(contacts))), formatted(contacts));
});

Deno.test("Contacts keep comments, blank lines, broken lines and repeats where they are", () => {
  const text = [
    HEADER,
    "# my people",
    "",
    ADA_LINE,
    "broken\tline",
    `  # indented`,
    `second\t${ADA}`,
    `Bob\t${BOB}`,
    "",
  ].join("\n");
  const contacts = parse(text);
  assertEquals(contacts.all.map((contact) => contact.label), ["Ada L.", "Bob"]);
  assertEquals(contacts.problems, [
    { lineNumber: 5, text: "broken\tline", reason: '"line" is not the id of a peer' },
    { lineNumber: 7, text: `second\t${ADA}`, reason: "an earlier line has the same id, and counts" },
  ]);
  assertEquals(formatted(contacts), text);
  contacts.upsert(BOB, { note: "x" });
  assertEquals(formatted(contacts), text.replace(`Bob\t${BOB}`, `Bob\t${BOB}\t-\t-\t-\t-\t-\t-\tx`));
});

Deno.test("Contacts keep every byte of lines that are not UTF-8", () => {
  const latin1 = Uint8Array.of(0x4a, 0xfc, 0x72, 0x67, 0x09, 0x0a);
  const contacts = parseContacts(latin1);
  assertEquals(contacts.problems, [{ lineNumber: 1, text: "J\uFFFDrg\t", reason: "it is not UTF-8 text" }]);
  contacts.upsert(BOB, {});
  assertEquals(contacts.format(), Uint8Array.of(...latin1, ...new TextEncoder().encode(`${BOB_LINE}\n`)));
});

Deno.test("Contacts keep a byte order mark and Windows line ends", () => {
  const text = `\uFEFF${HEADER}\r\nAda\t${ADA}\r\nBob\t${BOB}`;
  const contacts = parse(text);
  assertEquals([contacts.version, contacts.problems], [1, []]);
  assertEquals(contacts.findByName("bob").map((contact) => contact.id), [BOB]);
  assertEquals(formatted(contacts), text);
  contacts.upsert(ADA, { port: 80 });
  contacts.upsert(EVE, {});
  assertEquals(
    formatted(contacts),
    `\uFEFF${HEADER}\r\nAda\t${ADA}\t-\t80\t-\t-\t-\t-\t-\r\nBob\t${BOB}\r\n${
      BOB_LINE.replace(BOB, EVE)
    }\r\n`,
  );
});

Deno.test("Contacts know the version of the file", () => {
  assertEquals(parse("# earshot contacts 2: id\n").version, 2);
  assertEquals(parse("# hello\n").version, 1);
});

Deno.test("Contacts change, add and remove", () => {
  const contacts = parse(`${ADA_LINE}\n${BOB_LINE}\nagain\t${ADA}\n`);
  assertEquals(contacts.get(ADA), ADA_CONTACT);
  assertEquals(contacts.upsert(ADA, { isBlocked: false }), { ...ADA_CONTACT, isBlocked: false });
  assertEquals(contacts.get(ADA)?.isBlocked, false);
  assertEquals(contacts.upsert(EVE, { label: "Eve" }), { ...createContact(EVE), label: "Eve" });
  assertEquals(contacts.all.map((contact) => contact.id), [ADA, BOB, EVE]);
  assertEquals([contacts.remove(ADA), contacts.remove(ADA)], [true, false]);
  assertEquals(contacts.get(ADA), undefined);
  assertEquals(formatted(contacts), `${BOB_LINE}\nEve\t${EVE}\t-\t-\t-\t-\t-\t-\t-\n`);
});

Deno.test("Contacts leave a line as it was written by hand when nothing changes", () => {
  const contacts = parse(`  Bob \t${BOB.toUpperCase()}\n`);
  contacts.upsert(BOB, { label: "Bob", isBlocked: false });
  assertEquals(formatted(contacts), `  Bob \t${BOB.toUpperCase()}\n`);
});

Deno.test("Contacts are found by label, else by name, in any case", () => {
  const contacts = parse("");
  contacts.upsert(ADA, { label: "Ada", name: "countess" });
  contacts.upsert(EVE, { label: "", name: "ADA" });
  contacts.upsert(BOB, { label: "Bob", name: "Eve" });
  const found = (text: string) => contacts.findByName(text).map((contact) => contact.id);
  assertEquals(found("ada"), [ADA], "who calls herself Ada does not get in between");
  assertEquals(found(" COUNTESS "), [ADA]);
  assertEquals(found("eve"), [BOB]);
  assertEquals(found("nobody"), []);
  assertEquals(found(""), []);
  contacts.upsert(EVE, { label: "ADA" });
  assertEquals(found("ada"), [ADA, EVE]);
  contacts.upsert(BOB, { label: "José Groß" });
  assertEquals(found("JOSE GROSS"), [BOB]);
  contacts.upsert(EVE, { label: "jose gross" });
  assertEquals(found("JOSE GROSS"), [EVE], "letter by letter comes first");
});

Deno.test("Contacts take any bytes, and give them back as long as nothing is changed", () => {
  const piece = fc.constantFrom(
    "\n",
    "\r\n",
    "\t",
    "#",
    "-",
    "\uFEFF",
    "\uFFFD",
    "x",
    ADA,
    BOB,
    ADA_LINE,
    PLACE_LINE,
    HEADER,
  );
  const bytes = fc.oneof(
    fc.uint8Array({ minLength: 1 }),
    fc.array(piece, { minLength: 1 }).map((pieces) => new TextEncoder().encode(pieces.join(""))),
  );
  fc.assert(fc.property(bytes, (bytes) => {
    const contacts = parseContacts(bytes);
    assertEquals(contacts.format(), bytes);
    contacts.upsert(EVE, { label: "Eve" });
    const again = parseContacts(contacts.format());
    assertEquals(again.get(EVE)?.label, "Eve");
    assertEquals(again.all, contacts.all);
    assertEquals(again.plannedAddresses, contacts.plannedAddresses);
    contacts.remove(EVE);
    const rest = new TextDecoder().decode(contacts.format());
    assertEquals(rest.trimEnd(), new TextDecoder().decode(bytes).trimEnd());
  }));
});

Deno.test("Contacts keep who is ignored apart: no contact, and found by no name", () => {
  const contacts = parse(`Ada\t${ADA}\nEve\t${EVE}\t-\t-\tblocked,ignored\n`);
  contacts.upsert(BOB, { name: "bob", isIgnored: true });
  assertEquals(contacts.all.map(({ id }) => id), [ADA]);
  assertEquals(contacts.ignored.map(({ id, isBlocked }) => [id, isBlocked]), [[EVE, true], [BOB, false]]);
  assertEquals([contacts.findByName("eve"), contacts.findByName("bob")], [[], []]);
  assertEquals(contacts.get(BOB)?.isIgnored, true);
  contacts.upsert(EVE, { isIgnored: false });
  assertEquals(contacts.findByName("eve").map(({ id, isBlocked }) => [id, isBlocked]), [[EVE, true]]);
});

Deno.test("Contacts keep places where they are, as they were written, and add and remove them", () => {
  const written =
    ` Bob (old) \t-\t192.168.1.5\t 9999\n# between\n${BOB_LINE}\n\t\t\t\nZoë\t\tfe80::1\t9998\r\n`;
  const contacts = parse(written);
  assertEquals(contacts.plannedAddresses.map(({ label, address, port }) => [label, address, port]), [
    ["Bob (old)", "192.168.1.5", 9999],
    ["Zoë", "fe80::1", 9998],
  ]);
  assertEquals(contacts.problems.map(({ lineNumber }) => lineNumber), []);
  assertEquals(formatted(contacts), written);
  assertEquals(contacts.addPlannedAddress(PLACE), false, "the same address and name");
  assertEquals(contacts.addPlannedAddress({ ...PLACE, label: "#bob", port: 9998 }), true);
  assertEquals(contacts.addPlannedAddress({ ...PLACE, label: "\t-" }), false, "no label");
  assertEquals(contacts.addPlannedAddress({ ...PLACE, address: "bobs-pc" }), false, "no address");
  const added = " #bob\t-\t192.168.1.5\t9998\t-\t2026-11-20T14:03:22Z\t-\t-\tfrom work\n";
  assertEquals(formatted(contacts), written + added);
  assertEquals(parse(formatted(contacts)).plannedAddresses, contacts.plannedAddresses);
  assertEquals([contacts.removePlannedAddress(PLACE), contacts.removePlannedAddress(PLACE)], [true, false]);
  assertEquals(formatted(contacts), written.slice(written.indexOf("# between")) + added);
});

Deno.test("Contacts take the first of two lines of one place, and remove both", () => {
  const contacts = parse(`${PLACE_LINE}\nBOB (OLD)\t-\t192.168.1.5\t9999\n`);
  assertEquals(contacts.problems, [
    {
      lineNumber: 2,
      text: "BOB (OLD)\t-\t192.168.1.5\t9999",
      reason: "an earlier line has the same place, and counts",
    },
  ]);
  assertEquals(contacts.plannedAddresses, [PLACE]);
  contacts.removePlannedAddress(PLACE);
  assertEquals(formatted(contacts), `${HEADER}\n`);
});

Deno.test("Places need no new version: a reader that knows none of them takes their lines for mistakes, and keeps those", () => {
  // What it does with any id that is none; "-" was none to it either.
  const older = parse(`Ada\t${ADA}\nBob\tno-id\t192.168.1.5\t9999\n`);
  assertEquals(older.problems.length, 1);
  older.upsert(ADA, { note: "x" });
  assertEquals(formatted(older), `Ada\t${ADA}\t-\t-\t-\t-\t-\t-\tx\nBob\tno-id\t192.168.1.5\t9999\n`);
  assertEquals(parse(formatted(parse(`${PLACE_LINE}\n`))).version, 1);
});

import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../../src/errors.ts";
import { crowd, idFrom } from "../../fixtures/node/known_people.ts";

Deno.test("People finds whom a user means by a name, a label, a tag or the start of an id", async () => {
  const { peerDirectory, hear, addContact } = await crowd();
  addContact("bobb", { label: "Boss", name: "bob" });
  addContact("aaal", { name: "alice" });
  hear("k3fw", "alice");
  hear("mmmm", "Boss");
  hear("dddd", "dora");
  hear("ddee", "dora");
  hear("evee", "eve");
  hear("ffff", "k3fw");
  const cases: readonly [string, string][] = [
    ["Boss", "bobb"],
    ["boss", "bobb"],
    ["bob", "bobb"],
    ["alice", "aaal"],
    ["ALICE", "aaal"],
    ["ａｌｉｃｅ", "aaal"],
    ["alice·k3fw", "k3fw"],
    ["alice·aaal", "aaal"],
    ["dora·ddee", "ddee"],
    ["eve", "evee"],
    ["dddd", "dddd"],
    ["DDDD", "dddd"],
    ["ddeea", "ddee"],
    // A name is meant before an id: typed starts of ids are long, names are short.
    ["k3fw", "ffff"],
    ["k3fwa", "k3fw"],
    ["Boss·mmmm", "mmmm"],
  ];
  for (const [text, start] of cases) assertEquals(peerDirectory.find(text), idFrom(start), text);
});

Deno.test("People says whom it could be, or that it is nobody, when it is not one", async () => {
  const { peerDirectory, hear, addContact } = await crowd();
  addContact("bobb", { label: "Boss", name: "bob" });
  addContact("bobc", { name: "bob" });
  addContact("bobd", { name: "bob" });
  hear("dddd", "dora");
  hear("ddde", "dora");
  hear("evee", "evelyn");
  const cases: readonly [string, string][] = [
    ["dora", 'More than one peer is called "dora": dora·dddd, dora·ddde. Say which one'],
    ["bob", 'More than one peer is called "bob": Boss, bob·bobc, bob·bobd. Say which one'],
    ["evelin", 'Nobody here is called "evelin". Did you mean "evelyn"?'],
    ["bos", 'Nobody here is called "bos". Did you mean "Boss"?'],
    ["zacharias", 'Nobody here is called "zacharias". See who is here: earshot peers'],
    ["ddd", 'Nobody here is called "ddd". See who is here: earshot peers'],
    ["dora·eeee", 'Nobody here is called "dora·eeee". Did you mean "dora·ddde"?'],
    ["evelyn·dddd", 'Nobody here is called "evelyn·dddd". See who is here: earshot peers'],
    ["", 'Nobody here is called "". See who is here: earshot peers'],
    ["\x1b[2J", 'Nobody here is called "^[[2J". See who is here: earshot peers'],
  ];
  for (const [text, message] of cases) {
    const error = assertThrows(() => peerDirectory.find(text), UsageError);
    assertEquals(error.message, message, text);
  }
});

Deno.test("People finds nobody in a crowd of nobody", async () => {
  const { peerDirectory } = await crowd();
  const error = assertThrows(() => peerDirectory.find("alice"), UsageError);
  assertEquals(error.message, 'Nobody here is called "alice". See who is here: earshot peers');
  assertEquals(peerDirectory.toRows(peerDirectory.listKnown()), []);
});

Deno.test("People shows each by the best name that is known, told apart from others", async () => {
  const { peerDirectory, hear, addContact } = await crowd();
  const cases: readonly [string, () => unknown, string][] = [
    ["aaaa", () => hear("aaaa", "claimed"), "claimed"],
    ["bbbb", () => addContact("bbbb", { name: "kept" }), "kept"],
    ["cccc", () => addContact("cccc", { name: "kept too", label: "mine" }), "mine"],
    ["dddd", () => {
      hear("dddd", "claimed again");
      peerDirectory.setProfile(idFrom("dddd"), {
        type: "profile",
        name: "proved",
        away: "",
        rendezvousPort: 9999,
        merit: 1,
        rooms: [],
      });
    }, "proved"],
    ["eeee", () => addContact("eeee", {}), "eeeeaaaa"],
    ["ffff", () => hear("ffff", "twin"), "twin·ffff"],
    ["gggg", () => hear("gggg", "Twin"), "Twin·gggg"],
    ["ffgg", () => hear("ffgg", "evil\u202Etxt"), "evil⟨202E⟩txt·ffgg"],
  ];
  for (const [, prepare] of cases) prepare();
  assertEquals(
    cases.map(([start]) => peerDirectory.labelOf(idFrom(start))),
    cases.map(([, , label]) => label),
  );
});

Deno.test("People gives a name that its owner proved before one that a datagram claims, and the user's own before both", async () => {
  const { peerDirectory, hear, addContact } = await crowd();
  const id = hear("abcd", "claimed");
  peerDirectory.setProfile(id, {
    type: "profile",
    name: "proved",
    away: "",
    rendezvousPort: 9999,
    merit: 1,
    rooms: [],
  });
  assertEquals(peerDirectory.nameOf(id), "proved");
  addContact("abcd", { name: "kept", label: "Dad" });
  assertEquals(peerDirectory.nameOf(id), "Dad");
  peerDirectory.setProfile(id, undefined);
  assertEquals([peerDirectory.find("Dad"), peerDirectory.find("kept"), peerDirectory.find("claimed")], [
    id,
    id,
    id,
  ]);
});

Deno.test("People tells in a row where somebody is, when they were heard, and whether the user knows them", async () => {
  const { peerDirectory, hear, addContact, time } = await crowd();
  const heard = hear("aaaa", "ada");
  const kept = addContact("bbbb", {
    name: "bob",
    address: "10.1.1.1",
    port: 9998,
    seenAtMs: Date.UTC(2025, 0, 1),
    isVerified: true,
    note: "met at \u202Ework",
  });
  const startMs = time.nowMs;
  await time.runFor(5_000);
  const [ada, bob] = peerDirectory.toRows([heard, kept]);
  assertEquals(ada, {
    id: heard,
    name: "ada",
    alike: null,
    label: "",
    address: "10.0.0.1",
    port: 9999,
    seen: new Date(Math.floor(1_767_225_600_000 + startMs)).toISOString(),
    here: true,
    connected: false,
    verified: false,
    contact: false,
    blocked: false,
    away: null,
    note: "",
  });
  assertEquals(bob, {
    id: kept,
    name: "bob",
    alike: null,
    label: "",
    address: "10.1.1.1",
    port: 9998,
    seen: "2025-01-01T00:00:00.000Z",
    here: false,
    connected: false,
    verified: true,
    contact: true,
    blocked: false,
    away: null,
    note: "met at ⟨202E⟩work",
  });
  assertEquals([peerDirectory.listPresent(), peerDirectory.listKnown()], [[heard], [heard, kept]]);
});

Deno.test("People finds whom the user ignores or has blocked last, so that they can be unblocked", async () => {
  const { peerDirectory, hear, addContact } = await crowd();
  const ignored = addContact("iggy", { name: "mallory", isIgnored: true });
  const blocked = addContact("bloc", { name: "trudy", isIgnored: true, isBlocked: true });
  assertEquals([peerDirectory.find("mallory"), peerDirectory.find("trudy"), peerDirectory.find("iggya")], [
    ignored,
    blocked,
    ignored,
  ]);
  assertEquals(peerDirectory.toRows([ignored, blocked]).map(({ contact, blocked }) => [contact, blocked]), [
    [false, false],
    [false, true],
  ]);
  const other = hear("gggg", "mallory");
  hear("iggy", "mallory");
  assertEquals(peerDirectory.find("mallory"), other, "somebody real is meant before");
  assertEquals(peerDirectory.find("mallory·iggy"), ignored);
  addContact("bbbb", { name: "bob", isBlocked: true });
  hear("hhhh", "bob");
  assertEquals(peerDirectory.find("bob"), idFrom("bbbb"), "a blocked contact is a contact");
});

Deno.test("People finds who is in a room with us, or talks to us, although they are not here", async () => {
  const { peerDirectory, rooms, hear } = await crowd();
  const gone = idFrom("gone");
  rooms.openDirect(gone);
  assertEquals(peerDirectory.find("gonea"), gone);
  hear("gonf", "gone");
  assertEquals(peerDirectory.find("gone"), idFrom("gonf"));
  assertThrows(() => peerDirectory.find("me"), UsageError, 'Nobody here is called "me"');
});

Deno.test("People says that somebody is only an address so far, and never takes a stranger of that name instead", async () => {
  const { peerDirectory, contacts, hear, addContact } = await crowd();
  const place = { label: "bob", address: "10.1.1.5", port: 9999, addedAtMs: null, note: "" };
  contacts.addPlannedAddress(place);
  contacts.addPlannedAddress({ ...place, label: "carol", address: "fe80::1" });
  hear("bbbb", "bob");
  assertEquals(peerDirectory.findPlace(" BOB "), place);
  assertEquals(peerDirectory.findPlace("10.1.1.5"), place);
  assertEquals(peerDirectory.findPlace("10.1.1.5:9999"), place);
  assertEquals(peerDirectory.findPlace("[fe80::1]:9999")?.label, "carol");
  assertEquals([peerDirectory.findPlace("10.1.1.5:9998"), peerDirectory.findPlace("alice")], [null, null]);
  const cases: readonly [string, string][] = [
    [
      "bob",
      '"bob" is only a saved address so far (10.1.1.5 port 9999). ' +
      "Connect to it first: earshot connect bob",
    ],
    ["carl", 'Nobody here is called "carl". Did you mean "carol"?'],
  ];
  for (const [text, message] of cases) {
    assertEquals(assertThrows(() => peerDirectory.find(text), UsageError).message, message);
  }
  assertEquals(peerDirectory.find("bob·bbbb"), idFrom("bbbb"));
  contacts.addPlannedAddress({ ...place, address: "10.1.1.6" });
  assertThrows(
    () => peerDirectory.findPlace("bob"),
    UsageError,
    'More than one saved address is called "bob": bob at 10.1.1.5 port 9999, bob at 10.1.1.6 port 9999. Use the address instead',
  );
  addContact("cccc", { label: "bob" });
  assertEquals([peerDirectory.findPlace("bob"), peerDirectory.find("bob")], [null, idFrom("cccc")]);
});

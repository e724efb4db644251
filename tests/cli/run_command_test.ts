import { message } from "../../src/messages/message.ts";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { UsageError, WorldError } from "../../src/errors.ts";
import type { Command, Replies } from "../../src/api/commands.ts";
import type { RoomId } from "../../src/room/id.ts";
import {
  ALICE,
  BOB,
  HOME,
  KITCHEN,
  logRow,
  Machine,
  peerRow,
  processWith,
  roomRow,
  type Script,
  WITH_BOB,
} from "../fixtures/cli/machine.ts";

const LINK = `earshot://10.0.0.2:9999/${KITCHEN}/${"s".repeat(26)}/${"a".repeat(16)}`;
const STATUS: Replies["status"] = {
  id: ALICE,
  name: "alice",
  version: "1.2.3",
  home: HOME,
  pid: 101,
  port: 9999,
  discoveryPort: 9999,
  sessions: 0,
  peers: 0,
  rooms: 0,
  away: null,
  outlook: "",
  interfaces: [],
  giving: [],
  notices: [],
};
const SCRIPT: Script = {
  status: STATUS,
  doctor: {
    id: ALICE,
    version: "1.2.3",
    os: "linux",
    home: HOME,
    program: "/usr/bin/earshot",
    findings: [{ about: "vpn", looked: "VPN", state: "ok", found: "None.", advice: "", commands: [] }],
  },
  peers: { peers: [peerRow()], outlook: "" },
  rooms: { rooms: [roomRow()], outlook: "" },
  contacts: {
    contacts: [peerRow({ contact: true })],
    places: [{ name: "grandpa", address: "10.0.0.9", port: 9999 }],
    broken: [{ line: 3, text: "x", reason: "it has no id" }],
  },
  host: { room: roomRow({ members: 1, host: "alice" }) },
  join: { room: roomRow(), note: "Somebody here is called alice too" },
  leave: { room: roomRow({ joined: false }) },
  connect: { peer: peerRow(), rooms: [roomRow()] },
  log: { room: roomRow(), rows: [logRow()], isStart: true, isEnd: true },
  export: { title: "Kitchen", text: "# Kitchen\n14:03 bob: hello\n", count: 1 },
  nick: { name: "alice" },
  members: { room: roomRow(), members: [{ ...peerRow(), me: false, relays: true, forked: false }] },
  save: { peer: peerRow({ contact: true }) },
  forget: { name: "bob" },
  note: ({ text }) => ({ peer: peerRow({ contact: true, note: text }) }),
  block: ({ isBlocked }) => ({ peer: peerRow({ blocked: isBlocked }) }),
  words: { peer: peerRow(), words: ["abandon", "ability", "able", "about", "above", "absent"] },
  verify: ({ isVerified }) => ({ peer: peerRow({ verified: isVerified }) }),
  requests: {
    requests: [{ peer: peerRow({ name: "carol" }), roomId: WITH_BOB, rows: [logRow({ name: "carol" })] }],
    invitations: [{ roomId: KITCHEN, title: "Kitchen", from: peerRow() }],
  },
  accept: { peer: peerRow({ contact: true }), room: roomRow({ id: WITH_BOB, title: "bob", direct: true }) },
  ignore: { peer: peerRow() },
  search: { rows: [logRow()], count: 3 },
  invite: { room: roomRow({ invited: true }), link: LINK, told: ["bob"] },
  renew: { room: roomRow({ invited: true }), link: LINK, told: ["bob", "carol"] },
};

const ROOM_JSON =
  `{"id":"${KITCHEN}","title":"Kitchen","direct":false,"invited":false,"request":false,"peer":null,"members":2,"host":"bob","joined":true,"unread":0`;

const CASES: {
  words: string;
  asks: Command[];
  network: boolean;
  out: string | RegExp;
  json: string | RegExp;
}[] = [
  {
    words: "peers",
    asks: [{ do: "peers" }],
    network: true,
    out: /^NAME .*\nbob {3}bbbbbbbb /,
    json:
      /^{"id":"b+q","name":"bob","alike":null,"address":"10.0.0.5","port":9999,"seen":".*","here":true,"connected":false,"verified":false,"contact":false,"blocked":false,"away":null,"label":"","note":""}\n$/,
  },
  {
    words: "rooms",
    asks: [{ do: "rooms" }],
    network: true,
    out: /^ROOM .*\n#Kitchen /,
    json: `${ROOM_JSON}}\n`,
  },
  {
    words: "status",
    asks: [{ do: "status" }],
    network: true,
    out: /^Name {5}alice /,
    json: /^{"id":"a+","name":"alice",/,
  },
  {
    words: "rescan",
    asks: [{ do: "rescan" }, { do: "peers" }],
    network: true,
    out: /^NAME /,
    json: /^{"id":"b+q",/,
  },
  {
    words: "contacts",
    asks: [{ do: "contacts" }],
    network: false,
    out: /^NAME /,
    json: /^{"id":"b+q",.*}\n{"id":null,"name":"grandpa","address":"10.0.0.9","port":9999}\n$/,
  },
  {
    words: "host Kitchen",
    asks: [{ do: "host", title: "Kitchen", isInvited: false }],
    network: true,
    out: "You are in #Kitchen (1 member, hosted by alice).\n",
    json: /^{"id":"k+a","title":"Kitchen",.*"note":null}\n$/,
  },
  {
    words: "join Kitchen",
    asks: [{ do: "join", room: "Kitchen" }],
    network: true,
    out: "You are in #Kitchen (2 members, hosted by bob).\nSomebody here is called alice too.\n",
    json: `${ROOM_JSON},"note":"Somebody here is called alice too"}\n`,
  },
  {
    words: "doctor",
    asks: [{ do: "doctor" }],
    network: true,
    out: "ok    VPN\n      None.\n\nNo problems.\n",
    json: '{"about":"vpn","looked":"VPN","state":"ok","found":"None.","advice":"","commands":[]}\n',
  },
  {
    words: "doctor --report",
    asks: [{ do: "doctor" }],
    network: true,
    out: /^earshot 1\.2\.3 on linux, id \w{8}…, \S+\nok +VPN: None\.\nNo problems\.\n$/,
    json: /^{"report":"earshot 1\.2\.3 on linux, .*"}\n$/,
  },
  {
    words: "leave Kitchen",
    asks: [{ do: "leave", room: "Kitchen" }],
    network: false,
    out: "You have left #Kitchen. What was said in it is kept.\n",
    json: /^{"id":"k+a",.*"joined":false,/,
  },
  {
    words: "connect 10.0.0.5",
    asks: [{ do: "connect", to: "10.0.0.5" }],
    network: true,
    out: "Connected to bob (bbbbbbbb), who is hosting #Kitchen.\n",
    json: /^{"peer":{.*},"rooms":\[{.*}\]}\n$/,
  },
  {
    words: "log bob --last 5",
    asks: [{ do: "log", to: "bob", last: 5, markRead: true }],
    network: false,
    out: "2026-11-20\n14:03  bob: hello\n",
    json: /^{"room":"Kitchen",.*"name":"bob","number":1,"kind":"text","text":"hello",.*"state":null}\n$/,
  },
  {
    words: "export bob",
    asks: [{ do: "export", to: "bob", format: "txt" }],
    network: false,
    out: "# Kitchen\n14:03 bob: hello\n",
    json: '{"title":"Kitchen","count":1,"text":"# Kitchen\\n14:03 bob: hello\\n"}\n',
  },
  {
    words: "nick alice",
    asks: [{ do: "nick", name: "alice" }],
    network: false,
    out: "Others see you as alice now.\n",
    json: '{"name":"alice"}\n',
  },
  {
    words: "connect bob 9998",
    asks: [{ do: "connect", to: "bob", port: 9998 }],
    network: true,
    out: "Connected to bob (bbbbbbbb), who is hosting #Kitchen.\n",
    json: /^{"peer":{.*},"rooms":\[{.*}\]}\n$/,
  },
  {
    words: "who Kitchen",
    asks: [{ do: "members", room: "#Kitchen" }],
    network: true,
    out: /^#Kitchen: 1 member\nNAME .*\nbob .* here, host\n$/,
    json: /^{"id":"b+q",.*"me":false,"relays":true,"forked":false}\n$/,
  },
  {
    words: "contacts add bob Dad",
    asks: [{ do: "save", peer: "bob", label: "Dad" }],
    network: true,
    out: "bob (bbbbbbbb) is one of your contacts.\n",
    json: /^{"id":"b+q",.*"contact":true,/,
  },
  {
    words: "contacts add 10.0.0.5:9998 Dad",
    asks: [{ do: "connect", to: "10.0.0.5", port: 9998 }, { do: "save", peer: BOB, label: "Dad" }],
    network: true,
    out: "bob (bbbbbbbb) is one of your contacts.\n",
    json: /^{"id":"b+q",.*"contact":true,/,
  },
  {
    words: "contacts remove bob",
    asks: [{ do: "forget", peer: "bob" }],
    network: false,
    out: "bob is no contact any more. What was said is kept.\n",
    json: '{"name":"bob"}\n',
  },
  {
    words: "contacts rename bob Dad",
    asks: [{ do: "save", peer: "bob", label: "Dad" }],
    network: true,
    out: "bob (bbbbbbbb) is one of your contacts.\n",
    json: /^{"id":"b+q",/,
  },
  {
    words: "contacts note bob owes me a tea",
    asks: [{ do: "note", peer: "bob", text: "owes me a tea" }],
    network: false,
    out: "Noted about bob: owes me a tea\n",
    json: /^{"id":"b+q",.*"note":"owes me a tea"}\n$/,
  },
  {
    words: "contacts block bob",
    asks: [{ do: "block", peer: "bob", isBlocked: true }],
    network: false,
    out: "bob (bbbbbbbb) is blocked: you hear nothing of them. If they try, they read that you refuse.\n" +
      "What they said is kept, but not shown. To undo it: earshot contacts unblock bob\n",
    json: /^{"id":"b+q",.*"blocked":true,/,
  },
  {
    words: "contacts unblock bob",
    asks: [{ do: "block", peer: "bob", isBlocked: false }],
    network: false,
    out: "bob (bbbbbbbb) is not blocked any more.\n",
    json: /^{"id":"b+q",.*"blocked":false,/,
  },
  {
    words: "contacts verify bob",
    asks: [{ do: "words", peer: "bob" }],
    network: false,
    out: [
      "The words of you and bob (bbbbbbbb):",
      "",
      "    ABANDON  ABILITY  ABLE",
      "    ABOUT    ABOVE    ABSENT",
      "",
      "Read them to each other, by voice or side by side, not in this chat.",
      "The same on both screens? Nobody is between you:  earshot contacts verify bob --yes",
      "Not the same? Do not trust this connection:  earshot contacts verify bob --no",
      "",
    ].join("\n"),
    json: /^{"peer":{.*},"words":\["abandon","ability","able","about","above","absent"\]}\n$/,
  },
  {
    words: "contacts verify bob --yes",
    asks: [{ do: "verify", peer: "bob", isVerified: true }],
    network: false,
    out: "bob (bbbbbbbb) is verified: it is who you compared the words with.\n",
    json: /^{"id":"b+q",.*"verified":true,/,
  },
  {
    words: "contacts verify bob --no",
    asks: [{ do: "verify", peer: "bob", isVerified: false }],
    network: false,
    out: "bob (bbbbbbbb) is not verified.\n",
    json: /^{"id":"b+q",.*"verified":false,/,
  },
  {
    words: "requests",
    asks: [{ do: "requests" }],
    network: false,
    out: [
      "carol (bbbbbbbb) says:",
      "2026-11-20",
      "14:03  carol: hello",
      "  earshot accept carol          to talk",
      "  earshot ignore carol          to let it be; they are not told",
      "  earshot contacts block carol  to hear nothing of them any more",
      "",
      "bob (bbbbbbbb) invites you to #Kitchen:",
      "  earshot join Kitchen",
      "",
    ].join("\n"),
    json: /^{"kind":"request","peer":{.*},.*}\n{"kind":"invitation","roomId":"k+a","title":"Kitchen",.*}\n$/,
  },
  {
    words: "accept bob",
    asks: [{ do: "accept", peer: "bob" }],
    network: false,
    out: "bob (bbbbbbbb) is one of your contacts now. To answer: earshot send bob TEXT\n",
    json: /^{"peer":{.*},"room":{.*}}\n$/,
  },
  {
    words: "ignore bob",
    asks: [{ do: "ignore", peer: "bob" }],
    network: false,
    out:
      "What bob (bbbbbbbb) said is set aside; they are not told. To hear nothing more of them: earshot contacts block bob\n",
    json: /^{"id":"b+q",/,
  },
  {
    words: "search hello --last 1",
    asks: [{ do: "search", text: "hello", last: 1 }, { do: "rooms" }],
    network: false,
    out: "The newest 1 of 3:\n2026-11-20\n14:03  [#Kitchen] bob: hello\n",
    json: /^{"room":"Kitchen",.*"text":"hello",/,
  },
  {
    words: "invite Kitchen bob",
    asks: [{ do: "invite", room: "Kitchen", peers: ["bob"] }],
    network: true,
    out:
      `Whoever has this link can join #Kitchen; keep it to those whom you invite:\n${LINK}\nIt was sent to bob.\n`,
    json: /^{"room":{.*},"link":"earshot:.*","told":\["bob"\]}\n$/,
  },
  {
    words: "renew Kitchen --without eve",
    asks: [{ do: "renew", room: "Kitchen", without: ["eve"] }],
    network: true,
    out:
      `#Kitchen has moved to a new room, with a new link; the old one leads nowhere new:\n${LINK}\nIt was sent to bob, carol.\n`,
    json: /^{"room":{.*},"link":"earshot:.*","told":\["bob","carol"\]}\n$/,
  },
];

function assertText(actual: string, expected: string | RegExp): void {
  if (typeof expected === "string") assertEquals(actual, expected);
  else assertMatch(actual, expected);
}

for (const { words, asks, network, out, json } of CASES) {
  Deno.test(`runEarshot does "earshot ${words}" with a node of its own, for people and for scripts`, async () => {
    const { process } = processWith(SCRIPT);
    assertEquals(await process.run(...words.split(" ")), 0);
    assertEquals(process.node?.commands, asks);
    assertEquals(process.nodeOptions?.network, network);
    assertEquals(process.node?.isDisposed, true);
    assertText(process.console.outText, out);
    const script = processWith(SCRIPT).process;
    assertEquals(await script.run(...words.split(" "), "--json"), 0);
    assertText(script.console.outText, json);
  });

  Deno.test(`runEarshot does "earshot ${words}" with the node that runs`, async () => {
    const machine = new Machine();
    const running = machine.process({ script: SCRIPT });
    const ended = running.start("node");
    await machine.time.runFor(1_000);
    const process = machine.process();
    assertEquals(await process.run(...words.split(" "), "--quiet"), 0);
    const asked = running.node?.commands.slice(1);
    assertEquals(asked, words === "rescan" ? [{ do: "rescan" }] : asks);
    if (words !== "rescan") assertText(process.console.outText, out);
    running.interrupt();
    assertEquals(await machine.time.drive(ended), 0);
  });
}

Deno.test("runEarshot listens a moment before it tells who is here, with a node of its own only", async () => {
  const { machine, process } = processWith(SCRIPT);
  await process.run("peers");
  assertEquals(machine.time.nowMs >= 1_500, true);
});

Deno.test("runEarshot tries again for a room that may still turn up, and gives up after a while", async () => {
  let tries = 0;
  const join = () => {
    if (++tries < 3) throw new UsageError(message("text.any", { text: "No room here is called so" }));
    return { room: roomRow(), note: null };
  };
  const { process } = processWith({ join });
  assertEquals(await process.run("join", "Kitchen"), 0);
  assertEquals(tries, 3);
  const { machine, process: other } = processWith({
    join: () => {
      throw new UsageError(message("text.any", { text: "No room here is called so" }));
    },
  });
  assertEquals(await other.run("join", "Kitchen"), 2);
  assertEquals(other.console.errText, "earshot: No room here is called so\n");
  assertEquals(machine.time.nowMs >= 3_000 && machine.time.nowMs < 4_000, true);
});

Deno.test("runEarshot tries an address once: nobody turns up there", async () => {
  const { process } = processWith({
    join: () => {
      throw new UsageError(message("text.any", { text: "bob relays several rooms" }));
    },
  });
  assertEquals(await process.run("join", "10.0.0.5"), 2);
  assertEquals(process.node?.commands.length, 1);
});

Deno.test("runEarshot warns of lines in contacts.dat that are none", async () => {
  const { process } = processWith(SCRIPT);
  await process.run("contacts");
  assertEquals(
    process.console.errText,
    "earshot: Line 3 of contacts.dat is no contact: it has no id. It is kept as it is\n",
  );
  const script = processWith(SCRIPT).process;
  await script.run("contacts", "--json");
  assertEquals(
    script.console.errText,
    '{"warning":"Line 3 of contacts.dat is no contact: it has no id. It is kept as it is"}\n',
  );
});

Deno.test("runEarshot marks a log as read for people, not for scripts", async () => {
  const { process } = processWith(SCRIPT);
  await process.run("log", "bob", "--json");
  assertEquals(process.node?.commands, [{ do: "log", to: "bob", markRead: false }]);
});

Deno.test("runEarshot exports to a file, and over another one only by force", async () => {
  const { machine, process } = processWith(SCRIPT);
  await machine.time.drive(machine.disk.makeFolder("/desk"));
  const run = (...more: string[]) =>
    machine.process({ script: SCRIPT }).run("export", "bob", "-o", "out.txt", ...more);
  assertEquals(await process.run("export", "bob", "-o", "out.txt"), 0);
  assertEquals(process.console.outText, "1 line of Kitchen saved to /desk/out.txt\n");
  assertEquals(await run(), 1);
  assertEquals(await run("--force"), 0);
  const bytes = await machine.time.drive(machine.disk.read("/desk/out.txt"));
  assertEquals(new TextDecoder().decode(bytes ?? undefined), "# Kitchen\n14:03 bob: hello\n");
});

Deno.test("runEarshot writes every conversation to a file of its own, and says which it could not", async () => {
  const rooms = [
    roomRow(),
    roomRow({ id: WITH_BOB, title: "../bob", direct: true }),
    roomRow({ id: ALICE.slice(0, 26) as RoomId, title: "Nearby", joined: false }),
  ];
  const script: Script = {
    rooms: { rooms, outlook: "" },
    export: ({ to }) => {
      const room = rooms.find(({ id }) => id === to);
      if (room?.title === "Nearby") {
        throw new UsageError(message("text.any", { text: "Nobody here is called so" }));
      }
      return { title: room?.title ?? "", text: `# ${room?.title}\n`, count: 2 };
    },
  };
  const machine = new Machine();
  await machine.time.drive(machine.disk.makeFolder("/desk"));
  const run = async (...more: string[]) => {
    const process = machine.process({ script });
    return { code: await process.run("export", "--all", "chats", "--format", "md", ...more), process };
  };
  const files = [`Kitchen-${KITCHEN}.md`, `bob-${WITH_BOB}.md`];
  const [kitchen = "", bob = ""] = files.map((name) => join("/desk", "chats", name));
  const first = await run();
  assertEquals(first.code, 0);
  assertEquals(
    first.process.console.outText,
    `2 lines of Kitchen saved to ${kitchen}\n2 lines of ../bob saved to ${bob}\n`,
  );
  assertEquals(await machine.time.drive(machine.disk.list("/desk/chats")), files);
  await machine.time.drive(machine.disk.remove(bob));
  const second = await run();
  assertEquals(second.code, 1);
  assertEquals(
    second.process.console.outText,
    `2 lines of ../bob saved to ${bob}\n`,
  );
  assertEquals(
    second.process.console.errText,
    `earshot: "${kitchen}" already exists. Nothing was written. Use --force to replace it, or another name\n1 of 2 conversations saved.\n`,
  );
  assertEquals((await run("--force", "--json")).process.json, [
    { title: "Kitchen", count: 2, file: kitchen },
    { title: "../bob", count: 2, file: bob },
  ]);
});

Deno.test("runEarshot writes nothing into its own folder", async () => {
  for (const words of [["bob", "-o", `${HOME}/x.txt`], ["--all", HOME], ["--all", `${HOME}/rooms`]]) {
    const { process } = processWith({ ...SCRIPT, rooms: { rooms: [], outlook: "" } });
    assertEquals(await process.run("export", ...words), 2);
    assertStringIncludes(process.console.errText, "is in earshot's own folder");
  }
});

Deno.test("runEarshot imports contacts from a file or from standard input", async () => {
  const reply: Replies["import"] = {
    added: [{ name: "grandpa", address: "10.0.0.9", port: 9999 }],
    knownCount: 1,
    broken: [{ line: 3, text: "x", reason: "it has no port" }],
  };
  const out = [
    "1 contact taken over. 1 line said nothing new.",
    "  grandpa  10.0.0.9:9999",
    "Line 3 was left out: it has no port",
    "Whoever is there is known once you are connected: earshot connect NAME",
    "",
  ].join("\n");
  const text = "10.0.0.9 9999 grandpa\n";
  for (const file of ["old.txt", "-"]) {
    const { machine, process } = processWith({ import: reply });
    machine.drive.put("/desk/old.txt", new TextEncoder().encode(text));
    process.console.type(text.slice(0, 5));
    process.console.type(text.slice(5));
    process.console.type(null);
    assertEquals(await process.run("contacts", "import", file), 0);
    assertEquals(process.node?.commands, [{ do: "import", text }]);
    assertEquals(process.console.outText, out);
  }
  const { process } = processWith({ import: reply });
  assertEquals(await process.run("contacts", "import", "none.txt"), 2);
  assertEquals(process.console.errText, 'earshot: There is no file "/desk/none.txt"\n');
});

Deno.test("runEarshot imports lists in older encodings, and fails if they have no contact in them", async () => {
  const told = "earshot: The list is not UTF-8, so it was read as Windows-1252. " +
    "Check the names with letters beyond a to z\n";
  const files: [bytes: number[], text: string, told: string][] = [
    [[0xff, 0xfe, 0x5a, 0, 0x6f, 0, 0xeb, 0, 0x0a, 0], "Zo\u00EB\n", ""],
    [[0xfe, 0xff, 0, 0x5a, 0, 0x6f, 0, 0xeb, 0, 0x0a], "Zo\u00EB\n", ""],
    [[0xef, 0xbb, 0xbf, 0x5a, 0x6f, 0xc3, 0xab], "Zo\u00EB", ""],
    [[0x5a, 0x6f, 0xeb, 0x20, 0x96], "Zo\u00EB \u2013", told],
  ];
  for (const [bytes, text, errText] of files) {
    const { machine, process } = processWith({ import: { added: [], knownCount: 0, broken: [] } });
    machine.drive.put("/desk/old.txt", Uint8Array.from(bytes));
    assertEquals(await process.run("contacts", "import", "old.txt"), 1);
    assertEquals(process.node?.commands, [{ do: "import", text }]);
    assertEquals(process.console.errText, errText);
  }
});

const RUNNING: [words: string[], asks: Command, script: Script, out: string][] = [
  [
    ["away", "lunch"],
    { do: "away", text: "lunch" },
    { away: { text: "lunch" } },
    "You are away: lunch. To come back: earshot back\n",
  ],
  [
    ["away"],
    { do: "away", text: "" },
    { away: { text: "away" } },
    "You are away. To come back: earshot back\n",
  ],
  [["back"], { do: "away", text: null }, { away: { text: null } }, "You are back.\n"],
  [
    ["disconnect", "bob"],
    { do: "disconnect", peer: "bob" },
    { disconnect: { peer: peerRow() } },
    "Disconnected from bob (bbbbbbbb). To connect again: earshot connect bob\n",
  ],
];

for (const [words, asks, script, out] of RUNNING) {
  Deno.test(`runEarshot does "earshot ${words.join(" ")}" with the node that runs, and no other`, async () => {
    const machine = new Machine();
    const running = machine.process({ script });
    const ended = running.start("node");
    await machine.time.runFor(1_000);
    const process = machine.process();
    assertEquals(await process.run(...words), 0);
    assertEquals(running.node?.commands.slice(1), [asks]);
    assertEquals(process.console.outText, out);
    running.interrupt();
    await machine.time.drive(ended);
    const alone = machine.process({ script });
    assertEquals(await alone.run(...words), 1);
    assertEquals(
      alone.console.errText,
      `earshot: No earshot is running with the home "${HOME}". Start it with "earshot"\n`,
    );
    assertEquals(alone.node, undefined);
  });
}

Deno.test("runEarshot stops the running node, and says so if there is none", async () => {
  const machine = new Machine();
  const running = machine.process();
  const ended = running.start("node", "--quiet");
  await machine.time.runFor(1_000);
  const stop = machine.process();
  assertEquals(await stop.run("stop"), 0);
  assertEquals(stop.console.errText, "Stopped.\n");
  assertEquals(await machine.time.drive(ended), 0);
  const again = machine.process();
  assertEquals(await again.run("stop"), 1);
  assertEquals(again.console.errText, `earshot: No earshot is running with the home "${HOME}"\n`);
});

Deno.test("runEarshot shows help and the version without a home or a node", async () => {
  for (
    const words of [["help"], ["help", "send"], ["send", "--help"], ["--version"], ["--version", "--json"]]
  ) {
    const { process } = processWith({});
    process.environment.defaultHome = () => {
      throw new Error("not asked");
    };
    assertEquals(await process.run(...words), 0);
    assertStringIncludes(
      process.console.outText,
      words.includes("--json") ? '{"version":"1.2.3"}' : "earshot ",
    );
    assertEquals(process.node, undefined);
  }
});

const FAILURES: [what: string, error: Error, exitCode: number, code: string][] = [
  ["a mistake of the user", new UsageError(message("name.empty")), 2, "name.empty"],
  ["a failure of the world", new WorldError(message("node.stopped")), 1, "node.stopped"],
];

for (const [what, error, exitCode, code] of FAILURES) {
  Deno.test(`runEarshot ends with ${exitCode} for ${what}, in words or in JSON`, async () => {
    const nick = () => {
      throw error;
    };
    const { process } = processWith({ nick });
    assertEquals(await process.run("nick", "bob"), exitCode);
    assertEquals([process.console.outText, process.console.errText], ["", `earshot: ${error.message}\n`]);
    const script = processWith({ nick }).process;
    assertEquals(await script.run("nick", "bob", "--json"), exitCode);
    assertEquals(script.console.errText, `{"error":"${error.message}","code":"${code}"}\n`);
    assertEquals(process.node?.isDisposed, true);
  });
}

Deno.test("runEarshot answers wrong words in JSON too, if JSON is among them", async () => {
  const { process } = processWith({});
  assertEquals(await process.run("snd", "--json"), 2);
  assertEquals(
    process.console.errText,
    '{"error":"There is no command \\"snd\\". Did you mean \\"send\\"?","code":"command.unknown-similar"}\n',
  );
});

Deno.test("runEarshot shows foreign text in errors as it is, not as what it does to a terminal", async () => {
  const { process } = processWith({
    nick: () => {
      throw new WorldError(message("text.any", { text: "from afar: \x1b[2J\u202e" }));
    },
  });
  await process.run("nick", "bob");
  assertEquals(process.console.errText, "earshot: from afar: ^[[2J⟨202E⟩\n");
});

Deno.test("runEarshot tells a fault of its own in a sentence, and keeps the stack for others", async () => {
  const { machine, process } = processWith({
    nick: () => {
      throw new TypeError("x is undefined");
    },
  });
  assertEquals(await process.run("nick", "bob"), 1);
  assertEquals(
    process.console.errText,
    `earshot: This is a bug in earshot: x is undefined. Your data is safe. See "${
      join(HOME, "crash.log")
    }" for details\n`,
  );
  const log = new TextDecoder().decode(
    await machine.time.drive(machine.disk.read(`${HOME}/crash.log`)) ?? undefined,
  );
  assertStringIncludes(log, "TypeError: x is undefined\n    at ");
});

Deno.test("runEarshot ends with 130 at Ctrl-C, and the node goes with it", async () => {
  const { machine, process } = processWith({ join: () => new Promise<never>(() => {}) });
  const ended = process.start("join", "Kitchen");
  await machine.time.runFor(1_000);
  process.interrupt();
  assertEquals(await machine.time.drive(ended), 130);
  assertEquals(process.node?.isDisposed, true);
  assertEquals(process.console.errText, "");
});

Deno.test("runEarshot ends quietly when nobody reads its output any more", async () => {
  const { process } = processWith(SCRIPT);
  process.console.writesLeft = 0;
  assertEquals(await process.run("log", "bob"), 0);
  assertEquals(process.console.errText, "");
  assertEquals(process.node?.isDisposed, true);
});

Deno.test("runEarshot says which options come too late for a node that runs", async () => {
  const machine = new Machine();
  const running = machine.process({ script: SCRIPT });
  const ended = running.start("node");
  await machine.time.runFor(1_000);
  const process = machine.process();
  await process.run("contacts", "--port", "5000", "--name", "bob");
  assertStringIncludes(
    process.console.errText,
    "earshot is already running (process 101): --name, --port apply only when it starts.\n",
  );
  running.interrupt();
  await machine.time.drive(ended);
});

Deno.test("runEarshot warns of a network interface that is not there, and goes on", async () => {
  const { process } = processWith(SCRIPT);
  assertEquals(await process.run("peers", "--interface", "lo", "--interface", "wlan7"), 0);
  assertEquals(
    process.console.errText,
    'earshot: There is no network interface "wlan7" at the moment. There are: lo\n',
  );
});

import { formatForShell } from "../../../src/messages/format_message.ts";
import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { WorldError } from "../../../src/errors.ts";
import {
  type Config,
  EMPTY_CONFIG,
  formatConfig,
  loadConfig,
  parseConfig,
  saveConfig,
} from "../../../src/store/home/config.ts";
import { SimDisk } from "../../sim/disk.ts";

const PATH = "/home/config.json";
const FULL: Config = {
  name: "ada",
  rendezvousPort: 9999,
  discoveryPort: 9998,
  sessionPorts: { from: 50000, to: 50100 },
  interfaces: ["wlan0", "Wi-Fi 2"],
  others: { theme: "dark", nested: { a: [1] } },
};
const FULL_TEXT = `{
  "version": 1,
  "name": "ada",
  "rendezvousPort": 9999,
  "discoveryPort": 9998,
  "sessionPorts": {
    "from": 50000,
    "to": 50100
  },
  "interfaces": [
    "wlan0",
    "Wi-Fi 2"
  ],
  "theme": "dark",
  "nested": {
    "a": [
      1
    ]
  }
}
`;

function machine(content?: string) {
  const drive = new SimDisk({ schedule: (_delayMs, run) => queueMicrotask(run), fraction: () => 0.5 });
  drive.put("/home/other", new Uint8Array(0));
  if (content !== undefined) drive.put(PATH, new TextEncoder().encode(content));
  return {
    drive,
    disk: drive.boot(),
    content: () => new TextDecoder().decode(drive.peek(PATH) ?? undefined),
  };
}

Deno.test("formatConfig and parseConfig are each other's reverse", () => {
  assertEquals(formatConfig(FULL), FULL_TEXT);
  assertEquals(parseConfig(FULL_TEXT), FULL);
  assertEquals(formatConfig(EMPTY_CONFIG), '{\n  "version": 1\n}\n');
  assertEquals(parseConfig('{"version":1}'), EMPTY_CONFIG);
});

Deno.test("parseConfig takes what people write: no version, a byte order mark, null for the default", () => {
  const text =
    '\uFEFF{ "name": "u\\u0308", "rendezvousPort": null, "sessionPorts": {"from": 1024, "to": 65535, "x": 1} }\r\n';
  assertEquals(parseConfig(text), {
    ...EMPTY_CONFIG,
    name: "ü",
    sessionPorts: { from: 1024, to: 65535 },
  });
});

const PORT_RULE = "a whole number from 1 to 65535";
const RANGE_RULE =
  'such as { "from": 50000, "to": 50100 }, both from 1024 to 65535, the first not above the second';
const WRONG: [text: string, problem: string][] = [
  ["[]", "it is not a JSON object"],
  ["null", "it is not a JSON object"],
  ['{"version":0}', "its version is 0; this earshot knows only version 1"],
  ['{"version":"1"}', 'its version is "1"; this earshot knows only version 1'],
  ['{"name":7}', '"name" must be text, not 7'],
  ['{"name":""}', '"name" is "". Names cannot be empty'],
  ['{"rendezvousPort":"9999"}', `"rendezvousPort" must be ${PORT_RULE}, not "9999"`],
  ['{"rendezvousPort":0}', `"rendezvousPort" must be ${PORT_RULE}, not 0`],
  ['{"discoveryPort":65536}', `"discoveryPort" must be ${PORT_RULE}, not 65536`],
  ['{"discoveryPort":99.5}', `"discoveryPort" must be ${PORT_RULE}, not 99.5`],
  ['{"sessionPorts":[50000,50100]}', `"sessionPorts" must be ${RANGE_RULE}, not [50000,50100]`],
  ['{"sessionPorts":{"from":50000}}', `"sessionPorts" must be ${RANGE_RULE}, not {"from":50000}`],
  ['{"sessionPorts":{"from":2,"to":1}}', `"sessionPorts" must be ${RANGE_RULE}, not {"from":2,"to":1}`],
  [
    '{"sessionPorts":{"from":80,"to":2000}}',
    `"sessionPorts" must be ${RANGE_RULE}, not {"from":80,"to":2000}`,
  ],
  ['{"interfaces":"wlan0"}', '"interfaces" must be a list of names, such as ["wlan0"], not "wlan0"'],
  ['{"interfaces":[]}', '"interfaces" must be a list of names, such as ["wlan0"], not []'],
];

for (const [text, problem] of WRONG) {
  Deno.test(`parseConfig says what is wrong with ${text}`, () => {
    const parsed = parseConfig(text);
    assertEquals("problem" in parsed ? formatForShell(parsed.problem) : null, problem);
  });
}

Deno.test("parseConfig never throws, and keeps what it does not know through a rewrite", () => {
  fc.assert(fc.property(fc.string(), (text) => void parseConfig(text)));
  const known = ["version", "name", "rendezvousPort", "discoveryPort", "sessionPorts", "interfaces"];
  const others = fc.dictionary(fc.string().filter((key) => !known.includes(key)), fc.jsonValue());
  fc.assert(fc.property(others, (others) => {
    const parsed = parseConfig(JSON.stringify(others));
    if ("problem" in parsed) throw new Error(parsed.problem.code);
    assertEquals(JSON.stringify(JSON.parse(formatConfig(parsed))), JSON.stringify({ version: 1, ...others }));
  }));
});

Deno.test("loadConfig and saveConfig keep the choices on disk", async () => {
  const { disk, content } = machine();
  assertEquals(await loadConfig(disk, PATH), EMPTY_CONFIG);
  await saveConfig(disk, { path: PATH, config: FULL });
  assertEquals(content(), FULL_TEXT);
  assertEquals(await loadConfig(disk, PATH), FULL);
});

Deno.test("loadConfig leaves a wrong file alone and says where to look", async () => {
  const { disk, content } = machine('{"rendezvousPort":"abc"}');
  assertEquals(
    (await assertRejects(() => loadConfig(disk, PATH), WorldError)).message,
    `Cannot use "/home/config.json": "rendezvousPort" must be ${PORT_RULE}, not "abc". Nothing was changed. ` +
      "Correct the file, or move it away to use the defaults",
  );
  assertEquals(content(), '{"rendezvousPort":"abc"}');
});

Deno.test("saveConfig leaves the file as it was when the disk is full", async () => {
  const { drive, disk, content } = machine('{"name":"ada"}');
  drive.setFull(3);
  await assertRejects(() => saveConfig(disk, { path: PATH, config: FULL }), WorldError, "the disk is full");
  assertEquals(content(), '{"name":"ada"}');
});

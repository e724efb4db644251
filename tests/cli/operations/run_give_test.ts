import { assertEquals, assertThrows } from "@std/assert";
import { parseLine } from "../../fixtures/cli/parse.ts";
import { parseWords } from "../../fixtures/cli/parse.ts";
import { formatGiveReply } from "../../../src/cli/format/give.ts";
import { PLAIN } from "../../../src/cli/format/style.ts";
import { UsageError } from "../../../src/errors.ts";
import type { GiveReply } from "../../../src/api/give.ts";

const NOW = { nowMs: 0, style: PLAIN, columns: null };
const OFF: GiveReply = { isOn: false, problem: null, port: null, addresses: [], files: [], found: [] };
const SUM = "0123456789abcdef".repeat(4);
const ON: GiveReply = {
  isOn: true,
  problem: null,
  port: 9980,
  addresses: ["http://192.168.43.1:9980/", "http://10.0.0.2:9980/"],
  files: [{
    name: "earshot-1.2.3-linux-x86_64",
    isOwn: true,
    system: "Linux (Intel, AMD)",
    sizeBytes: 98_765_432,
    sha256: SUM,
    sumStart: "0123 4567 89ab cdef",
  }],
  found: [],
};

Deno.test("giveShown says where others get earshot, and what they compare", () => {
  assertEquals(formatGiveReply(ON, NOW).lines, [
    "Everybody on the same network gets earshot here, in any browser:",
    "",
    "http://192.168.43.1:9980/",
    "or http://10.0.0.2:9980/",
    "",
    "Over plain http anybody on the network could swap the file. So let them compute its SHA-256, and compare the beginning with this one, by eye:",
    "",
    "0123 4567 89ab cdef  earshot-1.2.3-linux-x86_64",
    "  Linux (Intel, AMD), 98.8 MB",
    `  ${SUM}`,
    "",
    "If their browser finds nothing there: same Wi-Fi? Then the firewall of this device likely keeps TCP port 9980 shut.",
    "To end it: earshot give off",
  ]);
  const inTerminal = formatGiveReply(ON, { ...NOW, columns: 80, isChat: true }).lines;
  assertEquals(inTerminal.at(-1), "To end it: /give off");
  assertEquals(inTerminal.some((line) => /[▀▄█]{8}/.test(line)), true);
  assertEquals(
    formatGiveReply(ON, { ...NOW, columns: 80, isQrRefused: true }).lines,
    formatGiveReply(ON, NOW).lines,
  );
});

Deno.test("giveShown vouches for nothing that lies beside the program", () => {
  const beside = "earshot-1.2.3-windows-x86_64.zip";
  const found = formatGiveReply({ ...ON, found: [beside] }, NOW).lines;
  assertEquals(found.slice(11, 13), [
    `Found beside the program, and not given: ${beside}. Their names are all that is known of them.`,
    "To give them too, if you put them there yourself: earshot give all",
  ]);
  const [own] = ON.files;
  const files = own === undefined ? [] : [own, { ...own, name: beside, isOwn: false }];
  assertEquals(
    formatGiveReply({ ...ON, files }, NOW).lines.filter((line) => line.includes("nobody has checked")),
    ["  Found beside the program: nobody has checked what it is."],
  );
});

Deno.test("giveShown says how to begin, or why it cannot be", () => {
  assertEquals(formatGiveReply(OFF, NOW).lines, [
    "earshot is not given to others. To begin: earshot give on",
  ]);
  assertEquals(formatGiveReply({ ...OFF, problem: "there is no file" }, NOW).lines, [
    "earshot is not given to others. It cannot be: there is no file.",
  ]);
});

Deno.test("give is on, off, or only told, on the command line and in the chat", () => {
  const asked = (line: string) => parseWords(line.split(" "), { nowMs: 0 }).invocation;
  assertEquals(asked("give"), { do: "give", isQrRefused: false });
  assertEquals(asked("give on --no-qr"), { do: "give", isOn: true, isQrRefused: true });
  assertEquals(asked("give OFF"), { do: "give", isOn: false, isQrRefused: false });
  assertThrows(() => asked("give maybe"), UsageError, 'give takes "on", "all" or "off", not "maybe"');
  assertThrows(() => asked("give on off"), UsageError);
  assertEquals(parseLine("/give on"), { do: "give", isOn: true });
  assertEquals(asked("give all"), { do: "give", isOn: true, withOthers: true, isQrRefused: false });
  assertEquals(parseLine("/give all"), { do: "give", isOn: true, withOthers: true });
  assertEquals(parseLine("/give"), { do: "give" });
  assertThrows(() => parseLine("/give up"), UsageError, 'give takes "on", "all" or "off", not "up"');
});

/** Every message reads as a whole sentence in every language, is used, and hints at commands that exist. */

import { assert, assertEquals } from "@std/assert";
import { COMMAND_TABLE } from "../../src/cli/commands/all_commands.ts";
import type { MessageText, Value } from "../../src/messages/catalogue.ts";
import {
  COMMAND_NAMES,
  formatChatCommand,
  formatShellCommand,
  hintAt,
} from "../../src/messages/command_names.ts";
import { EN } from "../../src/messages/en.ts";
import {
  ENGLISH,
  formatBytes,
  formatForChat,
  formatForShell,
  formatMessage,
  formatSpan,
  joinMessages,
} from "../../src/messages/format_message.ts";
import { GERMAN } from "../../src/messages/german.ts";
import { message, type MessageCode, parseMessage } from "../../src/messages/message.ts";

const SAMPLES: Readonly<Record<string, Value>> = {
  bytes: 1_200_000,
  span: 5_000,
  and: ["ann", "bob", "cara"],
  or: ["ann", "bob"],
  list: ["ann", "bob"],
};
const CODES = Object.keys(EN) as readonly MessageCode[];
const entryOf = (code: MessageCode): MessageText => EN[code];

function formsOf(entry: MessageText): readonly string[] {
  if (typeof entry === "string") return [entry];
  if ("other" in entry) return Object.values(entry);
  return [...formsOf(entry.text), entry.hint];
}

function marksOf(entry: MessageText): readonly string[] {
  return [
    ...new Set(
      formsOf(entry).flatMap((form) => [...form.matchAll(/\{([\w:]+)\}/g)].map(([, mark]) => mark ?? "")),
    ),
  ]
    .filter((mark) => mark !== "command" && mark !== "count").sort();
}

function sampleOf(code: MessageCode, count: number) {
  const values = Object.fromEntries(
    marksOf(entryOf(code)).map((mark) => {
      const [name = "", format] = mark.split(":");
      return [name, format === undefined ? "something" : SAMPLES[format] ?? "no such format"] as const;
    }),
  );
  return { code, values: { ...values, count }, hint: hintAt("join", "attic") };
}

for (const speech of [ENGLISH, GERMAN]) {
  Deno.test(`Every message is a text in ${speech.tag}, with the values of the English one and none left open`, () => {
    const texts: Readonly<Record<string, MessageText>> = speech.texts;
    assertEquals(Object.keys(texts).sort(), [...CODES].sort());
    for (const code of CODES) {
      const own = texts[code] ?? "";
      assertEquals(marksOf(own), marksOf(entryOf(code)), code);
      assertEquals(typeof own === "object" && "hint" in own, "hint" in Object(entryOf(code)), code);
      for (const count of [1, 2]) {
        for (const format of [formatShellCommand, formatChatCommand, () => null]) {
          const text = formatMessage(sampleOf(code, count), speech, format);
          assert(
            text === text.trim() && text !== "" && !/[{}]|undefined|no such format|\.\.(?!\.)/.test(text),
            `${code}: ${text}`,
          );
        }
      }
    }
  });

  Deno.test(`Every plural in ${speech.tag} has a form for each category of the language`, () => {
    const { pluralCategories } = new Intl.PluralRules(speech.tag).resolvedOptions();
    for (const [code, entry] of Object.entries(speech.texts)) {
      const form = typeof entry === "object" && "text" in entry ? entry.text : entry;
      if (typeof form === "object") {
        assertEquals(Object.keys(form).sort(), [...pluralCategories].sort(), code);
      }
    }
  });
}

Deno.test("Every code is used in src", async () => {
  const sources: string[] = [];
  const read = async (folder: URL) => {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory && name !== "messages") await read(new URL(`${name}/`, folder));
      else if (/\.tsx?$/.test(name) && name !== "page_files.ts") {
        sources.push(await Deno.readTextFile(new URL(name, folder)));
      }
    }
  };
  await read(new URL("../../src/", import.meta.url));
  const all = sources.join("\n");
  const startsOf = (code: string) => [...code.matchAll(/[.-]/g)].map(({ index }) => code.slice(0, index + 1));
  const isUsed = (code: string) =>
    all.includes(`"${code}"`) || startsOf(code).some((start) => all.includes(`\`${start}\${`)) ||
    all.includes(`}${code.slice(code.indexOf("."))}\``);
  assertEquals(CODES.filter((code) => !isUsed(code)), []);
});

Deno.test("formatMessage shows a hint as each place takes it, and leaves it out where no command can be typed", () => {
  const hinted = {
    code: "room.not-joined" as MessageCode,
    values: { room: "Attic" },
    hint: hintAt("join", "Attic Room"),
  };
  const texts = { "room.not-joined": { text: "You are not in #{room}", hint: "Join it first: {command}" } };
  const speech = { ...ENGLISH, texts };
  assertEquals(
    formatMessage(hinted, speech, formatShellCommand),
    'You are not in #Attic. Join it first: earshot join "Attic Room"',
  );
  assertEquals(
    formatMessage(hinted, speech, formatChatCommand),
    "You are not in #Attic. Join it first: /join Attic Room",
  );
  assertEquals(formatMessage(hinted, speech, () => null), "You are not in #Attic");
});

Deno.test("A hint never puts a name into a shell that the shell would run", () => {
  const id = "0123456789abcdef";
  assertEquals(
    formatShellCommand(hintAt("block", { name: "$(reboot)", id })),
    "earshot contacts block 01234567",
  );
  assertEquals(formatShellCommand(hintAt("block", { name: "bob", id })), "earshot contacts block bob");
  assertEquals(formatShellCommand(hintAt("join", "it's $(x)")), `earshot join 'it'\\''s $(x)'`);
  assertEquals(formatChatCommand(hintAt("block", { name: "$(reboot)", id })), "/block $(reboot)");
});

Deno.test("formatMessage shows messages within messages in the same language", () => {
  const outer = { code: "x", values: { reason: message("name.empty"), who: ["ann", "bob", "cara"] } };
  const texts = { ...GERMAN.texts, x: "{who:or}: {reason}" };
  assertEquals(
    formatMessage(outer, { ...GERMAN, texts }, () => null),
    "ann, bob oder cara: Ein Name darf nicht leer sein",
  );
});

Deno.test("A message of a later version shows its code, and does not throw", () => {
  const parsed = parseMessage({ code: "later.thing", values: {} });
  assertEquals(parsed === null ? null : formatForShell(parsed), "later.thing");
  assertEquals(parseMessage({ code: 7, values: {} }), null);
  assertEquals(parseMessage("text"), null);
});

Deno.test("joinMessages makes one paragraph of sentences", () => {
  const messages = [message("name.empty"), message("name.reserved", { character: ":" })];
  assertEquals(joinMessages(messages, formatForChat), 'Names cannot be empty. Names cannot contain ":"');
});

Deno.test("Sizes and times are written as the language writes them", () => {
  assertEquals([1, 940, 1_200, 99_700_000].map((size) => formatBytes(size, ENGLISH)), [
    "1 byte",
    "940 bytes",
    "1.2 kB",
    "100 MB",
  ]);
  assertEquals(formatBytes(1_200, GERMAN), "1,2 kB");
  assertEquals([400, 5_000, 90_000, 7_200_000].map((ms) => formatSpan(ms, ENGLISH)), [
    "1 second",
    "5 seconds",
    "90 seconds",
    "2 hours",
  ]);
  assertEquals(formatSpan(172_800_000, GERMAN), "2 Tage");
});

Deno.test("Each command is typed once in a shell and once in the chat", () => {
  for (const column of [0, 1] as const) {
    const names = Object.values(COMMAND_NAMES).map((names) => names[column]);
    assertEquals(new Set(names).size, names.length);
  }
});

Deno.test("Every command that a hint can name is defined, with the same name in the chat", () => {
  for (const [command, slash] of Object.values(COMMAND_NAMES)) {
    assertEquals(COMMAND_TABLE.find(command)?.slash?.name, slash, command);
  }
});

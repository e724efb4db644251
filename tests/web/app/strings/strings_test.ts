/** Every language says everything, with the same placeholders; and what the node says is known to the tables. */

import { assert, assertEquals } from "@std/assert";
import { denoClock } from "../../../../src/deno/clock.ts";
import { denoCrypto } from "../../../../src/deno/crypto.ts";
import { openProgramFiles } from "../../../../src/deno/gift_source.ts";
import { denoTcp } from "../../../../src/deno/tcp.ts";
import { GiveSwitch } from "../../../../src/web/give/give_switch.ts";
import { diagnose } from "../../../../src/node/diagnostics/diagnosis.ts";
import { formatNetworkStatus } from "../../../../src/discovery/status_text.ts";
import type { Plural } from "../../../../src/messages/catalogue.ts";
import { DE_NODE } from "../../../../src/web/app/strings/de_node.ts";
import { EN } from "../../../../src/web/app/strings/en.ts";
import { inLanguage, withoutCommands } from "../../../../src/web/app/strings/node_sentence.ts";
import { CASES, GOOD_HOME, WELL } from "../../../fixtures/node/checkup_cases.ts";
import {
  browserTags,
  chosenTag,
  findLanguage,
  LANGUAGES,
  translate,
} from "../../../../src/web/app/i18n/i18n.ts";

type Entry = string | Plural;

const formsOf = (entry: Entry): readonly string[] =>
  typeof entry === "string" ? [entry] : Object.values(entry);
const placeholders = (text: string) =>
  [
    ...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)),
  ].sort();

for (const { tag, texts, node } of LANGUAGES) {
  Deno.test(`The language ${tag} has every text, with the placeholders of the English one`, () => {
    assertEquals(Object.keys(texts).sort(), Object.keys(EN).sort());
    const all: Readonly<Record<string, Entry>> = texts;
    for (const [key, english] of Object.entries<Entry>(EN)) {
      const wanted = placeholders(formsOf(english).at(-1) ?? "");
      const entry = all[key] ?? "";
      assertEquals(typeof entry, typeof english, key);
      for (const form of formsOf(entry)) {
        assertEquals(placeholders(form), wanted, key);
        assert(form.trim() !== "" && form === form.trim(), key);
      }
    }
  });

  Deno.test(`The language ${tag} has a form for each plural category of its own`, () => {
    const { pluralCategories } = new Intl.PluralRules(tag).resolvedOptions();
    for (const [key, entry] of Object.entries<Entry>(texts)) {
      if (typeof entry !== "string") {
        assertEquals(Object.keys(entry).sort(), [...pluralCategories].sort(), key);
      }
    }
  });

  Deno.test(`The language ${tag} translates patterns with the same parts`, () => {
    for (const [pattern, sentence] of node) {
      const parts = new Set(placeholders(pattern));
      for (const used of placeholders(sentence)) assert(parts.has(used), `${used} of: ${pattern}`);
    }
  });
}

Deno.test("say fills in, counts, and speaks the chosen language", () => {
  try {
    assertEquals(translate("room.members", { count: 1 }), "1 member");
    assertEquals(translate("room.members", { count: 12_000 }), "12,000 members");
    assertEquals(translate("typing.one", { name: "{name} $& <b>" }), "{name} $& <b> is typing…");
    chosenTag.value = "de";
    assertEquals(translate("room.members", { count: 2 }), "2 Mitglieder");
  } finally {
    chosenTag.value = null;
  }
});

Deno.test("languageFor takes the choice, else what the browser prefers, else English", () => {
  assertEquals(findLanguage(null, ["de-AT", "en"]).tag, "de");
  assertEquals(findLanguage("en", ["de"]).tag, "en");
  assertEquals(findLanguage(null, ["fr", "den"]).tag, "en");
  assertEquals(findLanguage("xx", []).tag, "en");
  assertEquals(browserTags.value, []);
});

Deno.test("withoutCommands leaves out hints to type something, and never everything", () => {
  const cases = [
    ['Nobody here is called "bo". See who is there with "earshot peers"', 'Nobody here is called "bo".'],
    ["You have blocked bob. To talk again: earshot contacts unblock bob", "You have blocked bob."],
    ['Nobody here is called "bo". Did you mean "bob"?', 'Nobody here is called "bo". Did you mean "bob"?'],
    ["earshot peers", "earshot peers"],
    ["Name the port: earshot connect ADDRESS 10000", "Name the port"],
    ["Keep it to yourself:", "Keep it to yourself:"],
    [
      "Somebody nearby runs another version of earshot; update both devices.",
      "Somebody nearby runs another version of earshot; update both devices.",
    ],
  ];
  for (const [sentence = "", left] of cases) assertEquals(withoutCommands(sentence), left);
});

Deno.test("What the network looks like is told in German", () => {
  const none = {
    port: 9999,
    listenProblem: "taken",
    interfaces: [],
    neighboursCount: 0,
    localsCount: 2,
    gateways: [],
    dropped: { otherVersion: 1 },
    doubleAt: { address: "192.168.43.9", port: 1 },
  };
  const sentences = formatNetworkStatus(none as unknown as Parameters<typeof formatNetworkStatus>[0]);
  assertEquals(sentences.length, 5);
  for (const sentence of sentences) assert(inLanguage(sentence, DE_NODE) !== sentence, sentence);
  // Together, as the node tells them.
  const text = inLanguage(sentences.join(" "), DE_NODE);
  for (const sentence of sentences) assert(!text.includes(sentence), text);
});

Deno.test("Why earshot cannot be given to others is told in German", () => {
  const near = { addresses: () => [], isNear: () => false };
  const ports = { tcp: denoTcp(), clock: denoClock(), crypto: denoCrypto() };
  const source = openProgramFiles("/nowhere/earshot", "none");
  for (const from of [null, source]) {
    const giveSwitch = new GiveSwitch({ ports, source: from, version: "1", onBug: () => {} });
    const problem = giveSwitch.state(near).problem ?? "";
    for (const sentence of [problem, `Cannot give earshot to others: ${problem}`]) {
      const german = inLanguage(sentence, DE_NODE);
      assert(problem !== "" && !hasEnglish(german), german);
    }
  }
});

Deno.test("Every text is said somewhere", async () => {
  const sources: string[] = [];
  for (const folder of ["", "browser/", "controllers/", "i18n/", "state/", "views/"]) {
    const url = new URL(`../../../../src/web/app/${folder}`, import.meta.url);
    for await (const { name, isFile } of Deno.readDir(url)) {
      if (isFile && /\.tsx?$/.test(name)) sources.push(await Deno.readTextFile(new URL(name, url)));
    }
  }
  const all = sources.join("\n");
  const isSaid = (key: string) =>
    all.includes(`"${key}"`) || all.includes(`\`${key.replace(/\.\w+$/, ".${")}`);
  assertEquals(Object.keys(EN).filter((key) => !isSaid(key)), []);
});

Deno.test("What a checkup finds is told in German, whatever it is", () => {
  const facts = Object.values(CASES).flatMap((cases) =>
    cases.map(([, changes]) => ({ ...WELL, ...changes }))
  );
  // What the tables there do not have.
  const more = [
    { ...WELL, home: { ...GOOD_HOME, freeBytes: 1, mode: 0o755 } },
    ...(["read-only", "exists", "missing", "failed"] as const).map((problem) => ({
      ...WELL,
      home: { ...GOOD_HOME, problem },
    })),
    { ...WELL, firewalls: ["macos", "windows"] as const, os: "windows" },
  ];
  const findings = [...facts, ...more].flatMap((each) => diagnose(each)).filter(({ about, state }) =>
    about !== "notice" || state === "ok"
  );
  const texts = findings.filter(({ about }) => about !== "start")
    .flatMap(({ looked, found, advice }) => [looked, found, advice]);
  assertEquals([...new Set(texts.map((text) => inLanguage(text, DE_NODE)).filter(hasEnglish))], []);
  assert(hasEnglish("Nobody is heard.") && new Set(texts).size > 80);
});

/** Words that no German sentence has; in quotes and parentheses others' words may stand. */
function hasEnglish(text: string): boolean {
  return /\b(?:the|is|are|it|and|of|got|no|nothing|others?|device|open|with|yes|clock|disk|some|it)\b/i.test(
    text.replaceAll(/\(.*?\)|„.*?“/g, ""),
  );
}

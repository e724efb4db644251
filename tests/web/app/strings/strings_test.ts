/** Every language says everything, with the same placeholders. */

import { assert, assertEquals } from "@std/assert";
import type { Plural } from "../../../../src/messages/catalogue.ts";
import { EN } from "../../../../src/web/app/strings/en.ts";
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

for (const { tag, texts } of LANGUAGES) {
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

import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { makeManifests, parseSums } from "../../tools/manifests.ts";
import { releaseName, TARGETS } from "../../tools/targets.ts";
import config from "../../deno.json" with { type: "json" };

const NAMES = TARGETS.map((target) => `${releaseName(target)}.${target.archive}`);
const SUMS = NAMES.map((name, index) => `${String(index).repeat(64)}  ${name}\n`).join("");
const FILES = { version: config.version, repository: "someone/earshot", sums: parseSums(SUMS) };

Deno.test("parseSums reads what sha256sum prints, and nothing else", () => {
  assertEquals([...parseSums(`${"a".repeat(64)}  one.zip\nnoise\n${"b".repeat(64)} *two.zip\n`)], [
    ["one.zip", "a".repeat(64)],
    ["two.zip", "b".repeat(64)],
  ]);
});

Deno.test("makeManifests names each archive of a release once, with its sum", () => {
  const text = makeManifests(FILES).filter(({ path }) => path !== "scoop/earshot.json").map(({ text }) =>
    text
  )
    .join("").toLowerCase();
  for (const [index, name] of NAMES.entries()) {
    assertEquals(text.split(`/releases/download/v${config.version}/${name}`).length, 2, name);
    assertEquals(text.split(String(index).repeat(64)).length, 2, name);
  }
});

Deno.test("makeManifests writes what winget, Scoop and Homebrew expect", () => {
  const found = new Map(makeManifests(FILES).map(({ path, text }) => [path, text]));
  assertEquals([...found.keys()], [
    "winget/earshot.earshot.yaml",
    "winget/earshot.earshot.installer.yaml",
    "winget/earshot.earshot.locale.en-US.yaml",
    "scoop/earshot.json",
    "homebrew/earshot.rb",
  ]);
  const scoop = JSON.parse(found.get("scoop/earshot.json") ?? "");
  assertEquals(scoop.bin, "earshot.exe");
  assertEquals(Object.keys(scoop.architecture), ["64bit", "arm64"]);
  assertStringIncludes(
    found.get("winget/earshot.earshot.installer.yaml") ?? "",
    "PortableCommandAlias: earshot",
  );
  assertStringIncludes(found.get("homebrew/earshot.rb") ?? "", 'bin.install "earshot"');
});

Deno.test("makeManifests refuses a release that is not whole", () => {
  assertThrows(() => makeManifests({ ...FILES, sums: new Map() }), Error, "make the whole release first");
});

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { ServedFile } from "../../../src/web/give/served_files.ts";
import { groupSum, renderLandingPage } from "../../../src/web/give/landing_page.ts";
import { isForBrowser, planGivenFile, PLATFORMS } from "../../../src/web/give/platforms.ts";
import {
  chooseLandingPageText,
  formatSumLine,
  listStartLines,
} from "../../../src/web/give/landing_page_text.ts";

const WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36";
const MAC =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.4 Safari/605.1.15";
const LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0";
const LINUX_ARM = "Mozilla/5.0 (X11; Linux aarch64; rv:131.0) Gecko/20100101 Firefox/131.0";
const ANDROID =
  "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36";
const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148";
const SUM = "0123456789abcdef".repeat(4);

const OWN = { ownName: "earshot", triple: "x86_64-unknown-linux-gnu", version: "1.2.3" };
const BESIDE = [
  "earshot",
  "earshot-1.2.3-windows-x86_64.zip",
  "earshot-1.2.3-windows-x86_64.exe",
  "earshot-1.2.3-macos-arm64",
  "earshot-1.2.3-linux-x86_64.tar.gz",
  "earshot-1.2.4-linux-arm64.tar.gz",
  "earshot-1.2.3-linux-arm64.zip",
  "earshot-1.2.3-macos-x86_64.tar.gz.part",
  "notes.txt",
];
const FILES: readonly ServedFile[] = planGivenFile(BESIDE, OWN).map((plan) => ({
  ...plan,
  sha256: SUM,
  mark: { sizeBytes: 41_250_000, changedMs: 1 },
}));

Deno.test("planGivenFile gives ourselves, and of our version what lies beside us for other systems", () => {
  assertEquals(planGivenFile(BESIDE, OWN).map(({ source, name }) => [source, name]), [
    ["earshot-1.2.3-windows-x86_64.zip", "earshot-1.2.3-windows-x86_64.zip"],
    ["earshot-1.2.3-macos-arm64", "earshot-1.2.3-macos-arm64"],
    ["earshot", "earshot-1.2.3-linux-x86_64"],
  ]);
  const windows = { ownName: "Earshot (1).exe", triple: "x86_64-pc-windows-msvc", version: "1.2.3" };
  assertEquals(planGivenFile([], windows).map(({ name }) => name), ["earshot-1.2.3-windows-x86_64.exe"]);
  assertEquals(planGivenFile(BESIDE, { ...OWN, triple: "riscv64-unknown-linux-gnu", version: "9" }), []);
});

Deno.test("isForBrowser knows systems by what browsers say", () => {
  const namesFor = (userAgent: string) =>
    PLATFORMS.filter((target) => isForBrowser(target, userAgent)).map(({ name }) => name);
  assertEquals(namesFor(WINDOWS), ["windows-x86_64", "windows-arm64"]);
  assertEquals(namesFor(MAC), ["macos-arm64", "macos-x86_64"]);
  assertEquals(namesFor(LINUX), ["linux-x86_64"]);
  assertEquals(namesFor(LINUX_ARM), ["linux-arm64"]);
  for (const other of [ANDROID, IPHONE, "", "curl/8.9.1"]) assertEquals(namesFor(other), [], other);
});

Deno.test("renderLandingPage has no code, says what to compare, and has the visitor's own file first", () => {
  const gifts = { version: "1.2.3", files: FILES, styleHash: "" };
  const page = renderLandingPage(gifts, { userAgent: MAC, languages: "en-GB,en;q=0.9" });
  assertEquals(/<script|javascript:|\son\w+=|style="|<img|<link|https?:/i.test(page), false);
  assertStringIncludes(page, '<span class="first">0123 4567 89ab cdef</span> 0123');
  assertStringIncludes(page, "41.3 MB");
  const places = ["For this device", "earshot-1.2.3-macos-arm64", "Before you start it", "For other devices"];
  const found = [...places, 'href="/earshot-1.2.3-linux-x86_64"'].map((text) => page.indexOf(text));
  assertEquals(found, found.toSorted((left, right) => left - right));
  assert(found.every((at) => at > 0));
  const german = renderLandingPage(gifts, { userAgent: ANDROID, languages: "de-AT" });
  assertStringIncludes(german, '<html lang="de">');
  assertStringIncludes(german, "Auf Telefonen läuft earshot noch nicht");
  assertStringIncludes(german, "41,3 MB");
  assertEquals(german.includes("Für dieses Gerät"), false);
});

Deno.test("renderLandingPage escapes what it did not write itself", () => {
  const target = { ...(FILES[0]?.target ?? PLATFORMS[0]), words: '<b>"&' } as ServedFile["target"];
  const gifts = {
    version: "<1>",
    styleHash: "",
    files: FILES.slice(0, 1).map((file) => ({ ...file, target })),
  };
  const page = renderLandingPage(gifts, { userAgent: "<script>", languages: '"><script>' });
  assertStringIncludes(page, "&lt;b&gt;&quot;&amp;");
  assertStringIncludes(page, "<small>&lt;1&gt;</small>");
  assertEquals(page.includes("<script>"), false);
});

Deno.test("giftWords speaks German only where that is preferred to English", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["de", "de"],
    ["de-CH,de;q=0.9,en;q=0.8", "de"],
    ["en;q=0.8,de;q=0.9", "de"],
    ["fr,de;q=0.5", "de"],
    ["de,en", "de"],
    ["en,de", "en"],
    ["en-US,de;q=0.9", "en"],
    ["fr", "en"],
    ["", "en"],
    ["den", "en"],
    [";;,,q=;q=9", "en"],
  ];
  for (const [languages, tag] of cases) assertEquals(chooseLandingPageText(languages).tag, tag, languages);
});

Deno.test("startLines and sumLine are for the system that the file is for", () => {
  const of = (start: string) => FILES.find(({ name }) => name.startsWith(start)) as ServedFile;
  assertEquals(listStartLines(of("earshot-1.2.3-linux-x86_64")), [
    "chmod +x earshot-1.2.3-linux-x86_64",
    "./earshot-1.2.3-linux-x86_64",
  ]);
  assertEquals(listStartLines(of("earshot-1.2.3-windows")), [
    "tar -xf earshot-1.2.3-windows-x86_64.zip",
    "earshot-1.2.3-windows-x86_64\\earshot.exe",
  ]);
  assertEquals(listStartLines(of("earshot-1.2.3-macos")), [
    "chmod +x earshot-1.2.3-macos-arm64",
    "xattr -d com.apple.quarantine ./earshot-1.2.3-macos-arm64",
    "./earshot-1.2.3-macos-arm64",
  ]);
  assertEquals(
    ["linux", "macos", "windows"].map((family) => formatSumLine(of(`earshot-1.2.3-${family}`)).split(" ")[0]),
    [
      "sha256sum",
      "shasum",
      "certutil",
    ],
  );
});

Deno.test("sumGroups are what eyes compare first, and the rest", () => {
  const { first, rest } = groupSum(SUM);
  assertEquals([first, rest.replaceAll(" ", "").length], ["0123 4567 89ab cdef", 48]);
});

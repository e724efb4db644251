import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  addNumber,
  FILE_NAME_BYTES_MAX,
  findExtension,
  formatFileName,
  isProgramName,
  toFileNameKey,
  toSafeFileName,
  toSafePaths,
} from "../../src/text/file_name.ts";
import { byteLength } from "../../src/encoding/utf8.ts";
import { Oracle } from "../fixtures/text/terminal_oracle.ts";

const CASES: readonly (readonly [foreign: string, saved: string])[] = [
  // What nobody has to change.
  ["notes.txt", "notes.txt"],
  ["Größe 東京 Ω.tar.gz", "Größe 東京 Ω.tar.gz"],
  ["a b (1) [x] {y} & 'z' #1 100%.pdf", "a b (1) [x] {y} & 'z' #1 100%.pdf"],
  ["no ending", "no ending"],
  ["emoji 👍🏽.png", "emoji 👍🏽.png"],
  ["%2e%2e%2fetc", "%2e%2e%2fetc"],
  // Ways out of a folder.
  ["../../x", "__.._x"],
  ["..\\..\\x", "__.._x"],
  ["/etc/passwd", "_etc_passwd"],
  ["C:\\x", "C__x"],
  ["\\\\host\\share\\x", "__host_share_x"],
  ["a/../../b", "a_.._.._b"],
  ["．．／x", "___x"],
  ["a∕b⁄c＼d⧵e", "a_b_c_d_e"],
  [".", "file"],
  ["..", "file"],
  ["...", "file"],
  ["", "file"],
  ["   ", "file"],
  ["\u200b", "file"],
  ["a\0b", "a_b"],
  ["a\nb\r\tc\x1b[31m", "a_b_c_[31m"],
  // Windows: streams, devices, dots and blanks at the end.
  ["x.txt:evil", "x.txt_evil"],
  ["x.txt：evil", "x.txt_evil"],
  ["x.txt::$DATA", "x.txt__$DATA"],
  ["CON", "_CON"],
  ["con", "_con"],
  ["nul.txt", "_nul.txt"],
  ["NUL.tar.gz", "_NUL.tar.gz"],
  ["aux .txt", "_aux .txt"],
  ["COM1", "_COM1"],
  ["COM¹", "_COM¹"],
  ["lpt³.x", "_lpt³.x"],
  ["ＣＯＮ", "_ＣＯＮ"],
  ["CONIN$", "_CONIN$"],
  ["console.log", "console.log"],
  ["com10", "com10"],
  ["name.", "name"],
  ["name. . ", "name"],
  [" name ", "name"],
  ['a?b*c<d>e|f"g', "a_b_c_d_e_f_g"],
  // Hidden, and read as something else by programs.
  [".bashrc", "_bashrc"],
  ["-rf", "_rf"],
  ["--help", "_help"],
  ["~", "_"],
  ["~root", "_root"],
  ["-.~x", "_x"],
  ["desktop.ini", "_desktop.ini"],
  ["Autorun.inf", "_Autorun.inf"],
  ["Thumbs.db", "_Thumbs.db"],
  ["free.lnk", "free.lnk_"],
  ["icon.SCF", "icon.SCF_"],
  ["page.url", "page.url_"],
  ["run.desktop", "run.desktop_"],
  // Not seen, or turning what is.
  ["gnp.\u202eexe.png", "gnp.exe.png"],
  ["photo\u202egpj.exe", "photogpj.exe"],
  ["pay\u200bpal.txt", "paypal.txt"],
  ["a\u00adb\u2066c\ufeffd", "abcd"],
  ["a\u3164b", "ab"],
  ["a\u3000b\u00a0c", "a b c"],
  ["a\ud800b", "a\ufffdb"],
  // One form of each letter.
  ["e\u0301.txt", "é.txt"],
];

Deno.test("safeFileName makes every name one that all systems take and nothing reads as something else", () => {
  for (const [foreign, saved] of CASES) {
    assertEquals(toSafeFileName(foreign), saved, JSON.stringify(foreign));
  }
});

Deno.test("safeFileName cuts long names before their ending, whatever form they are stored in", () => {
  assertEquals(toSafeFileName(`${"a".repeat(400)}.jpeg`), `${"a".repeat(FILE_NAME_BYTES_MAX - 5)}.jpeg`);
  assertEquals(byteLength(toSafeFileName("語".repeat(300))), 198);
  const accented = toSafeFileName(`${"é".repeat(300)}.txt`);
  assert(byteLength(accented.normalize("NFD")) <= FILE_NAME_BYTES_MAX && accented.endsWith("é.txt"));
  assertEquals(toSafeFileName(`a.${"b".repeat(500)}`).length, FILE_NAME_BYTES_MAX);
  assertEquals(byteLength(toSafeFileName("👍".repeat(1_000_000))), 200);
});

/** Names as attackers make them: pieces of what is dangerous, and anything between. */
const nasty = fc.array(
  fc.oneof(
    fc.constantFrom(...CASES.map(([foreign]) => foreign)),
    fc.constantFrom(
      "/",
      "\\",
      "..",
      ".",
      ":",
      "\0",
      "\u202e",
      "\u2066",
      " ",
      "CON",
      "~",
      "-",
      "\ud800",
      "％",
      "．",
    ),
    fc.string({ unit: "binary", maxLength: 8 }),
    fc.string({ unit: "grapheme", maxLength: 300 }),
  ),
  { maxLength: 6 },
).map((parts) => parts.join(""));

Deno.test("safeFileName keeps its promises for any name, and done twice changes nothing", () => {
  fc.assert(
    fc.property(nasty, (foreign) => {
      const saved = toSafeFileName(foreign);
      assert(saved !== "" && saved !== "." && saved !== "..");
      assert(
        !/[/\\:*?"<>|\p{Cc}\p{Cs}\p{Bidi_Control}\u200b-\u200d\ufeff]/u.test(saved),
        JSON.stringify(saved),
      );
      assert(!/^[.~ -]|[. ]$/.test(saved), JSON.stringify(saved));
      assert(byteLength(saved) <= FILE_NAME_BYTES_MAX && byteLength(saved.normalize("NFD")) <= 255);
      assertEquals(saved, saved.normalize("NFC"));
      assertEquals(toSafeFileName(saved), saved);
      assert(!/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(saved.normalize("NFKC")), saved);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("safePaths gives every file a place of its own on any system, inside the folder", () => {
  const paths = ["A/x", "a/x", "a/X", "a/x.txt", "a/X.TXT", "é", "e\u0301", "../up", "x/../../y", "CON/con"];
  assertEquals(toSafePaths(paths.map((path) => path.split("/"))).map((parts) => parts.join("/")), [
    "A/x",
    "a (2)/x",
    "a (2)/X (2)",
    "a (2)/x.txt",
    "a (2)/X (2).TXT",
    "é",
    "é (2)",
    "file/up",
    "x/file/file/y",
    "_CON/_con",
  ]);
  fc.assert(
    fc.property(fc.array(fc.array(nasty, { minLength: 1, maxLength: 4 }), { maxLength: 12 }), (foreign) => {
      const unique = [...new Map(foreign.map((parts) => [parts.join("\0"), parts])).values()];
      const placed = toSafePaths(unique);
      assertEquals(placed.length, unique.length);
      const keys = new Set(placed.map((parts) => parts.map(toFileNameKey).join("/")));
      assertEquals(keys.size, unique.length, "two files at one place");
      for (const parts of placed) for (const part of parts) assertEquals(toSafeFileName(part), part);
    }),
  );
});

Deno.test("safePaths does the work of one name once for each name, whatever they are", () => {
  const count = 512;
  const cased = Array.from({ length: count }, (_, bits) => [
    [..."abcdefghi"].map((letter, bit) => bits >> bit & 1 ? letter.toUpperCase() : letter).join(""),
  ]);
  const placed = counted(() => toSafePaths(cased));
  assertEquals(placed.result[count - 1], [`ABCDEFGHI (${count})`]);
  assert(placed.normalised < 20 * count, `${placed.normalised} for ${count} names that differ only in case`);
  const marked = Array.from({ length: count }, (_, index) => [`${"\u1f82".repeat(80)}${index}`]);
  const cut = counted(() => toSafePaths(marked));
  assertEquals(new Set(cut.result.map((parts) => toFileNameKey(parts.join("/")))).size, count);
  assert(cut.normalised < 60 * count, `${cut.normalised} for ${count} names that are cut`);
});

/** How often a text was normalised meanwhile: what such names cost, without a clock. */
function counted<T>(run: () => T): { readonly result: T; readonly normalised: number } {
  const { normalize } = String.prototype;
  let normalised = 0;
  String.prototype.normalize = function (form?: string): string {
    normalised++;
    return normalize.call(this, form);
  };
  try {
    const result = run();
    return { result, normalised };
  } finally {
    String.prototype.normalize = normalize;
  }
}

Deno.test("a second file of a name gets a number before its ending", () => {
  assertEquals(addNumber("photo.jpg", 2), "photo (2).jpg");
  assertEquals(addNumber("photo", 3), "photo (3)");
  assertEquals(addNumber("archive.tar.gz", 2), "archive.tar (2).gz");
});

Deno.test("the ending is the real one, and programs are told from what they pretend to be", () => {
  const cases: readonly (readonly [name: string, ending: string, isProgram: boolean])[] = [
    ["photo.jpg", ".jpg", false],
    ["photo.jpg.exe", ".exe", true],
    ["photo.jpg .EXE", ".exe", true],
    ["photo.exe. ", ".exe", true],
    ["photo\u202egpj.scr", ".scr", true],
    ["notes.pdf.lnk", ".lnk_", true],
    ["page.html", ".html", true],
    ["drawing.svg", ".svg", true],
    ["install.sh", ".sh", true],
    ["README", "", false],
    ["film.mkv", ".mkv", false],
  ];
  for (const [name, ending, isProgram] of cases) {
    assertEquals([findExtension(name), isProgramName(name)], [ending, isProgram], name);
  }
});

Deno.test("a shown name hides nothing, does nothing to a terminal, and keeps its end on the screen", async () => {
  using oracle = new Oracle(6_000);
  const names = [...CASES.map(([foreign]) => foreign), "x".repeat(5_000) + ".exe"];
  for (const name of names) {
    const shown = formatFileName(name);
    const { heard, spoiled, isPlain } = await oracle.write(shown);
    assertEquals({ heard, spoiled, isPlain }, { heard: [], spoiled: [], isPlain: true }, shown);
    assert([...shown].length <= 90);
  }
  assertEquals(formatFileName("photo\u202egpj.exe"), "photo⟨202E⟩gpj.exe");
  assert(formatFileName("x".repeat(5_000) + ".exe").endsWith("xxx.exe") === false);
  assert(formatFileName(`${"x".repeat(200)}.exe`).endsWith("x.exe"));
});

/** Commands for files, against a node that says what it is told. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { formatFilesReply, formatProgress, formatProgressLine } from "../../../src/cli/format/files.ts";
import { formatFileEvent } from "../../../src/cli/format/file_events.ts";
import { PLAIN } from "../../../src/cli/format/style.ts";
import type { FileRow, FileState } from "../../../src/api/files.ts";
import { fileRowWith } from "../../fixtures/node/file_rows.ts";
import { ALICE, BOB, KITCHEN, processWith } from "../../fixtures/cli/machine.ts";

function row(changes: Partial<FileRow> = {}): FileRow {
  return fileRowWith({
    number: 3,
    roomId: KITCHEN,
    room: "Kitchen",
    author: BOB,
    name: "film.mkv",
    ending: ".mkv",
    sizeBytes: 4_000_000,
    type: "video/x-matroska",
    isPicture: false,
    ...changes,
  });
}

const COMING = row({
  state: "receiving",
  gotBytes: 1_000_000,
  bytesPerSecond: 2_000_000,
  leftMs: 1_500,
  sources: ["bob", "carol"],
});
const HERE = row({ state: "here", gotBytes: 4_000_000, path: "/home/alice/film.mkv" });

Deno.test("get waits until the file is here, without a bar over a pipe", async () => {
  const states = [row({ state: "seeking" }), COMING, HERE];
  const { process } = processWith({
    get: { file: row({ state: "seeking" }) },
    files: () => ({ files: [states.length > 1 ? states.shift() ?? HERE : HERE] }),
  });
  assertEquals(await process.run("get", "film.mkv", "--into", "/tmp", "--in", "#Kitchen"), 0);
  assertEquals(process.node?.commands[0], { do: "get", file: "film.mkv", to: "#Kitchen", into: "/tmp" });
  assertEquals(process.console.outText, "film.mkv: here: /home/alice/film.mkv.\n");
});

Deno.test("get ends with 1 when it fails, and with 3 when it takes too long", async () => {
  const failed = row({ state: "failed", problem: "Cannot keep it: the disk is full" });
  const { process } = processWith({ get: { file: row({ state: "seeking" }) }, files: { files: [failed] } });
  assertEquals(await process.run("get", "3"), 1);
  assertStringIncludes(process.console.errText, "the disk is full");
  const slow = processWith({ get: { file: COMING }, files: { files: [COMING] } }).process;
  assertEquals(await slow.run("get", "3", "--timeout", "2"), 3);
  assertStringIncludes(slow.console.errText, "The download is not complete yet. Received pieces are kept.");
});

Deno.test("export --with-files puts the conversation beside copies of its files, each under a name of its own", async () => {
  const bytes = new TextEncoder().encode("a film");
  const paths = ["/home/alice/one/film.mkv", "/home/alice/two/film.mkv"];
  const files = [
    ...paths.map((path, index) => ({ ...HERE, id: `${index}`, path })),
    { ...HERE, id: "2", path: paths[0] ?? "" },
    row({ id: "3" }),
    { ...HERE, id: "4", name: "holiday", isFolder: true, path: "/home/alice/holiday" },
  ];
  const { process, machine } = processWith({
    export: { title: "Kitchen", text: "# Kitchen\n", count: 1 },
    files: { files },
  });
  for (const path of [...paths, "/home/alice/holiday/in/a.txt"]) machine.drive.put(path, bytes);
  assertEquals(await process.run("export", "#Kitchen", "--with-files", "/home/alice/out"), 0);
  const written = machine.drive.paths().filter((path) => path.startsWith("/home/alice/out/"));
  assertEquals(written.toSorted(), [
    "/home/alice/out/Kitchen.txt",
    "/home/alice/out/files",
    "/home/alice/out/files/film (2).mkv",
    "/home/alice/out/files/film.mkv",
    "/home/alice/out/files/holiday",
    "/home/alice/out/files/holiday/in",
    "/home/alice/out/files/holiday/in/a.txt",
  ]);
  assertEquals(machine.drive.peek("/home/alice/out/files/film (2).mkv"), bytes);
  assertStringIncludes(process.console.outText, "1 line of Kitchen and 3 files saved to /home/alice/out");
});

Deno.test("export --with-files names the files that are no longer where they came to, and ends with 1", async () => {
  const { process } = processWith({
    export: { title: "Kitchen", text: "# Kitchen\n", count: 1 },
    files: { files: [{ ...HERE, state: "gone" }, row({ id: "2", mine: true, state: "gone", path: null })] },
  });
  assertEquals(await process.run("export", "#Kitchen", "--with-files", "/home/alice/out"), 1);
  assertStringIncludes(
    process.console.errText,
    '1 file was not saved, because it was moved, changed or removed since it came: "film.mkv"',
  );
});

Deno.test("file offers paths from the working folder, and says until when others can get it", async () => {
  const mine = row({ mine: true, author: ALICE, state: "here", path: "/home/alice/film.mkv" });
  const { process } = processWith({ offer: { files: [mine] } });
  assertEquals(await process.run("file", "#Kitchen", "/home/alice/film.mkv", "/home/alice/x"), 0);
  assertEquals(process.node?.commands, [
    { do: "offer", to: "#Kitchen", paths: ["/home/alice/film.mkv", "/home/alice/x"] },
  ]);
  assertEquals(process.console.outText, '"film.mkv" is on offer in Kitchen (4.0 MB).\n');
  assertStringIncludes(process.console.errText, "while earshot is running here");
});

Deno.test("files lists what is on offer, and how far it is", () => {
  const LOOK = { style: PLAIN, columns: null, nowMs: 0 };
  const files = [
    row(),
    { ...COMING, number: 4 },
    row({ number: 5, name: "x.pdf.exe", ending: ".exe", isProgram: true }),
  ];
  assertEquals(formatFilesReply({ files }, LOOK).lines, [
    "NO  NAME                           SIZE    FROM  IN       STATE",
    "3   film.mkv                       4.0 MB  bob   Kitchen  on offer",
    "4   film.mkv                       4.0 MB  bob   Kitchen  25 %, 2.0 MB/s, 2 s left",
    '5   x.pdf.exe (a program, ".exe")  4.0 MB  bob   Kitchen  on offer',
    "To fetch one: earshot get NUMBER",
  ]);
  assertEquals(formatFilesReply({ files: [] }, LOOK).lines, ["No files are on offer."]);
});

Deno.test("a bar fills with the file, and fits into the terminal", () => {
  assertEquals(
    formatProgressLine(COMING, 120),
    `${"█".repeat(6)}${"░".repeat(18)} 25 % of 4.0 MB, 2.0 MB/s, 2 s left, from bob, carol`,
  );
  assertEquals([...formatProgressLine(COMING, 40)].length, 39);
  assertEquals(
    formatProgressLine(row({ sizeBytes: 0, state: "checking" }), 80).slice(0, 30),
    `${"█".repeat(24)} 100 %`,
  );
  assertEquals(
    formatProgress([COMING, { ...COMING, id: "c", gotBytes: 3_000_000 }]),
    "2 files 50 % 4.0 MB/s",
  );
  assertEquals(formatProgress([HERE, row()]), null);
});

Deno.test("the chat tells what can be fetched, and what came of it", () => {
  const cases:
    readonly (readonly [changes: Partial<FileRow> & { state: FileState }, lines: readonly string[]])[] = [
      [{ state: "offered" }, ["  /get 3 fetches it"]],
      [{ state: "receiving" }, []],
      [{ state: "here", path: "/x/film.mkv" }, ['* "film.mkv" of bob is here (4.0 MB): /x/film.mkv']],
      [{ state: "failed", problem: "The disk is full" }, ["! The disk is full"]],
      [{ state: "here", path: "/x/film.mkv", mine: true }, []],
    ];
  for (const [changes, lines] of cases) assertEquals(formatFileEvent(row(changes), { isChat: true }), lines);
});

Deno.test("file offers many files in several commands, and none of them if not all fit", async () => {
  const paths = Array.from({ length: 130 }, (_, at) => `/home/alice/${at}.txt`);
  const fitting = processWith({
    files: { files: [], freeCount: 130 },
    offer: ({ paths: some = [] }) => ({
      files: some.map((name) => row({ mine: true, state: "here", name })),
    }),
  }).process;
  assertEquals(await fitting.run("file", "bob", ...paths), 0);
  const offers = fitting.node?.commands.filter((command) => command.do === "offer") ?? [];
  assertEquals(offers.map((command) => command.do === "offer" ? command.paths?.length : 0), [64, 64, 2]);
  assertEquals(offers.flatMap((command) => command.do === "offer" ? command.paths ?? [] : []), paths);
  const crowded = processWith({ files: { files: [], freeCount: 129 } }).process;
  assertEquals(await crowded.run("file", "bob", ...paths), 2);
  assertStringIncludes(
    crowded.console.errText,
    "Cannot offer 130 items: only 129 more fit into the list of this conversation. Nothing was offered.",
  );
  assertEquals(crowded.node?.commands.some((command) => command.do === "offer"), false);
});

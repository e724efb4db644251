/** Files between a page and its node: raw requests on real loopback. */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { FileRow } from "../../../src/api/files.ts";
import { fileProofText } from "../../../src/web/shared/live_protocol.ts";
import { ALICE } from "../../fixtures/cli/machine.ts";
import { parseRoomId } from "../../../src/room/id.ts";
import { fileRowWith } from "../../fixtures/node/file_rows.ts";
import { type Entered, hmac, PageUnderTest, prove } from "../../fixtures/web/page_server.ts";
import { type RawAnswer, rawRequest } from "../../fixtures/web/raw_client.ts";

const ROOM = parseRoomId("a".repeat(26));
const ID = "b".repeat(22);
const UPLOAD = "u".repeat(22);

function rowOf(changes: Partial<FileRow>): FileRow {
  assert(ROOM !== null);
  return fileRowWith({
    id: ID,
    roomId: ROOM,
    author: ALICE,
    sizeBytes: 5,
    state: "here",
    gotBytes: 5,
    ...changes,
  });
}

/** A page, a browser that has entered, and files that its node has. */
async function scene(rows: (folder: string) => readonly FileRow[] = () => []) {
  let folder = "";
  const page = await PageUnderTest.start({ files: () => ({ files: rows(folder) }) });
  folder = page.around.folder;
  const entered = await page.enter();
  using socket = await page.socket(entered);
  const hello = await prove(socket, { key: entered.key, port: page.port });
  assert("text" in hello);
  const { instance } = JSON.parse(hello.text).hello;
  const ask = async (
    line: string,
    { by = entered, proofLine = line, headers = page.own, body = "", query = "" }: {
      readonly by?: Entered;
      readonly proofLine?: string;
      readonly headers?: readonly string[];
      readonly body?: string;
      readonly query?: string;
    } = {},
  ): Promise<RawAnswer> => {
    const [method = "", path = ""] = proofLine.split(" ");
    const proof = await hmac(by.key, fileProofText({ method, port: page.port, instance, path }));
    return await rawRequest(page.port, {
      line: `${line}?proof=${proof}${query}`,
      headers: [...headers, `Cookie: ${by.cookie}`],
      body,
    });
  };
  return { page, folder, entered, instance, ask };
}

Deno.test("GET /file saves what is here, and shows pictures, without letting anything in them run", async () => {
  const { page, folder, ask } = await scene((folder) => [
    rowOf({ path: join(folder, "cät.png") }),
    rowOf({ id: "c".repeat(22), path: join(folder, "x.html"), isPicture: false }),
    rowOf({ id: "d".repeat(22), path: join(folder, "x.svg"), isPicture: true }),
    rowOf({ id: "e".repeat(22), path: join(folder, "huge.png"), sizeBytes: 33 * 1024 * 1024 }),
    rowOf({ id: "f".repeat(22), path: folder, isFolder: true }),
    rowOf({ id: "g".repeat(22), state: "offered" }),
  ]);
  await using _ = page;
  for (const name of ["cät.png", "x.html", "x.svg"]) await Deno.writeTextFile(join(folder, name), "bytes");
  const saved = await ask(`GET /file/${ID}`);
  assertEquals([saved.status, saved.body], [200, "bytes"]);
  assertEquals(saved.headers.get("content-disposition"), "attachment; filename*=UTF-8''c%C3%A4t.png");
  assertEquals(saved.headers.get("content-type"), "application/octet-stream");
  assertEquals(saved.headers.get("x-content-type-options"), "nosniff");
  assertEquals(saved.headers.get("content-security-policy"), "default-src 'none'; sandbox");
  const shown = await ask(`GET /file/${ID}`, { query: "&show" });
  assertEquals([shown.status, shown.headers.get("content-type")], [200, "image/png"]);
  assertEquals((shown.headers.get("content-disposition") ?? "").split(";")[0], "inline");
  assertEquals(shown.headers.get("content-security-policy"), "default-src 'none'; sandbox");
  const cases: readonly (readonly [id: string, query: string, status: number])[] = [
    ["c", "&show", 415],
    ["d", "&show", 415],
    ["e", "&show", 413],
    ["f", "", 400],
    ["g", "", 404],
    ["h", "", 404],
  ];
  for (const [letter, query, status] of cases) {
    assertEquals((await ask(`GET /file/${letter.repeat(22)}`, { query })).status, status, letter);
  }
  assertEquals(
    (await ask(`GET /file/${"c".repeat(22)}`)).headers.get("content-type"),
    "application/octet-stream",
  );
});

Deno.test("PUT /upload keeps what comes under safe names, and nothing over what is there", async () => {
  const { page, folder, ask } = await scene();
  await using _ = page;
  assertEquals((await ask(`PUT /upload/${UPLOAD}/notes.txt`, { body: "hello" })).status, 204);
  assertEquals(await Deno.readTextFile(join(folder, "uploads", UPLOAD, "notes.txt")), "hello");
  assertEquals((await ask(`PUT /upload/${UPLOAD}/notes.txt`, { body: "other" })).status, 409);
  assertEquals(await Deno.readTextFile(join(folder, "uploads", UPLOAD, "notes.txt")), "hello");
  const tricks: readonly (readonly [path: string, saved: string])[] = [
    ["%2e%2e%2f%2e%2e%2fescaped", "__.._escaped"],
    ["..%5c..%5cescaped", "__.._escaped2"],
    ["sub/%2e%2e%2fx", "sub/__x"],
    ["CON", "_CON"],
    ["a%00b", "a_b"],
  ];
  for (const [path, saved] of tricks) {
    const upload = UPLOAD.replace("u", saved.length.toString(36));
    assertEquals((await ask(`PUT /upload/${upload}/${path}`, { body: "x" })).status, 204, path);
    const name = saved.replace("escaped2", "escaped");
    assertEquals(await Deno.readTextFile(join(folder, "uploads", upload, name)), "x", path);
  }
  for (const path of ["x/notes.txt", `${UPLOAD}/`, `${UPLOAD}`, `${UPLOAD}/a//b`, `${UPLOAD}/%ff`]) {
    assertEquals((await ask(`PUT /upload/${path}`, { body: "x" })).status, 400, path);
  }
});

Deno.test("DELETE /upload removes what came, and nothing else", async () => {
  const { page, folder, ask } = await scene();
  await using _ = page;
  const other = "v".repeat(22);
  for (const id of [UPLOAD, other]) {
    assertEquals((await ask(`PUT /upload/${id}/folder/notes.txt`, { body: "hello" })).status, 204);
  }
  assertEquals((await ask(`DELETE /upload/${UPLOAD}`)).status, 204);
  assertEquals((await ask(`DELETE /upload/${UPLOAD}`)).status, 204);
  const left = await Array.fromAsync(Deno.readDir(join(folder, "uploads")));
  assertEquals(left.map(({ name }) => name), [other]);
  for (const path of ["", "..", "%2e%2e", `${other}/folder`, `..%2f${"x".repeat(16)}`]) {
    const { status } = await ask(`DELETE /upload/${path}`);
    assert(status === 400 || status === 401 || status === 405, `${path}: ${status}`);
  }
  assertEquals((await ask(`DELETE /file/${ID}`)).status, 405);
  assertEquals(await Deno.readTextFile(join(folder, "uploads", other, "folder", "notes.txt")), "hello");
});

Deno.test("Files are for browsers that have entered and prove their key, for this method, path and start", async () => {
  const { page, folder, entered, ask } = await scene((folder) => [rowOf({ path: join(folder, "secret") })]);
  await using _ = page;
  await Deno.writeTextFile(join(folder, "secret"), "bytes");
  const { port } = page;
  const other = await page.enter();
  const line = `GET /file/${ID}`;
  assertEquals((await ask(line)).status, 200);
  const refused: readonly (readonly [what: string, answer: Promise<RawAnswer>, status: number])[] = [
    ["no cookie", ask(line, { by: { ...entered, cookie: "" } }), 401],
    ["another browser's cookie", ask(line, { by: { ...entered, cookie: other.cookie } }), 401],
    ["another key", ask(line, { by: { cookie: entered.cookie, key: other.key } }), 401],
    ["a proof for another file", ask(line, { proofLine: `GET /file/${"c".repeat(22)}` }), 401],
    ["a proof for an upload", ask(line, { proofLine: `PUT /file/${ID}` }), 401],
    ["no proof", rawRequest(port, { line, headers: [...page.own, `Cookie: ${entered.cookie}`] }), 401],
    ["another host", ask(line, { headers: [`Host: evil.example:${port}`] }), 403],
    ["another site", ask(line, { headers: [...page.own, "Sec-Fetch-Site: cross-site"] }), 403],
    [
      "a link elsewhere",
      ask(line, {
        headers: [
          ...page.own,
          "Sec-Fetch-Site: cross-site",
          "Sec-Fetch-Mode: navigate",
          "Sec-Fetch-Dest: document",
        ],
      }),
      403,
    ],
    [
      "an upload of another origin",
      ask(`PUT /upload/${UPLOAD}/x`, {
        headers: [`Host: 127.0.0.1:${port}`, "Origin: https://evil.example"],
        body: "x",
      }),
      403,
    ],
    [
      "an upload without an origin",
      ask(`PUT /upload/${UPLOAD}/x`, { headers: [`Host: 127.0.0.1:${port}`], body: "x" }),
      403,
    ],
    ["a post", ask(`POST /upload/${UPLOAD}/x`, { body: "x" }), 405],
    ["a put of a file", ask(`PUT /file/${ID}`, { body: "x" }), 405],
  ];
  for (const [what, answer, status] of refused) assertEquals((await answer).status, status, what);
});

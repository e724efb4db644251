/** Where earshot is given, on real loopback, with callers who say what no browser says. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { denoClock } from "../../../src/deno/clock.ts";
import { denoCrypto } from "../../../src/deno/crypto.ts";
import { openProgramFiles } from "../../../src/deno/gift_source.ts";
import { denoTcp } from "../../../src/deno/tcp.ts";
import { WorldError } from "../../../src/errors.ts";
import type { Clock } from "../../../src/ports/time.ts";
import type { NearNetworks } from "../../../src/node/support/self_distribution.ts";
import { GiveSwitch } from "../../../src/web/give/give_switch.ts";
import { HEAD_BYTES_MAX } from "../../../src/web/give/http_request.ts";
import {
  ANSWER_BYTES_PER_MS_MIN,
  ANSWER_MS_MIN,
  CONNECTIONS_MAX,
  CONNECTIONS_OF_ONE_MAX,
  HEAD_MS_MAX,
} from "../../../src/web/give/http_server.ts";
import { until } from "../../fixtures/patience.ts";
import { SimTime } from "../../sim/clock.ts";
import { type RawAnswer, rawRequest } from "../../fixtures/web/raw_client.ts";

const NEAR: NearNetworks = { addresses: () => ["127.0.0.1"], isNear: () => true };
const TRIPLE = "x86_64-unknown-linux-gnu";
const FILE = "/earshot-1.2.3-linux-x86_64";
/** More than a system keeps for somebody who does not read. */
const SIZE = 24 * 1024 * 1024 + 7;
const BYTES = new Uint8Array(SIZE);
for (let at = 0; at < SIZE; at++) BYTES[at] = at * 31 + (at >> 8);

/** An executable, a release beside it, and other files that are nobody's business. */
class GiftUnderTest implements AsyncDisposable {
  readonly folder = Deno.makeTempDirSync({ prefix: "earshot-gift-" });
  readonly bugs: unknown[] = [];
  readonly giveSwitch: GiveSwitch;
  near = NEAR;
  port = 0;

  constructor(clock: Clock) {
    Deno.writeFileSync(`${this.folder}/earshot`, BYTES);
    Deno.writeTextFileSync(`${this.folder}/earshot-1.2.3-windows-x86_64.zip`, "zip");
    Deno.writeTextFileSync(`${this.folder}/secret.txt`, "secret");
    Deno.mkdirSync(`${this.folder}/earshot-1.2.3-macos-arm64`);
    Deno.symlinkSync(`${this.folder}/secret.txt`, `${this.folder}/earshot-1.2.3-linux-arm64`);
    this.giveSwitch = new GiveSwitch({
      ports: { tcp: denoTcp(), clock, crypto: denoCrypto() },
      source: openProgramFiles(`${this.folder}/earshot`, TRIPLE),
      version: "1.2.3",
      onBug: (error) => void this.bugs.push(error),
    });
  }

  static async on(clock: Clock = denoClock()): Promise<GiftUnderTest> {
    const gift = new GiftUnderTest(clock);
    const near = {
      addresses: () => gift.near.addresses(),
      isNear: (...of: [string, string]) => gift.near.isNear(...of),
    };
    const { addresses: [address = ""] } = await gift.giveSwitch.turn({ isOn: true, withOthers: true }, near);
    gift.port = Number(new URL(address).port);
    return gift;
  }

  async ask(line: string, headers: readonly string[] = []): Promise<RawAnswer> {
    return await rawRequest(this.port, { line, headers: [`Host: 127.0.0.1:${this.port}`, ...headers] });
  }

  /** A connection that has asked for the file, and reads nothing. */
  async connect(text = `GET ${FILE} HTTP/1.1\r\nHost: 127.0.0.1:${this.port}\r\n\r\n`): Promise<Deno.Conn> {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port: this.port });
    await conn.write(new TextEncoder().encode(text));
    return conn;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.giveSwitch[Symbol.asyncDispose]();
    await Deno.remove(this.folder, { recursive: true });
    assertEquals(this.bugs, []);
  }
}

/** All that comes; how many bytes. */
async function drained(conn: Deno.Conn): Promise<number> {
  const piece = new Uint8Array(64 * 1024);
  let total = 0;
  try {
    for (let count = await conn.read(piece); count !== null; count = await conn.read(piece)) total += count;
  } catch (error) {
    if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
  }
  conn.close();
  return total;
}

async function fetched(
  gift: GiftUnderTest,
  headers: HeadersInit = {},
): Promise<{ status: number; bytes: Uint8Array }> {
  const answer = await fetch(`http://127.0.0.1:${gift.port}${FILE}`, { headers });
  return { status: answer.status, bytes: new Uint8Array(await answer.arrayBuffer()) };
}

Deno.test("GiveServer gives what others may have put beside the executable only when told to", async () => {
  await using gift = new GiftUnderTest(denoClock());
  const own = await gift.giveSwitch.turn({ isOn: true, withOthers: false }, NEAR);
  assertEquals(own.files.map(({ name, isOwn }) => [name, isOwn]), [["earshot-1.2.3-linux-x86_64", true]]);
  assertEquals(own.found, ["earshot-1.2.3-windows-x86_64.zip"]);
  gift.port = own.port ?? 0;
  assertEquals((await gift.ask("HEAD /earshot-1.2.3-windows-x86_64.zip")).status, 404);
  const all = await gift.giveSwitch.turn({ isOn: true, withOthers: true }, NEAR);
  assertEquals(all.files.map(({ isOwn }) => isOwn), [false, true]);
  assertEquals(all.found, []);
  gift.port = all.port ?? 0;
  assertEquals((await gift.ask("HEAD /earshot-1.2.3-windows-x86_64.zip")).status, 200);
  assertStringIncludes(
    (await gift.ask("GET /")).body,
    "This file was found beside the other person’s earshot",
  );
});

Deno.test("GiveServer gives the file whole and in parts, and its sum is the one that it tells", async () => {
  await using gift = await GiftUnderTest.on();
  const { files } = gift.giveSwitch.state(NEAR);
  assertEquals(files.map(({ name }) => name), [
    "earshot-1.2.3-windows-x86_64.zip",
    "earshot-1.2.3-linux-x86_64",
  ]);
  const whole = await fetched(gift);
  assertEquals([whole.status, whole.bytes.length], [200, SIZE]);
  const digest = new Uint8Array(
    await crypto.subtle.digest("SHA-256", whole.bytes as Uint8Array<ArrayBuffer>),
  );
  const sum = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  assertEquals(files[1]?.sha256, sum);
  assertEquals(files[1]?.sumStart, sum.slice(0, 16).match(/.{4}/g)?.join(" "));
  const part = await fetched(gift, { range: `bytes=${SIZE - 70_000}-` });
  assertEquals([part.status, part.bytes], [206, BYTES.slice(SIZE - 70_000)]);
  const middle = await gift.ask(`HEAD ${FILE}`, ["Range: bytes=5-9"]);
  assertEquals([middle.status, middle.headers.get("content-range"), middle.body], [
    206,
    `bytes 5-9/${SIZE}`,
    "",
  ]);
  // Of another version than the one that was begun, all is sent.
  assertEquals((await gift.ask(`HEAD ${FILE}`, ["Range: bytes=5-9", 'If-Range: "other"'])).status, 200);
  assertEquals((await gift.ask(`HEAD ${FILE}`, ["Range: bytes=5-9", `If-Range: "${sum}"`])).status, 206);
  const none = await gift.ask(`GET ${FILE}`, [`Range: bytes=${SIZE}-`]);
  assertEquals([none.status, none.headers.get("content-range")], [416, `bytes */${SIZE}`]);
});

Deno.test("GiveServer's page allows nothing but its own style", async () => {
  await using gift = await GiftUnderTest.on();
  const { status, headers, body } = await gift.ask("GET /");
  assertEquals([status, headers.get("content-type")], [200, "text/html; charset=utf-8"]);
  const [, style = ""] = /<style>(.*?)<\/style>/s.exec(body) ?? [];
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(style));
  assertEquals(
    headers.get("content-security-policy"),
    `default-src 'none'; style-src 'sha256-${
      btoa(String.fromCharCode(...new Uint8Array(hash)))
    }'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
  );
  for (const answer of [{ headers }, await gift.ask(`HEAD ${FILE}`), await gift.ask("GET /nothing")]) {
    assertEquals(answer.headers.get("x-content-type-options"), "nosniff");
    assertEquals(answer.headers.get("referrer-policy"), "no-referrer");
    assertEquals(answer.headers.get("cache-control"), "no-store");
  }
  assertStringIncludes(
    (await gift.ask(`HEAD ${FILE}`)).headers.get("content-disposition") ?? "",
    "attachment",
  );
});

Deno.test("GiveServer answers exactly its list: no path leads to another file", async () => {
  await using gift = await GiftUnderTest.on();
  const paths = [
    "/secret.txt",
    "/earshot",
    "/earshot-1.2.3-linux-arm64",
    "/earshot-1.2.3-macos-arm64",
    "/../earshot",
    "/..%2fsecret.txt",
    "/%2e%2e/secret.txt",
    "/..\\secret.txt",
    "//etc/passwd",
    "/etc/passwd",
    "/./",
    "/?",
    "/#",
    `${FILE}/`,
    `${FILE}?x`,
    `${FILE}%00`,
    FILE.toUpperCase(),
    FILE.replace("e", "%65"),
  ];
  for (const path of paths) {
    const { status, body } = await gift.ask(`GET ${path}`);
    assertEquals([status, body], [404, "Not Found\n"], path);
  }
});

Deno.test("GiveServer refuses other methods, other hosts, and what is no request", async () => {
  await using gift = await GiftUnderTest.on();
  const { port } = gift;
  const host = `Host: 127.0.0.1:${port}`;
  const cases: readonly (readonly [status: number, line: string, headers: readonly string[]])[] = [
    [405, "POST /", [host]],
    [405, "OPTIONS /", [host]],
    [405, `DELETE ${FILE}`, [host]],
    [403, "GET /", [`Host: evil.example:${port}`]],
    [403, "GET /", [`Host: localhost:${port}`]],
    [403, "GET /", ["Host: 127.0.0.1"]],
    [403, "GET /", [`Host: 127.0.0.1:${port + 1}`]],
    [403, "GET /", ["Host: "]],
    [400, "GET /", []],
    [400, "GET /", [host, host]],
    [400, "GET /", [host, "Transfer-Encoding: chunked"]],
    [400, `GET http://127.0.0.1:${port}/`, [host]],
    [400, "nonsense", [host]],
    [431, "GET /", [host, `X: ${"x".repeat(9_000)}`]],
    [431, `GET /${"x".repeat(200_000)}`, [host]],
  ];
  for (const [status, line, headers] of cases) {
    const answer = await rawRequest(port, { line, headers });
    assertEquals(answer.status, status, `${line.slice(0, 40)} ${headers.join().slice(0, 80)}`);
    if (status === 405) assertEquals(answer.headers.get("allow"), "GET, HEAD");
  }
  assertEquals((await gift.ask("GET /")).status, 200);
});

Deno.test("GiveServer lets in who is near, and not more than it can serve", async () => {
  await using gift = await GiftUnderTest.on();
  gift.near = { ...NEAR, isNear: () => false };
  assertEquals((await gift.ask("GET /")).status, 0);
  gift.near = { ...NEAR, addresses: () => ["192.168.43.1"] };
  assertEquals((await gift.ask("GET /")).status, 0);
  gift.near = NEAR;
  const idle: Deno.Conn[] = [];
  for (let count = 0; count < CONNECTIONS_OF_ONE_MAX; count++) idle.push(await gift.connect("GET"));
  assertEquals((await gift.ask("GET /")).status, 0);
  idle.pop()?.close();
  await until("there is room again", async (tell) => {
    const { status } = await gift.ask("GET /");
    tell(String(status));
    return status === 200 ? status : null;
  });
  for (const conn of idle) conn.close();
  assert(CONNECTIONS_OF_ONE_MAX < CONNECTIONS_MAX);
});

Deno.test("GiveServer ends who sends no head, and who takes too long to read", async () => {
  const time = new SimTime();
  await using gift = await GiftUnderTest.on(time.clock());
  const silent = await gift.connect("GET / HTTP/1.1\r\nHost: ");
  const slow = await gift.connect();
  const first = new Uint8Array(1);
  await slow.read(first); // It has begun by now.
  await time.runFor(HEAD_MS_MAX + 1);
  assertEquals(await drained(silent), 0);
  await time.runFor(ANSWER_MS_MIN + SIZE / ANSWER_BYTES_PER_MS_MIN);
  const got = await drained(slow);
  assert(got < SIZE, String(got));
  assertEquals((await fetched(gift)).bytes.length, SIZE);
});

Deno.test("GiveServer gives nothing of a file that is not the one any more whose sum it tells", async () => {
  await using gift = await GiftUnderTest.on();
  await Deno.writeTextFile(`${gift.folder}/earshot`, "something else");
  assertEquals((await gift.ask(`GET ${FILE}`)).status, 503);
  await Deno.remove(`${gift.folder}/earshot`);
  assertEquals((await gift.ask(`GET ${FILE}`)).status, 503);
});

Deno.test("GiveServer cuts downloads when it is turned off, and is turned on and off again and again", async () => {
  await using gift = await GiftUnderTest.on();
  const slow = await gift.connect();
  await slow.read(new Uint8Array(1));
  const { isOn, addresses, files } = await gift.giveSwitch.turn({ isOn: false, withOthers: false }, NEAR);
  assertEquals([isOn, addresses, files], [false, [], []]);
  assert(await drained(slow) < SIZE);
  await assertRejects(
    () => Deno.connect({ hostname: "127.0.0.1", port: gift.port }),
    Deno.errors.ConnectionRefused,
  );
  const both = await Promise.all([
    gift.giveSwitch.turn({ isOn: true, withOthers: true }, NEAR),
    gift.giveSwitch.turn({ isOn: true, withOthers: true }, NEAR),
  ]);
  assertEquals(both[0].addresses, both[1].addresses);
});

Deno.test("docs/protocol.md has the limits of giving", async () => {
  const text = await Deno.readTextFile(new URL("../../../docs/protocol.md", import.meta.url));
  assertStringIncludes(
    text,
    `${CONNECTIONS_MAX} connections at once, ${CONNECTIONS_OF_ONE_MAX} of one address; ${
      HEAD_MS_MAX / 1000
    } s for the head; ` +
      `for an answer ${ANSWER_MS_MIN / 1000} s and a second for each ${
        (ANSWER_BYTES_PER_MS_MIN * 1000).toLocaleString("en")
      } bytes.`,
  );
  assertStringIncludes(text, `a head beyond ${HEAD_BYTES_MAX / 1024} KiB 431`);
});

Deno.test("GiveServer says what is missing", async () => {
  const ports = { tcp: denoTcp(), clock: new SimTime().clock(), crypto: denoCrypto() };
  const folder = await Deno.makeTempDir({ prefix: "earshot-gift-" });
  const at = (triple: string) => openProgramFiles(`${folder}/earshot`, triple);
  const nowhere = { ...NEAR, addresses: () => [] };
  const cases = [
    [
      null,
      NEAR,
      'Cannot give earshot to others: this earshot runs from its source code, so there is no file to give. Create one with "deno task compile"',
    ],
    [
      at(TRIPLE),
      nowhere,
      "Cannot give earshot to others: this device is not on any network. Join a Wi-Fi network or start a hotspot",
    ],
    [
      at("riscv64-unknown-linux-gnu"),
      NEAR,
      "Cannot give earshot to others: the system of this executable is unknown (riscv64-unknown-linux-gnu)",
    ],
    [at(TRIPLE), NEAR, 'Cannot give earshot to others: Cannot read "earshot" (missing)'],
  ] as const;
  for (const [source, near, message] of cases) {
    await using giveSwitch = new GiveSwitch({ ports, source, version: "1.2.3", onBug: () => {} });
    await assertRejects(() => giveSwitch.turn({ isOn: true, withOthers: true }, near), WorldError, message);
    assertEquals(giveSwitch.state(near).isOn, false);
  }
  await Deno.remove(folder);
});

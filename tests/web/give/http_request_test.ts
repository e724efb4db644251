import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { HEAD_BYTES_MAX, parseHead, rangeOf } from "../../../src/web/give/http_request.ts";

const bytesOf = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const GOOD =
  "GET /earshot-1.0-linux HTTP/1.1\r\nHost: 10.0.0.2:9980\r\nUser-Agent: Mozilla/5.0 (\xfcber)\r\nRange: bytes=0-\r\n\r\n";

Deno.test("parseHead reads a request, however it is cut", () => {
  const expected = {
    request: {
      method: "GET",
      path: "/earshot-1.0-linux",
      host: "10.0.0.2:9980",
      range: "bytes=0-",
      ifRange: null,
      userAgent: "Mozilla/5.0 (\xfcber)",
      languages: "",
    },
  };
  for (let length = 0; length < GOOD.length; length++) {
    assertEquals(parseHead(bytesOf(GOOD.slice(0, length))), "more");
  }
  assertEquals(parseHead(bytesOf(GOOD)), expected);
  assertEquals(parseHead(bytesOf(`${GOOD}GET / HTTP/1.1\r\n\r\n`)), expected);
});

Deno.test("parseHead refuses what is not plainly a request", () => {
  const host = "Host: h";
  const cases: readonly (readonly [status: 400 | 505, ...lines: string[]])[] = [
    [400, "GET / HTTP/1.1"],
    [400, "GET / HTTP/1.1", host, host],
    [400, "GET / HTTP/1.1", `${host}\nX: y`],
    [400, "GET / HTTP/1.1", host, " folded"],
    [400, "GET / HTTP/1.1", "Host : h"],
    [400, "GET / HTTP/1.1", host, "Range: bytes=0-", "Range: bytes=1-"],
    [400, "GET / HTTP/1.1", host, "Content-Length: 5"],
    [400, "GET / HTTP/1.1", host, "Content-Length: 0", "Transfer-Encoding: chunked"],
    [400, "GET / HTTP/1.1", host, "X: a\0b"],
    [400, "get / HTTP/1.1", host],
    [400, "GET  / HTTP/1.1", host],
    [400, "GET http://h/ HTTP/1.1", host],
    [400, "GET * HTTP/1.1", host],
    [400, "GET /\u00e4 HTTP/1.1", host],
    [400, "GET /", host],
    [400, "", host],
    [505, "GET / HTTP/2.0", host],
  ];
  for (const [status, ...lines] of cases) {
    assertEquals(parseHead(bytesOf(`${lines.join("\r\n")}\r\n\r\n`)), { status }, lines.join(" | "));
  }
});

Deno.test("parseHead refuses a head that does not end in time, and not one that just does", () => {
  const start = "GET / HTTP/1.1\r\nHost: h\r\nX: ";
  const fits = start + "x".repeat(HEAD_BYTES_MAX - start.length - 4) + "\r\n\r\n";
  const head = parseHead(bytesOf(fits));
  assert(typeof head === "object" && "request" in head);
  assertEquals(parseHead(bytesOf(fits.slice(0, -1))), "more");
  assertEquals(parseHead(bytesOf("x".repeat(HEAD_BYTES_MAX))), { status: 431 });
});

Deno.test("parseHead takes any bytes without a fault", () => {
  const pieces = fc.oneof(
    fc.constantFrom("GET ", "/", " HTTP/1.1", "\r\n", "\r\n\r\n", "Host: h", ":", "\0", "Range: bytes="),
    fc.string({ unit: "binary", maxLength: 8 }),
  );
  fc.assert(fc.property(fc.array(pieces, { maxLength: 20 }), (all) => {
    const head = parseHead(bytesOf(all.join("")));
    assert(head === "more" || "status" in head || head.request.path.startsWith("/"));
  }));
});

Deno.test("rangeOf takes one part, as RFC 9110 has it", () => {
  const all = { from: 0, to: 100 };
  const cases: readonly (readonly [string | null, ReturnType<typeof rangeOf>])[] = [
    [null, all],
    ["bytes=0-", all],
    ["bytes=0-0", { from: 0, to: 1 }],
    ["bytes=10-19", { from: 10, to: 20 }],
    ["bytes=99-", { from: 99, to: 100 }],
    ["bytes=90-1000", { from: 90, to: 100 }],
    ["bytes=-10", { from: 90, to: 100 }],
    ["bytes=-1000", all],
    ["bytes=100-", "none"],
    ["bytes=100-200", "none"],
    ["bytes=-0", "none"],
    ["bytes=20-10", all],
    ["bytes=0-1,5-6", all],
    ["bytes=-", all],
    ["bytes= 0-1", all],
    ["bytes=0x1-", all],
    ["bytes=-1-2", all],
    ["lines=0-1", all],
    ["bytes=99999999999999999999-", all],
  ];
  for (const [field, expected] of cases) assertEquals(rangeOf(field, 100), expected, String(field));
  assertEquals(rangeOf("bytes=0-", 0), "none");
});

import { assertEquals } from "@std/assert";
import { denoCrypto } from "../../../src/deno/crypto.ts";
import { checkControlRequest } from "../../../src/web/control/control_guard.ts";

const TOKEN = "t".repeat(43);
const OPTIONS = { port: 40_001, token: TOKEN, crypto: denoCrypto() };
const GOOD = { host: "127.0.0.1:40001", authorization: `Bearer ${TOKEN}` };

function statusFor(headers: Record<string, string>): number | null {
  const request = new Request("http://127.0.0.1:40001/v1/command", { method: "POST", headers });
  return checkControlRequest(request, OPTIONS)?.status ?? null;
}

Deno.test("refusal lets a request with the right host and token through", () => {
  assertEquals(statusFor(GOOD), null);
});

const HOSTS = [
  "evil.example",
  "evil.example:40001",
  "localhost:40001",
  "127.0.0.1",
  "127.0.0.1:40002",
  "127.0.0.1:400010",
  "127.0.0.1.evil.example:40001",
  "0.0.0.0:40001",
  "[::1]:40001",
];

for (const host of HOSTS) {
  Deno.test(`refusal turns the host "${host}" away, token or not (DNS rebinding)`, () => {
    assertEquals(statusFor({ ...GOOD, host }), 403);
    assertEquals(statusFor({ host }), 403);
  });
}

for (const origin of ["http://evil.example", "http://127.0.0.1:40001", "null", ""]) {
  Deno.test(`refusal turns every web page away, also one of the origin "${origin}"`, () => {
    assertEquals(statusFor({ ...GOOD, origin }), 403);
  });
}

for (const site of ["cross-site", "same-origin", "none"]) {
  Deno.test(`refusal turns a browser's "${site}" request away`, () => {
    assertEquals(statusFor({ ...GOOD, "sec-fetch-site": site }), 403);
  });
}

const AUTHORIZATIONS = [
  "",
  "Bearer",
  `Bearer ${TOKEN.slice(1)}`,
  `Bearer ${TOKEN}t`,
  `Bearer ${"u".repeat(43)}`,
  `bearer ${TOKEN}`,
  `Basic ${TOKEN}`,
  TOKEN,
];

for (const authorization of AUTHORIZATIONS) {
  Deno.test(`refusal wants the token, and not "${authorization.slice(0, 20)}" of ${authorization.length} characters`, () => {
    assertEquals(statusFor({ ...GOOD, authorization }), 401);
  });
}

Deno.test("refusal wants the token", () => {
  assertEquals(statusFor({ host: GOOD.host }), 401);
});

import { assertEquals, assertNotEquals } from "@std/assert";
import { denoCrypto } from "../../../src/deno/crypto.ts";
import { KnownBrowsers } from "../../../src/web/page/known_browsers.ts";
import { type Browser, BROWSERS_MAX } from "../../../src/web/page/page_state.ts";
import { SimChance } from "../../sim/chance.ts";
import { SimTime } from "../../sim/clock.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

function setUp(browsers: readonly Browser[] = []) {
  const time = new SimTime();
  const parts = { clock: time.clock(), chance: new SimChance(1), crypto: denoCrypto() };
  return { time, browsers: new KnownBrowsers(parts, { port: 9990, browsers }) };
}

const cookieOf = ({ setCookie }: { readonly setCookie: string }) => setCookie.split(";")[0] ?? "";

Deno.test("Browsers knows each browser by its cookie, among others and at its own port only", () => {
  const { browsers } = setUp();
  const [first, second] = [browsers.enter(), browsers.enter()];
  assertNotEquals(first.key, second.key);
  assertEquals(browsers.find(cookieOf(first))?.key, first.key);
  assertEquals(browsers.find(`theme=dark; ${cookieOf(second)}; x=y`)?.key, second.key);
  // Another server of this machine may set a cookie of the same name before ours.
  assertEquals(browsers.find(`earshot-9990=planted;${cookieOf(first)}`)?.key, first.key);
  const strange = [null, "", "earshot-9990", "earshot-9990=", cookieOf(first).replace("9990", "9991")];
  assertEquals(strange.map((header) => browsers.find(header)), Array(5).fill(undefined));
});

Deno.test("Browsers keeps no cookie, only its hash", () => {
  const { browsers } = setUp();
  const value = cookieOf(browsers.enter()).split("=")[1] ?? "";
  assertEquals(value.length, 43);
  assertEquals(JSON.stringify(browsers.all).includes(value), false);
});

Deno.test("Browsers lets go of the one longest unused when there are too many, never of the new one", () => {
  const old = Array.from({ length: BROWSERS_MAX }, (_, index): Browser => ({
    cookieHash: String(index).padStart(43, "A"),
    key: String(index).padStart(43, "B"),
    // From a clock that was years ahead: all of them look newer than the new one.
    usedAtMs: Date.UTC(2090, 0, (index * 7) % BROWSERS_MAX + 1),
  }));
  const { browsers } = setUp(old);
  const entered = browsers.enter();
  assertEquals(browsers.all.length, BROWSERS_MAX);
  assertEquals(browsers.find(cookieOf(entered))?.key, entered.key);
  const gone = old.filter(({ key }) => !browsers.all.some((browser) => browser.key === key));
  assertEquals(gone.map(({ usedAtMs }) => usedAtMs), [Date.UTC(2090, 0, 1)]);
});

Deno.test("Browsers keeps when one last came, once a day at most", async () => {
  const { time, browsers } = setUp();
  const found = browsers.find(cookieOf(browsers.enter()));
  if (found === undefined) throw new Error("not entered");
  assertEquals(browsers.use(found), false);
  await time.runFor(DAY_MS);
  assertEquals(browsers.use(found), true);
  assertEquals((browsers.all[0]?.usedAtMs ?? 0) - found.usedAtMs, DAY_MS);
  assertEquals(browsers.use(found), false);
});

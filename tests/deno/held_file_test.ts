import { assertEquals, assertRejects } from "@std/assert";
import { DiskError } from "../../src/errors.ts";
import { type HeldFileOptions, retryWhileHeld } from "../../src/deno/held_file.ts";

/** A call that fails with these errors, one a try, and then succeeds. */
function failing(...errors: readonly Error[]): { run(): Promise<string>; tries(): number } {
  let tries = 0;
  return {
    run: () => {
      const error = errors[tries++];
      return error === undefined ? Promise.resolve("done") : Promise.reject(error);
    },
    tries: () => tries,
  };
}

function windows(options: { mayWrite?: boolean } = {}): HeldFileOptions & { readonly waitedMs: number[] } {
  const waitedMs: number[] = [];
  return {
    path: "b",
    isWindows: true,
    waitedMs,
    wait: (ms) => {
      waitedMs.push(ms);
      return Promise.resolve();
    },
    mayWrite: () => Promise.resolve(options.mayWrite ?? true),
  };
}

const coded = (code: string) => Object.assign(new Error(code), { code });
const HELD = [coded("EBUSY"), coded("EACCES"), coded("EPERM"), new Deno.errors.PermissionDenied("denied")];
const ALWAYS = Array.from({ length: 20 }, () => coded("EACCES"));

Deno.test("retryWhileHeld tries again until the holder lets go, and tells nothing of it", async () => {
  const { run, tries } = failing(...HELD);
  const options = windows();
  assertEquals(await retryWhileHeld(run, options), "done");
  assertEquals(tries(), 5);
  assertEquals(options.waitedMs, [10, 20, 40, 80]);
});

Deno.test("retryWhileHeld gives up after a second, and says that another program has it open", async () => {
  const { run, tries } = failing(...ALWAYS);
  const options = windows();
  const error = await assertRejects(
    () => retryWhileHeld(run, options),
    DiskError,
    'Cannot change "b": another program has it open',
  );
  assertEquals(error.reason, "held");
  assertEquals(tries(), 8);
  assertEquals(options.waitedMs.reduce((sum, ms) => sum + ms, 0), 1_000);
});

Deno.test("retryWhileHeld blames no program where this user may not write", async () => {
  const { run } = failing(...ALWAYS);
  await assertRejects(() => retryWhileHeld(run, windows({ mayWrite: false })), Error, "EACCES");
});

Deno.test("retryWhileHeld blames a program for a busy file in any case", async () => {
  const { run } = failing(...Array.from({ length: 20 }, () => coded("EBUSY")));
  await assertRejects(() => retryWhileHeld(run, windows({ mayWrite: false })), DiskError);
});

Deno.test("retryWhileHeld tries once where other systems refuse, and where something else is wrong", async () => {
  for (const [error, isWindows] of [[coded("EACCES"), false], [coded("ENOENT"), true]] as const) {
    const { run, tries } = failing(error);
    await assertRejects(() => retryWhileHeld(run, { ...windows(), isWindows }), Error);
    assertEquals(tries(), 1);
  }
});

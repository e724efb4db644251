import { assertEquals, assertRejects } from "@std/assert";
import { CoalescedTask } from "../../../src/store/files/coalesced_task.ts";

/** Work whose runs end when the test says so. */
function work() {
  const runs: PromiseWithResolvers<void>[] = [];
  const coalesced = new CoalescedTask(() => {
    const run = Promise.withResolvers<void>();
    runs.push(run);
    return run.promise;
  });
  return { runs, coalesced };
}

Deno.test("Coalesced shares one further run between all that ask while it runs", async () => {
  const { runs, coalesced } = work();
  const first = coalesced.run();
  const later = [coalesced.run(), coalesced.run(), coalesced.run()];
  assertEquals(runs.length, 1);
  runs[0]?.resolve();
  await first;
  // Asked for in the moment between two runs: it belongs to the second.
  later.push(coalesced.run());
  await Promise.resolve();
  runs[1]?.resolve();
  await Promise.all(later);
  assertEquals(runs.length, 2);
  const third = coalesced.run();
  runs[2]?.resolve();
  await third;
  assertEquals(runs.length, 3);
});

Deno.test("Coalesced runs again after a failure, which only its own callers hear of", async () => {
  const { runs, coalesced } = work();
  const first = coalesced.run();
  const second = coalesced.run();
  runs[0]?.reject(new Error("disk"));
  await assertRejects(() => first, Error, "disk");
  await Promise.resolve();
  await Promise.resolve();
  runs[1]?.resolve();
  await second;
});

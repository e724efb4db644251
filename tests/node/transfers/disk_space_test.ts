import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { WorldError } from "../../../src/errors.ts";
import {
  DiskSpace,
  LOOK_AGAIN_BYTES,
  type SpaceNeed,
  SPARE_BYTES,
} from "../../../src/node/transfers/disk_space.ts";

const MB = 1_000_000;

/** A disk with so much free, and what is claimed of it. */
function disk(freeBytes: number | null, os = "linux") {
  const state = { freeBytes, looks: 0 };
  const diskSpace = new DiskSpace({
    os,
    readFreeBytes: () => {
      state.looks++;
      return Promise.resolve(state.freeBytes);
    },
  });
  const claim = (sizeBytes: number, options: Partial<SpaceNeed> & { readonly got?: number } = {}) => {
    const { got = 0, ...need } = options;
    return diskSpace.claim({
      name: "film",
      target: "/home",
      disk: "",
      sizeBytes,
      gotBytes: () => got,
      ...need,
    });
  };
  return { state, claim };
}

async function refused(run: () => Promise<void>): Promise<string> {
  return (await assertRejects(run, WorldError)).message;
}

Deno.test("Space is wanted for what is missing, and some is left", async () => {
  const { claim } = disk(SPARE_BYTES + 10 * MB);
  await claim(10 * MB).requireAll();
  const second = disk(SPARE_BYTES + 10 * MB);
  assertStringIncludes(await refused(() => second.claim(11 * MB).requireAll()), '"film" does not fit');
  await second.claim(100 * MB, { got: 90 * MB, disk: "other" }).requireAll();
  await disk(null).claim(1e12).requireAll();
});

Deno.test("Space that was claimed is claimed once, on its disk, and until it is done", async () => {
  const { claim } = disk(SPARE_BYTES + 10 * MB);
  const first = claim(8 * MB);
  const second = claim(8 * MB);
  await first.requireAll();
  assertStringIncludes(await refused(() => second.requireAll()), "of which other downloads need 8.0 MB");
  await claim(8 * MB, { disk: "/stick" }).requireAll();
  first[Symbol.dispose]();
  await second.requireAll();
});

Deno.test("Space is looked at again when much has come, not with each piece", async () => {
  const { state, claim } = disk(SPARE_BYTES);
  let gotBytes = 0;
  const one = claim(1000 * MB, { gotBytes: () => gotBytes });
  for (; gotBytes < 3 * LOOK_AGAIN_BYTES; gotBytes += LOOK_AGAIN_BYTES / 4) await one.requireMore();
  assertEquals(state.looks, 2);
  state.freeBytes = SPARE_BYTES - 1;
  gotBytes += LOOK_AGAIN_BYTES;
  assertStringIncludes(await refused(() => one.requireMore()), "The downloaded part is kept");
  gotBytes = 1000 * MB - 1;
  await one.requireMore();
});

Deno.test("Space on Windows is not counted twice for a file whose end is written", async () => {
  const { claim } = disk(SPARE_BYTES + 10 * MB, "windows");
  await claim(100 * MB, { got: 1 * MB }).requireAll();
  await claim(10 * MB).requireAll();
  assertStringIncludes(await refused(() => claim(10 * MB).requireAll()), "does not fit");
});

import { assertEquals } from "@std/assert";
import { planGivenFile, PLATFORMS } from "../../src/web/give/platforms.ts";
import config from "../../deno.json" with { type: "json" };
import { releaseName, suffixOf, TARGETS } from "../../tools/targets.ts";

const FAMILIES: Readonly<Record<string, string>> = { darwin: "macos", linux: "linux", windows: "windows" };

Deno.test("What is given to others is called as releases are, for all targets of a release", () => {
  const given = PLATFORMS.map(({ name, triple, family, archive }) => ({ name, triple, family, archive }));
  const released = TARGETS.map(({ name, triple, system, archive }) => ({
    name,
    triple,
    family: FAMILIES[system],
    archive,
  }));
  const sorted = <T extends { readonly name: string }>(all: readonly T[]) =>
    all.toSorted((left, right) => left.name < right.name ? -1 : 1);
  assertEquals<unknown>(sorted(given), sorted(released));
  for (const packed of [true, false]) {
    const names = TARGETS.map((target) =>
      releaseName(target) + (packed ? `.${target.archive}` : suffixOf(target))
    );
    const plan = planGivenFile(names, { ownName: "earshot", triple: "none", version: config.version });
    assertEquals(plan.map(({ source }) => source).toSorted(), names.toSorted());
  }
});

/** A home that the first earshot wrote: what is in it is there in this one, and stays as it was. */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { Place } from "../fixtures/real_processes.ts";

const FIRST = fromFileUrl(new URL("first_home", import.meta.url));
/** What no later earshot has a reason to write anew. */
const KEPT = [
  "contacts.dat",
  "identity.json",
  "rooms/Kitchen-xkggezsa3olgamcbc2bp7neziy/log.jsonl",
  "rooms/bob-j2y4fwumearelk6zk4fw2s2t6y/log.jsonl",
];

Deno.test("The home of the first earshot opens with all that is in it, and nothing is rewritten", async () => {
  await using place = await placeWithFirstHome();
  const said = async (...words: string[]) => {
    const { code, out, err } = await place.run("ada2", ...words);
    assertEquals([code, err], [0, ""], words.join(" "));
    return out;
  };
  assertEquals(await said("export", "#Kitchen"), await exported("kitchen"));
  assertEquals(await said("export", "bob"), await exported("bob"));
  assertMatch(await said("contacts"), /^bob +2epqunex +127\.0\.0\.1:19557/m);
  for (const path of KEPT) {
    const now = await Deno.readTextFile(join(place.home("ada2"), path));
    assertEquals(now, await Deno.readTextFile(join(FIRST, path)), path);
  }
});

Deno.test("Whoever has the home of the first earshot goes on in its room, and a newcomer gets what was said then", async () => {
  await using place = await placeWithFirstHome();
  await place.node("ada2");
  await place.node("carl");
  await place.until("carl", ["join", "Kitchen"], ({ code }) => code === 0);
  assertEquals((await place.run("carl", "send", "--wait", "passed", "#Kitchen", "still here?")).code, 0);
  const { out } = await place.run("ada2", "export", "#Kitchen");
  assertEquals(out, (await place.run("carl", "export", "#Kitchen")).out);
  assertStringIncludes(out, "ada: anybody with a spare charger?");
  assertStringIncludes(out, "carl: still here?");
});

async function placeWithFirstHome(): Promise<Place> {
  const place = new Place();
  const home = place.home("ada2");
  await Deno.mkdir(home, { mode: 0o700 });
  for (const path of [...KEPT, "config.json"]) {
    await Deno.mkdir(dirname(join(home, path)), { recursive: true });
    await Deno.copyFile(join(FIRST, path), join(home, path));
  }
  return place;
}

async function exported(name: string): Promise<string> {
  return await Deno.readTextFile(`${FIRST}_${name}.txt`);
}

import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { denoFiles } from "../../../src/deno/files.ts";
import { UsageError, WorldError } from "../../../src/errors.ts";
import { findOffered } from "../../../src/node/transfers/create_offer.ts";

Deno.test("lookForOffer says in a sentence why something cannot be offered, whatever the system says of it", async () => {
  const folder = await Deno.makeTempDir({ prefix: "earshot-offering-" });
  const files = denoFiles();
  try {
    const file = join(folder, "a.txt");
    await Deno.writeTextFile(file, "a");
    assertEquals((await findOffered(file, files)).kind, "file");
    await assertRejects(() => findOffered(join(folder, "b.txt"), files), UsageError, "There is nothing at");
    const looked = (path: string) => findOffered(path, files).then(() => null, (error: Error) => error);
    for (const path of [join(file, "x"), join(folder, "n".repeat(300))]) {
      const error = await looked(path);
      // Systems differ in which of these they take for a missing file.
      assertEquals(error instanceof WorldError || error instanceof UsageError, true, String(error));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

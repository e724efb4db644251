import { assertEquals, assertRejects } from "@std/assert";
import { readOutput } from "../../src/deno/command.ts";

const ignore = Deno.build.os === "windows";

Deno.test({
  name: "readOutput gives what a command prints, also of one that fails in part",
  ignore,
  async fn() {
    assertEquals(await readOutput("ls", ["-1", "-d", "/"]), "/\n");
    assertEquals(await readOutput("ls", ["-1", "-d", "/", "/no-such-folder-of-earshot"]), "/\n");
  },
});

Deno.test({
  name:
    "readOutput rejects where a command fails without a word, so that nothing is concluded from its silence",
  ignore,
  async fn() {
    await assertRejects(() => readOutput("ls", ["/no-such-folder-of-earshot"]), Error, '"ls" did not answer');
  },
});

Deno.test({
  name: "readOutput rejects where the time is over, whatever was printed before",
  ignore,
  async fn() {
    // cat waits for a writer of the pipe, and none comes.
    const folder = await Deno.makeTempDir();
    try {
      const pipe = `${folder}/pipe`;
      assertEquals((await new Deno.Command("mkfifo", { args: [pipe] }).output()).success, true);
      await assertRejects(
        () => readOutput("cat", ["/etc/hostname", pipe], { msMax: 100 }),
        Error,
        '"cat" did not answer',
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

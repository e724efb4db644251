/** One screen under all that can happen to it: other sizes, long and strange lines, pastes, a stop, an end, a full disk. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { finish } from "../fixtures/lan/system.ts";
import { type Scene, type Seat, terminalTest } from "../fixtures/terminal/people.ts";

const STATUS = /^\[1:#Kitchen.*\]?$/;

async function inKitchen(scene: Scene, size: { columns?: number; rows?: number } = {}): Promise<Seat> {
  const seat = await scene.chat("ada", size);
  await seat.terminal.enter("/host Kitchen");
  await seat.terminal.endsWith(/"Kitchen"$/, STATUS, ">");
  return seat;
}

terminalTest("a screen stays whole in any size", async (scene) => {
  const { terminal } = await inKitchen(scene);
  const said = "one two three four five six seven eight nine ten";
  await terminal.enter(said);
  await terminal.endsWith(/ada: one two three .* ten$/, STATUS, ">");
  await terminal.type("a line that is being typed 日本語 👍🏽 while all this happens");
  for (const [columns, rows] of [[40, 24], [100, 24], [20, 24], [30, 6], [80, 24]] as const) {
    await terminal.resize(columns, rows);
    const wide = columns === 80 || columns === 100;
    await terminal.endsWith(...wide ? [STATUS, /^> a line .* happens$/] : [/happens$/]);
  }
  const lines = await terminal.scrollback();
  const from = lines.findLastIndex((line) => line.includes("ada: one"));
  assertStringIncludes(lines.slice(from, from + 1).join(" "), said);
  await terminal.press("C-c");
  await terminal.endsWith("The line was cleared. Ctrl-C again ends earshot.", STATUS, ">");
});

terminalTest("a screen of 20 columns and 5 rows is enough to talk", async (scene) => {
  const { terminal } = await inKitchen(scene, { columns: 20, rows: 5 });
  await terminal.enter("hello from here");
  await terminal.endsWith(/here$/, "[1:#Kitchen]", ">");
  await terminal.type("0123456789012345678");
  await terminal.endsWith("[1:#Kitchen]", "> 0123456789012345", "  678");
  assertEquals(await terminal.cursor(), { row: 4, column: 5 });
});

terminalTest("pastes, earlier lines and Tab do what is expected", async (scene) => {
  const { terminal } = await inKitchen(scene);
  const lines = Array.from({ length: 312 }, (_, at) => `line ${at + 1}`);
  await terminal.type("see: ");
  await terminal.paste(lines.join("\n"));
  await terminal.endsWith("> see: [paste 1: 312 lines, 3 KB]");
  await terminal.press("Enter");
  await terminal.endsWith("       … 272 more lines; /log 1 shows them all", STATUS, ">");
  await terminal.paste("0123456789abcde\n".repeat(4_097));
  await terminal.endsWith("> [paste 2: 4097 lines, 66 KB]");
  await terminal.press("Enter");
  await terminal.shows(/^! The message is too long: 6555\d bytes/);
  await terminal.endsWith("> [paste 2: 4097 lines, 66 KB]");
  await terminal.press("C-u");
  await terminal.enter("//slash");
  await terminal.endsWith(/ada: \/slash$/, STATUS, ">");
  await terminal.press("Up", "Up", "Up");
  await terminal.endsWith("> see: [paste 1: 312 lines, 3 KB]");
  await terminal.press("C-u");
  await terminal.type("/re");
  await terminal.press("Tab", "Tab");
  await terminal.endsWith("/renew  /requests  /rescan", STATUS, "> /requests");
});

terminalTest(
  "Ctrl-Z gives the terminal to the shell, and fg brings the chat back; the end gives it back for good",
  async (scene) => {
    const { terminal } = await inKitchen(scene);
    const before = "stty -a | grep -c ' icanon .* echo '";
    await terminal.type("a draft");
    await terminal.press("C-z");
    await terminal.shows(/Stopped/);
    await terminal.enter(`${before} -; echo still a shell`);
    await terminal.shows(/^still a shell$/);
    await terminal.enter("fg");
    await terminal.endsWith(STATUS, "> a draft");
    await terminal.press("C-c", "C-c");
    await terminal.endsWith("sh>");
    await terminal.enter("clear; stty -a | grep -o ' icanon'; echo $?");
    await terminal.endsWith(" icanon", "0", "sh>");
    // What was said stays in the scrollback; what was painted does not.
    assertEquals((await terminal.scrollback()).filter((row) => row === "> a draft"), []);
  },
);

const canMount = (await finish(["unshare", "-m", "true"]).catch(() => null))?.code === 0;
if (canMount) {
  terminalTest(
    "a full disk loses nothing that was typed, and hinders nothing once there is room",
    async (scene) => {
      const { terminal, home } = await scene.seat("ada");
      await Deno.mkdir(home);
      // Nobody else sees this mount, and it goes with the shell.
      await terminal.enter("exec unshare -m env PS1='sh> ' sh -i");
      await terminal.enter("clear; mount -t tmpfs -o size=400k none $EARSHOT_HOME && clear && $EARSHOT");
      await terminal.endsWith(/^\[.*\]$/, ">");
      await terminal.enter("/host Kitchen");
      await terminal.endsWith(/opened the room/, STATUS, ">");
      await terminal.press("C-z");
      await terminal.shows(/Stopped/);
      await terminal.endsWith("sh>");
      await terminal.enter("clear; cat /dev/zero > $EARSHOT_HOME/filler; fg");
      await terminal.endsWith(STATUS, ">");
      // Longer than what is left of the log's last block.
      await terminal.paste("x".repeat(9_000));
      await terminal.press("Enter");
      await terminal.shows(/^! Cannot send this: the disk is full/);
      await terminal.endsWith("> [paste 1: 9 KB]");
      await terminal.press("C-z");
      await terminal.shows(/Stopped/);
      await terminal.endsWith("sh>");
      await terminal.enter("clear; rm $EARSHOT_HOME/filler; fg");
      await terminal.endsWith("> [paste 1: 9 KB]");
      await terminal.press("Enter");
      await terminal.endsWith(/^x+$/, STATUS, ">");
    },
  );
}

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { FILES } from "../../fixtures/web/page_server.ts";
import { HOME, Machine, type ProcessOptions } from "../../fixtures/cli/machine.ts";

const LINK = /http:\/\/127\.0\.0\.1:9990\/#enter=[\w-]{43}/;
const LINK_LINE = new RegExp(`^Open in your browser \\(this link works once\\): ${LINK.source}$`, "m");
const OPENED_LINE =
  "The page is open in your browser: http://127.0.0.1:9990/ (if not: earshot page --no-browser)\n";

/** A process that serves a page, started with these words. */
async function started(words: string[], options: Partial<ProcessOptions> = {}, machine = new Machine()) {
  const process = machine.process({
    script: { peers: { peers: [], outlook: "" }, rooms: { rooms: [], outlook: "" } },
    pageFiles: () => Promise.resolve(FILES),
    ...options,
  });
  process.console.isInTerminal = true;
  process.console.isOutTerminal = true;
  const ended = process.start(...words);
  ended.catch(() => {});
  await machine.time.runFor(1_000);
  const end = async () => {
    process.interrupt();
    return await machine.time.drive(ended);
  };
  return { machine, process, console: process.console, end, ended: () => machine.time.drive(ended) };
}

Deno.test("page prints a new link to the running node's page each time, and ends", async () => {
  const node = await started(["node", "--quiet"]);
  const links: string[] = [];
  for (let time = 0; time < 2; time++) {
    const { console, ended } = await started(["page"], {}, node.machine);
    assertEquals(await ended(), 0);
    assertMatch(console.outText, LINK_LINE);
    links.push(console.outText);
  }
  assert(links[0] !== links[1]);
  await node.end();
});

Deno.test("page opens the browser by a file in which the link is, so that no command line shows it", async () => {
  const node = await started(["node", "--quiet"]);
  const { console, process, ended } = await started(["page"], { isAtDesktop: true }, node.machine);
  assertEquals(await ended(), 0);
  assertEquals(console.outText, OPENED_LINE);
  assertEquals(process.opened.length, 1);
  assertMatch(process.opened[0] ?? "", LINK);
  await node.end();
  assertEquals(node.machine.drive.peek(`${HOME}/enter.html`), null);
});

Deno.test("page prints the link where no browser is wanted, or none opens", async () => {
  const node = await started(["node", "--quiet"]);
  const unwanted = await started(["page", "--no-browser"], { isAtDesktop: true }, node.machine);
  assertEquals([await unwanted.ended(), unwanted.process.opened], [0, []]);
  assertMatch(unwanted.console.outText, LINK_LINE);
  const failing = await started(["page"], { isAtDesktop: true, isOpening: false }, node.machine);
  assertEquals([await failing.ended(), failing.process.opened.length], [0, 1]);
  assertMatch(failing.console.outText, LINK_LINE);
  await node.end();
});

Deno.test("page prints the link where the disk takes no file", async () => {
  const node = await started(["node", "--quiet"]);
  node.machine.drive.setFull(0);
  const { console, process, ended } = await started(["page"], { isAtDesktop: true }, node.machine);
  assertEquals([await ended(), process.opened], [0, []]);
  assertMatch(console.outText, LINK_LINE);
  await node.end();
});

Deno.test("page starts a node where none runs, which stays until it is stopped", async () => {
  const { machine, console, process, ended } = await started(["page"]);
  assertMatch(console.outText, LINK_LINE);
  assertEquals(console.errText, 'earshot is running. Stop it with Ctrl-C or "earshot stop".\n');
  assertEquals(process.node?.isDisposed, false);
  const stop = machine.process();
  assertEquals(await stop.run("stop"), 0);
  assertEquals([await ended(), process.node?.isDisposed, machine.http.openCount], [0, true, 0]);
});

Deno.test("page --json gives the link as an object", async () => {
  const { process, end } = await started(["page", "--json"]);
  const [row] = process.json as { link: string }[];
  assertMatch(row?.link ?? "", LINK);
  assertEquals({ ...row, link: "" }, {
    event: "page",
    link: "",
    address: "http://127.0.0.1:9990/",
    isOpened: false,
  });
  assertEquals(await end(), 0);
});

Deno.test("--no-page serves none, which page says", async () => {
  const { machine, console, end } = await started(["node", "--no-page"]);
  assertEquals([machine.http.openCount, console.outText.includes("page")], [1, false]);
  const page = await started(["page"], {}, machine);
  assertEquals(await page.ended(), 1);
  assertEquals(
    page.console.errText,
    "earshot: This earshot serves no page: it was started with --no-page\n",
  );
  await end();
  const own = await started(["page", "--no-page"]);
  assertEquals(await own.ended(), 1);
  assertEquals(own.console.errText, "earshot: This earshot serves no page: it was started with --no-page\n");
});

Deno.test("A command that starts a node for itself serves no page", async () => {
  const machine = new Machine();
  const process = machine.process({
    pageFiles: () => Promise.resolve(FILES),
    script: { peers: { peers: [], outlook: "" } },
  });
  assertEquals(await process.run("peers"), 0);
  assertEquals(machine.drive.peek(`${HOME}/page.json`), null);
});

Deno.test("node tells the link after it is ready", async () => {
  const { process, end } = await started(["node", "--json"]);
  const events = (process.json as { event: string }[]).map(({ event }) => event);
  assertEquals(events, ["ready", "page"]);
  assertEquals(await end(), 0);
});

Deno.test("The chat opens the page at its start for somebody at a desktop, and tells the link to others", async () => {
  const cases: [words: string[], isAtDesktop: boolean, isInTerminal: boolean, isOpened: boolean][] = [
    [[], true, true, true],
    [["--plain"], true, true, true],
    [["--no-browser"], true, true, false],
    [[], false, true, false],
    [["--plain"], false, true, false],
  ];
  for (const [words, isAtDesktop, , isOpened] of cases) {
    const { process, console, end } = await started(words, { isAtDesktop });
    assertEquals(process.opened.length, isOpened ? 1 : 0, words.join(" "));
    if (isOpened) assertStringIncludes(console.outText, OPENED_LINE);
    else assertMatch(console.outText, LINK_LINE);
    assertEquals(await end(), 0);
  }
});

Deno.test("A double click opens the page, and a second one that of the earshot that runs", async () => {
  const machine = new Machine();
  const clicked = async (...words: string[]) => {
    const process = machine.process({
      script: { peers: { peers: [], outlook: "" }, rooms: { rooms: [], outlook: "" } },
      pageFiles: () => Promise.resolve(FILES),
      isAtDesktop: true,
    });
    process.console.hasInput = false;
    const ended = process.start(...words);
    await machine.time.runFor(1_000);
    return { process, ended };
  };
  const first = await clicked();
  assertEquals(first.process.opened.length, 1);
  assertEquals(first.process.console.outText, OPENED_LINE);
  const second = await clicked();
  assertEquals(second.process.opened.length, 1);
  assertEquals(await machine.time.drive(second.ended), 0);
  first.process.interrupt();
  assertEquals(await machine.time.drive(first.ended), 0);
});

Deno.test("The chat opens no browser for a script, and tells it the link; with --quiet it does not", async () => {
  const piped = async (...words: string[]) => {
    const machine = new Machine();
    const process = machine.process({
      script: { peers: { peers: [], outlook: "" }, rooms: { rooms: [], outlook: "" } },
      pageFiles: () => Promise.resolve(FILES),
      isAtDesktop: true,
    });
    const ended = process.start(...words);
    await machine.time.runFor(1_000);
    process.interrupt();
    await machine.time.drive(ended);
    assertEquals(process.opened, []);
    return process.console.outText;
  };
  assertMatch(await piped(), LINK_LINE);
  assertMatch((await piped("--json")).split("\n")[1] ?? "", /^{"event":"page","link":"http/);
  assertEquals(await piped("--quiet"), "");
});

Deno.test("A chat that joins a running node opens no browser", async () => {
  const node = await started(["node", "--quiet"]);
  const { process, console, end } = await started([], { isAtDesktop: true }, node.machine);
  assertEquals([process.opened, console.outText.includes("page")], [[], false]);
  await end();
  await node.end();
});

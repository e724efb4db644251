import { message } from "../../../src/messages/message.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DEBUG_LOG_BYTES_MAX, openDebugLog } from "../../../src/cli/node_access/log_file.ts";
import { isLogged, toBugLine, toEventLine, toFailureLine } from "../../../src/cli/node_access/log_line.ts";
import { LOG_LEVELS } from "../../../src/cli/command_line/log_levels.ts";
import { WorldError } from "../../../src/errors.ts";
import type { NodeEvent } from "../../../src/api/commands.ts";
import {
  ALICE,
  BOB,
  KITCHEN,
  logRow,
  Machine,
  peerRow,
  roomRow,
  type Script,
} from "../../fixtures/cli/machine.ts";

const PATH = "/var/log/earshot.log";

async function textAt(machine: Machine, path: string): Promise<string> {
  return new TextDecoder().decode(await machine.time.drive(machine.disk.read(path)) ?? undefined);
}

function opened(machine: Machine, level: "error" | "info" = "info") {
  const ports = { disk: machine.disk, clock: machine.clock };
  return machine.time.drive(openDebugLog({ path: PATH, level, ports }));
}

Deno.test("isLogged has each level and those that matter more", () => {
  assertEquals(
    LOG_LEVELS.map((upTo) => LOG_LEVELS.filter((level) => isLogged(level, upTo))),
    [["error"], ["error", "warn"], ["error", "warn", "info"], ["error", "warn", "info", "debug"]],
  );
});

Deno.test("eventLogged says this of each event", () => {
  const row = logRow({ author: BOB, roomId: KITCHEN });
  const cases: [event: NodeEvent, line: string | null][] = [
    [
      { event: "ready", id: ALICE, name: "alice", port: 9999, discoveryPort: 9998 },
      "info ready: aaaaaaaa, TCP port 9999, UDP port 9998",
    ],
    [{ event: "peer", change: "new", peer: peerRow() }, "info peer bbbbbbbb (10.0.0.5:9999) is here"],
    [{ event: "peer", change: "gone", peer: peerRow({ address: null }) }, "info peer bbbbbbbb is gone"],
    [
      { event: "peer", change: "changed", peer: peerRow() },
      "debug peer bbbbbbbb (10.0.0.5:9999) has changed",
    ],
    [{ event: "entry", row }, "debug entry 1 of bbbbbbbb in room kkkkkkkk: text"],
    [
      { event: "state", roomId: KITCHEN, number: 7, state: "passed" },
      "debug our entry 7 in room kkkkkkkk is passed",
    ],
    [{ event: "room", room: roomRow() }, "debug room kkkkkkkk: 2 members, joined"],
    [{ event: "request", from: peerRow(), roomId: KITCHEN }, "info request of bbbbbbbb (10.0.0.5:9999)"],
    [{ event: "notice", text: "No network" }, "warn No network"],
    [{ event: "typing", roomId: KITCHEN, peer: BOB, name: "bob" }, null],
  ];
  for (const [event, line] of cases) {
    const logged = toEventLine(event);
    assertEquals(logged === null ? null : `${logged.level} ${logged.text}`, line);
  }
});

Deno.test("failureLogged and bugLogged name an error, and never say its sentence", () => {
  const command = { do: "join", room: "secret" } as const;
  assertEquals(toFailureLine(command, new WorldError(message("text.any", { text: "secret" }))), {
    level: "info",
    text: "command join: WorldError",
  });
  assertEquals(toFailureLine(command, new TypeError("secret")), {
    level: "error",
    text: "command join: TypeError",
  });
  assertEquals(toBugLine(new RangeError("secret")), {
    level: "error",
    text: "fault of earshot itself: RangeError; crash.log in the home says more",
  });
});

Deno.test("LogFile writes lines of its levels with their time, behind those that are there", async () => {
  const machine = new Machine();
  for (const text of ["first", "sec\u001b[2Jond\nline"]) {
    const log = await opened(machine);
    log.note({ level: "info", text });
    log.note({ level: "debug", text: "too little" });
    await machine.letGo(log);
    log.note({ level: "error", text: "too late" });
  }
  const lines = (await textAt(machine, PATH)).split("\n");
  assertEquals(lines.length, 3);
  assert(/^2026-01-01T00:00:\d\d\.\d{3}Z info first$/.test(lines[0] ?? ""), lines[0]);
  assert(/Z info sec.*ond.*line$/.test(lines[1] ?? ""), lines[1]);
  // deno-lint-ignore no-control-regex -- That no such character is there is what is tested.
  assertEquals(/[\u0000-\u001f]/.test(lines[1] ?? ""), false);
});

Deno.test("LogFile begins a new file beyond its limit, and keeps the one before", async () => {
  const machine = new Machine();
  const log = await opened(machine);
  log.note({ level: "info", text: "the first" });
  await machine.letGo(log);
  const padding = new Uint8Array(DEBUG_LOG_BYTES_MAX).fill(0x2e);
  const file = await machine.time.drive(machine.disk.openAppend(PATH));
  await machine.time.drive(file.append(padding));
  file.close();
  const next = await opened(machine);
  next.note({ level: "info", text: "the next" });
  await machine.letGo(next);
  assertStringIncludes(await textAt(machine, PATH), "Z info the next\n");
  assertEquals((await textAt(machine, PATH)).includes("the first"), false);
  assertStringIncludes(await textAt(machine, `${PATH}.1`), "Z info the first\n");
});

Deno.test("LogFile counts what a full disk takes none of, and tells when it can", async () => {
  const machine = new Machine();
  const log = await opened(machine);
  machine.drive.setReadOnly(true);
  log.note({ level: "info", text: "lost" });
  log.note({ level: "info", text: "lost too" });
  await machine.time.runFor(1_000);
  machine.drive.setReadOnly(false);
  log.note({ level: "info", text: "kept" });
  await machine.letGo(log);
  const text = await textAt(machine, PATH);
  assertStringIncludes(text, "Z warn 2 lines before this one lost\n");
  assertStringIncludes(text, "Z info kept\n");
});

Deno.test("openLogFile leaves alone what is no log", async () => {
  const machine = new Machine();
  await machine.time.drive(machine.disk.makeFolder("/var/log"));
  await machine.time.drive(machine.disk.writeNew(PATH, new TextEncoder().encode("export PATH\n")));
  const ports = { disk: machine.disk, clock: machine.clock };
  await machine.time.drive(assertRejects(
    () => openDebugLog({ path: PATH, level: "info", ports }),
    WorldError,
    "is not a log of earshot",
  ));
  assertEquals(await textAt(machine, PATH), "export PATH\n");
});

Deno.test("The log of a node says what it does, and holds nothing that was said, no link, no token and no sentence of an error", async () => {
  const SECRET = "xyzzysecret";
  const link = `earshot://10.0.0.2:9999/${KITCHEN}/${SECRET}${"a".repeat(26 - SECRET.length)}/${
    "a".repeat(16)
  }`;
  const script: Script = {
    host: { room: roomRow({ title: SECRET }) },
    send: () => {
      throw new TypeError(SECRET);
    },
    join: () => {
      throw new WorldError(message("text.any", { text: `Cannot join ${SECRET}` }));
    },
    invite: { room: roomRow({ invited: true }), link, told: [] },
    away: { text: SECRET },
    search: { rows: [logRow({ text: SECRET })], count: 1 },
    note: { peer: peerRow({ note: SECRET }) },
    words: { peer: peerRow(), words: [SECRET] },
  };
  const machine = new Machine();
  const running = machine.process({ script });
  const ended = running.start("node", "--log-file", PATH, "--log-level", "debug");
  await machine.time.runFor(1_000);
  const secrets = [SECRET];
  for (const name of ["node.json", "page.json", "identity.json"]) {
    const text = await textAt(machine, `/home/alice/earshot/${name}`);
    secrets.push(...text.match(/[\w-]{16,}/g) ?? []);
  }
  // The token of the control address at least.
  assert(secrets.length > 1);
  const commands = [
    ["host", SECRET],
    ["send", "bob", SECRET],
    ["join", link],
    ["invite", "Kitchen"],
    ["away", SECRET],
    ["search", SECRET],
    ["contacts", "note", "bob", SECRET],
    ["contacts", "verify", "bob"],
  ];
  for (const words of commands) await machine.process().run(...words);
  const row = logRow({ text: SECRET, name: SECRET, room: SECRET });
  running.node?.hub.publish({ event: "entry", row });
  running.node?.hub.publish({
    event: "peer",
    change: "new",
    peer: peerRow({ name: SECRET, away: SECRET, note: SECRET }),
  });
  running.node?.hub.publish({ event: "room", room: roomRow({ title: SECRET }) });
  await machine.time.runFor(1_000);
  running.interrupt();
  assertEquals(await machine.time.drive(ended), 0);
  const log = await textAt(machine, PATH);
  for (const secret of secrets) assertEquals(log.includes(secret), false, secret);
  for (
    const line of [
      "info ready: aaaaaaaa",
      "debug command host: done in ",
      "command send: ",
      "info command join: WorldError",
      "debug entry 1 of bbbbbbbb in room kkkkkkkk: text",
      "info peer bbbbbbbb (10.0.0.5:9999) is here",
      "info stopping",
    ]
  ) {
    assertStringIncludes(log, line);
  }
});

Deno.test("runEarshot refuses a log in its home, and a level without a log", async () => {
  const machine = new Machine();
  const inHome = machine.process();
  assertEquals(await inHome.run("nick", "a", "--log-file", "/home/alice/earshot/identity.json"), 2);
  assertStringIncludes(inHome.console.errText, "is in earshot's own folder");
  assertEquals(inHome.node?.isDisposed, true);
  const noLog = machine.process();
  assertEquals(await noLog.run("node", "--log-level", "debug"), 2);
  assertEquals(noLog.console.errText, "earshot: --log-level needs --log-file FILE\n");
  const noLevel = machine.process();
  assertEquals(await noLevel.run("node", "--log-file", "/tmp/a", "--log-level", "loud"), 2);
  assertEquals(noLevel.console.errText, 'earshot: --log-level takes error, warn, info, debug, not "loud"\n');
});

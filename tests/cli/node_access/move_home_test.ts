import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { moveHome, type MovePorts } from "../../../src/cli/node_access/move_home.ts";
import { DiskError } from "../../../src/errors.ts";
import { toHomePaths } from "../../../src/store/home/paths.ts";
import { type TransferRecord, TransferStore } from "../../../src/store/transfers/transfer_store.ts";
import { KITCHEN, Machine } from "../../fixtures/cli/machine.ts";

const FROM = join("/", "roaming", "earshot");
const TO = join("/", "local", "earshot");
const KEYS = new TextEncoder().encode("keys");

/** A machine with these files in the two homes. */
function machineWith(...paths: readonly string[]): {
  readonly machine: Machine;
  readonly ports: MovePorts;
  drive<T>(work: Promise<T>): Promise<T>;
  text(path: string): Promise<string | null>;
} {
  const machine = new Machine();
  for (const path of paths) machine.drive.put(path, KEYS);
  machine.drive.put(join("/", "local", "other"), KEYS);
  const ports = { disk: machine.disk, files: machine.drive.bootFiles() };
  const drive = <T>(work: Promise<T>) => machine.time.drive(work);
  const text = async (path: string) => {
    const bytes = await drive(ports.disk.read(path));
    return bytes === null ? null : new TextDecoder().decode(bytes);
  };
  return { machine, ports, drive, text };
}

Deno.test("moveHome moves all of it, once, and tells where it is", async () => {
  const { ports, drive, text } = machineWith(
    toHomePaths(FROM).identity,
    join(FROM, "rooms", "a", "log.jsonl"),
  );
  assertEquals(await drive(moveHome(ports, { from: FROM, to: TO })), {
    home: TO,
    told:
      `Your keys and conversations were moved from "${FROM}" to "${TO}", so that Windows copies them to no other machine`,
  });
  assertEquals(await text(toHomePaths(TO).identity), "keys");
  assertEquals(await text(join(TO, "rooms", "a", "log.jsonl")), "keys");
  assertEquals(await drive(ports.files.stat(FROM, { follow: false })), null);
  assertEquals(await drive(moveHome(ports, { from: FROM, to: TO })), { home: TO, told: null });
});

Deno.test("moveHome corrects the remembered places of files, and leaves others", async () => {
  const { ports, drive } = machineWith(toHomePaths(FROM).identity);
  const room = `Kitchen-${KITCHEN}`;
  const record: TransferRecord = { state: "here", place: "", stamps: [], names: null, partTag: null };
  const before = new TransferStore(ports.disk, join(FROM, "rooms", room, "offers"));
  const [inside, outside] = [join("rooms", room, "files", "cat.png"), join("/", "desk", "dog.png")];
  await drive(before.saveRecord("inside", { ...record, place: join(FROM, inside) }));
  await drive(before.saveRecord("outside", { ...record, place: outside }));
  await drive(moveHome(ports, { from: FROM, to: TO }));
  const after = new TransferStore(ports.disk, join(TO, "rooms", room, "offers"));
  assertEquals((await drive(after.loadRecord("inside")))?.place, join(TO, inside));
  assertEquals((await drive(after.loadRecord("outside")))?.place, outside);
});

Deno.test("moveHome takes the place of an empty folder", async () => {
  const { ports, drive, text } = machineWith(toHomePaths(FROM).identity);
  await drive(ports.disk.makeFolder(TO));
  assertEquals((await drive(moveHome(ports, { from: FROM, to: TO }))).home, TO);
  assertEquals(await text(toHomePaths(TO).identity), "keys");
});

Deno.test("moveHome moves nothing where no home is, and nothing over a home", async () => {
  const none = machineWith();
  assertEquals(await none.drive(moveHome(none.ports, { from: FROM, to: TO })), { home: TO, told: null });
  const both = machineWith(toHomePaths(FROM).identity, toHomePaths(TO).identity);
  assertEquals(await both.drive(moveHome(both.ports, { from: FROM, to: TO })), { home: TO, told: null });
  assertEquals(await both.text(toHomePaths(FROM).identity), "keys");
});

Deno.test("moveHome leaves a home in use where it is, until its node has ended", async () => {
  const { ports, drive } = machineWith(toHomePaths(FROM).identity);
  const lock = await drive(ports.disk.lock(toHomePaths(FROM).lock));
  const files = ports.files;
  const disk = { ...ports.disk, lock: () => Promise.resolve(null) };
  assertEquals(await drive(moveHome({ disk, files }, { from: FROM, to: TO })), { home: FROM, told: null });
  lock?.[Symbol.dispose]();
  assertEquals((await drive(moveHome(ports, { from: FROM, to: TO }))).home, TO);
});

Deno.test("moveHome goes on with a home that cannot be moved, and says why", async () => {
  const { ports, drive, text } = machineWith(toHomePaths(FROM).identity);
  const failure = new DiskError("held", `Cannot move "${FROM}": another program has it open`);
  const files = { ...ports.files, moveNew: () => Promise.reject(failure) };
  const { home, told } = await drive(moveHome({ disk: ports.disk, files }, { from: FROM, to: TO }));
  assertEquals(home, FROM);
  assertStringIncludes(told ?? "", `are still in "${FROM}": they could not be moved to "${TO}" (Cannot move`);
  assertStringIncludes(told ?? "", "another program has it open");
  assertEquals(await text(toHomePaths(FROM).identity), "keys");
});

Deno.test("moveHome goes to the home that another process moved in the same moment", async () => {
  const { ports, drive } = machineWith(toHomePaths(FROM).identity);
  const files = {
    ...ports.files,
    moveNew: async (from: string, to: string) => {
      await ports.files.moveNew(from, to);
      throw new DiskError("missing", `Cannot move "${from}"`);
    },
  };
  const moved = await drive(moveHome({ disk: ports.disk, files }, { from: FROM, to: TO }));
  assertEquals(moved, { home: TO, told: null });
});

Deno.test("runEarshot moves the home of an earlier version, and tells it once", async () => {
  const { machine, drive } = machineWith(toHomePaths(FROM).identity);
  const run = async (...words: string[]) => {
    const process = machine.process({ script: { nick: { name: "alice" } } });
    process.environment.formerHome = () => FROM;
    process.environment.defaultHome = () => TO;
    assertEquals(await process.run("nick", "alice", ...words), 0);
    return process;
  };
  const first = await run();
  assertEquals(first.nodeOptions?.home, TO);
  assertStringIncludes(first.console.errText, `were moved from "${FROM}" to "${TO}"`);
  assertEquals(await drive(machine.disk.size(toHomePaths(FROM).identity)), null);
  assertEquals((await run()).console.errText.includes("moved"), false);
});

Deno.test("runEarshot leaves the home of an earlier version alone where another one is named", async () => {
  const { machine, drive } = machineWith(toHomePaths(FROM).identity);
  const process = machine.process({ script: { nick: { name: "alice" } } });
  process.environment.formerHome = () => FROM;
  assertEquals(await process.run("nick", "alice", "--home", join("/", "else")), 0);
  assertEquals(await drive(machine.disk.size(toHomePaths(FROM).identity)), KEYS.length);
});

import { message } from "../../../src/messages/message.ts";
import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { GiveSwitch } from "../../../src/web/give/give_switch.ts";
import { ControlClient } from "../../../src/cli/node_access/control_client.ts";
import { parseWords } from "../../fixtures/cli/parse.ts";
import {
  type ConnectedNode,
  connectNode,
  findNode,
  type NodeNeed,
  waitUntilFree,
} from "../../../src/cli/node_access/connect_node.ts";
import { Interrupted } from "../../../src/cli/environment/environment.ts";
import { WorldError } from "../../../src/errors.ts";
import { toHomePaths } from "../../../src/store/home/paths.ts";
import { formatNodeFile, parseNodeFile } from "../../../src/web/control/node_file.ts";
import { type FakeProcess, HOME, Machine, processWith } from "../../fixtures/cli/machine.ts";

const PATHS = toHomePaths(HOME);
const { globalOptions } = parseWords([], { nowMs: 0 });
const NEED: NodeNeed = {
  home: HOME,
  globalOptions,
  network: true,
  lasting: false,
  own: false,
  onBug: () => {},
};

const reach = (
  machine: Machine,
  process: FakeProcess,
  need: Partial<NodeNeed> = {},
): Promise<ConnectedNode> => machine.time.drive(connectNode(process.environment, { ...NEED, ...need }));

async function nodeFile({ time, disk }: Machine) {
  const bytes = await time.drive(disk.read(PATHS.node));
  return bytes === null ? null : parseNodeFile(new TextDecoder().decode(bytes));
}

const isFree = ({ time }: Machine, { environment }: FakeProcess) =>
  time.drive(waitUntilFree(environment, HOME, 0));

Deno.test("reachNode starts a node where none runs, tells its address, and takes both back", async () => {
  const { machine, process } = processWith({});
  const connected = await reach(machine, process, { lasting: true });
  assertEquals(connected.own, process.node);
  const file = await nodeFile(machine);
  assertEquals([file?.pid, file?.lasting], [101, true]);
  await machine.letGo(connected);
  assertEquals(process.node?.isDisposed, true);
  assertEquals(await nodeFile(machine), null);
  assertEquals(await isFree(machine, process), true);
});

Deno.test("reachNode opens no address for a node without network", async () => {
  const { machine, process } = processWith({});
  const connected = await reach(machine, process, { network: false });
  assertEquals(await nodeFile(machine), null);
  assertEquals(machine.http.openCount, 0);
  assertEquals(process.nodeOptions?.network, false);
  await machine.letGo(connected);
});

Deno.test("reachNode hands the options on to the node that it starts", async () => {
  const { machine, process } = processWith({});
  const words = "--name bob --port 1 --discovery-port 2 --interface lo --session-ports 2000-2001";
  const given = parseWords(words.split(" "), { nowMs: 0 }).globalOptions;
  const connected = await reach(machine, process, { globalOptions: given });
  const { ports: _, distribution, ...options } = process.nodeOptions ??
    { ports: null, distribution: undefined };
  assertInstanceOf(distribution, GiveSwitch);
  assertEquals<unknown>(options, {
    home: HOME,
    pid: 101,
    version: "1.2.3",
    suggestedName: "alice",
    network: true,
    name: "bob",
    port: 1,
    discoveryPort: 2,
    interfaces: ["lo"],
    sessionPorts: { from: 2000, to: 2001 },
  });
  await machine.letGo(connected);
});

Deno.test("reachNode uses the node that runs already, and leaves it running", async () => {
  const machine = new Machine();
  const first = machine.process({ script: { peers: { peers: [], outlook: "from the first" } } });
  const running = await reach(machine, first, { lasting: true });
  const second = machine.process();
  const connected = await reach(machine, second);
  assertEquals([connected.own, connected.file?.pid, second.node], [null, 101, undefined]);
  assertInstanceOf(connected.runner, ControlClient);
  assertEquals(await connected.runner.run({ do: "peers" }), { peers: [], outlook: "from the first" });
  await machine.letGo(connected);
  assertEquals(first.node?.isDisposed, false);
  await machine.letGo(running);
});

Deno.test("reachNode says who has the home when only an own node will do", async () => {
  const machine = new Machine();
  const running = await reach(machine, machine.process(), { lasting: true });
  await assertRejects(
    () => reach(machine, machine.process(), { lasting: true, own: true }),
    WorldError,
    `earshot is already running with the home "${HOME}" (process 101). Stop it with "earshot stop", or use another home with --home`,
  );
  await machine.letGo(running);
});

Deno.test("reachNode waits for a command's node to go when one is wanted that stays", async () => {
  const machine = new Machine();
  const brief = await reach(machine, machine.process());
  const lasting = machine.process();
  const wanted = connectNode(lasting.environment, { ...NEED, lasting: true });
  await machine.time.runFor(1_000);
  assertEquals(lasting.node, undefined);
  await machine.letGo(brief);
  const connected = await machine.time.drive(wanted);
  assertEquals(connected.own, lasting.node);
  await machine.letGo(connected);
});

Deno.test("reachNode never asks an address that a dead node left behind, and removes it", async () => {
  const { machine, process } = processWith({});
  await machine.time.drive(machine.disk.makeFolder(HOME));
  const asked: string[] = [];
  const { port } = machine.http.serve((request) => {
    asked.push(request.url);
    return Promise.resolve(Response.json({ reply: {} }));
  });
  const file = { pid: 99, port, token: "A".repeat(43), started: "", lasting: true };
  await machine.time.drive(machine.disk.writeNew(PATHS.node, new TextEncoder().encode(formatNodeFile(file))));
  const connected = await reach(machine, process, { network: false });
  assertEquals(connected.own, process.node);
  assertEquals(await nodeFile(machine), null);
  assertEquals(asked, []);
  await machine.letGo(connected);
});

Deno.test("reachNode waits while another process has the home without an address, then says so", async () => {
  const { machine, process } = processWith({});
  await machine.time.drive(machine.disk.makeFolder(HOME));
  const lock = await machine.time.drive(machine.disk.lock(PATHS.lock));
  await assertRejects(() => reach(machine, process), WorldError, "in use");
  assertEquals(machine.time.nowMs >= 10_000, true);
  lock?.[Symbol.dispose]();
});

Deno.test("reachNode goes on as soon as the home is let go", async () => {
  const { machine, process } = processWith({});
  await machine.time.drive(machine.disk.makeFolder(HOME));
  const lock = await machine.time.drive(machine.disk.lock(PATHS.lock));
  const wanted = connectNode(process.environment, NEED);
  await machine.time.runFor(500);
  lock?.[Symbol.dispose]();
  const connected = await machine.time.drive(wanted);
  assertEquals(machine.time.nowMs < 1_000, true);
  await machine.letGo(connected);
});

Deno.test("reachNode lets the home go when a node cannot be started in it", async () => {
  const machine = new Machine();
  const refusal = new WorldError(message("text.any", { text: "Cannot listen on port 9999" }));
  const process = machine.process({ refusal });
  await machine.time.drive(machine.disk.makeFolder(HOME));
  await assertRejects(() => reach(machine, process), WorldError, "Cannot listen on port 9999");
  assertEquals(await isFree(machine, process), true);
});

Deno.test("reachNode stops waiting when the user ends it", async () => {
  const { machine, process } = processWith({});
  await machine.time.drive(machine.disk.makeFolder(HOME));
  const lock = await machine.time.drive(machine.disk.lock(PATHS.lock));
  const wanted = connectNode(process.environment, NEED);
  wanted.catch(() => {});
  await machine.time.runFor(500);
  process.interrupt();
  await assertRejects(() => machine.time.drive(wanted), Interrupted);
  assertEquals(machine.time.nowMs < 1_000, true);
  lock?.[Symbol.dispose]();
});

Deno.test("findNode finds the node that runs, and never starts one", async () => {
  const machine = new Machine();
  const looking = machine.process();
  assertEquals(await machine.time.drive(findNode(looking.environment, HOME)), null);
  const running = await reach(machine, machine.process());
  const found = await machine.time.drive(findNode(looking.environment, HOME));
  assertEquals(found?.file?.pid, 102);
  assertEquals(looking.node, undefined);
  await machine.letGo(running);
});

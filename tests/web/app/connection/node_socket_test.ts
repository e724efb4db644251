import { assertEquals, assertRejects } from "@std/assert";
import {
  CommandFailure,
  NodeSocket,
  type NodeSocketPorts,
  type SocketState,
} from "../../../../src/web/app/connection/node_socket.ts";

const NONCE = "n".repeat(43);
const PROOF = "p".repeat(43);
const HELLO = { version: "0.1.0", me: "me", instance: "one", proof: PROOF };

/** A browser whose clock stands still until it is told, and the link in it. */
class World {
  readonly states: string[] = [];
  readonly sent: Record<string, unknown>[] = [];
  readonly events: unknown[] = [];
  readonly socket: NodeSocket;
  probed: number | null = null;
  hasKey = true;
  opened = 0;
  #on: Parameters<NodeSocketPorts["open"]>[0] | null = null;
  #timers: { readonly atMs: number; run(): void }[] = [];
  #nowMs = 0;

  constructor() {
    const ports: NodeSocketPorts = {
      open: (on) => {
        this.opened++;
        this.#on = on;
        return { send: (text) => this.sent.push(JSON.parse(text)), close: () => {} };
      },
      probe: () => Promise.resolve(this.probed),
      answer: () =>
        Promise.resolve(
          this.hasKey ? { proof: PROOF, nonce: NONCE, isNode: (proof: string) => proof === PROOF } : null,
        ),
      after: (ms, run) => {
        const timer = { atMs: this.#nowMs + ms, run };
        this.#timers.push(timer);
        return () => this.#timers = this.#timers.filter((each) => each !== timer);
      },
    };
    this.socket = new NodeSocket(ports, {
      onState: (state) => this.states.push(textOf(state)),
      onEvent: (event) => this.events.push(event),
      describe: (failure) => failure,
    });
  }

  say(message: unknown): void {
    this.#on?.onText(JSON.stringify(message));
  }

  async close(code: number): Promise<void> {
    this.#on?.onClose(code);
    await settled();
  }

  pass(ms: number): void {
    this.#nowMs += ms;
    const due = this.#timers.filter(({ atMs }) => atMs <= this.#nowMs);
    this.#timers = this.#timers.filter(({ atMs }) => atMs > this.#nowMs);
    for (const { run } of due) run();
  }

  get timersCount(): number {
    return this.#timers.length;
  }

  async open(hello: Partial<typeof HELLO> = {}): Promise<void> {
    this.socket.connect();
    await this.greet(hello);
  }

  async greet(hello: Partial<typeof HELLO> = {}): Promise<void> {
    this.say({ challenge: NONCE });
    await settled();
    this.say({ hello: { ...HELLO, ...hello } });
  }
}

function textOf(state: SocketState): string {
  switch (state.at) {
    case "waiting":
      return `waiting: ${state.outage}`;
    case "shut":
      return `shut: ${state.why}`;
    default:
      return state.at;
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

Deno.test("Link proves its key, checks the node's proof, and is open", async () => {
  const world = new World();
  await world.open();
  assertEquals(world.sent, [{ proof: PROOF, nonce: NONCE }]);
  assertEquals(world.states, ["connecting", "open"]);
  assertEquals(world.timersCount, 0);
});

Deno.test("Link tells a node that does not prove the key nothing, and does not come back by itself", async () => {
  const world = new World();
  await world.open({ proof: "x".repeat(43) });
  assertEquals(world.states, ["connecting", "shut: somebody-else"]);
  assertEquals(world.timersCount, 0);
  await assertRejects(() => world.socket.run({ do: "peers" }), CommandFailure);
});

Deno.test("Link believes no greeting without a challenge before it", () => {
  const world = new World();
  world.socket.connect();
  world.say({ hello: HELLO });
  assertEquals(world.states, ["connecting", "shut: somebody-else"]);
});

Deno.test("Link without a key asks to be let in", async () => {
  const world = new World();
  world.hasKey = false;
  world.socket.connect();
  world.say({ challenge: NONCE });
  await settled();
  assertEquals(world.states, ["connecting", "shut: not-entered"]);
});

Deno.test("Link gives each reply and each error to whom it belongs, in any order, and passes events on", async () => {
  const world = new World();
  await world.open();
  const peers = world.socket.run({ do: "peers" });
  const rooms = world.socket.run({ do: "rooms" });
  const failed = world.socket.run({ do: "leave", room: "x" });
  assertEquals(world.sent.slice(1).map(({ id }) => id), [1, 2, 3]);
  world.say({ event: { event: "notice", text: "disk full" } });
  world.say({ id: 2, reply: { rooms: [], outlook: "r" } });
  world.say({ id: 3, error: { kind: "usage", message: "No such room", code: "room.unknown", values: {} } });
  world.say({ id: 1, reply: { peers: [], outlook: "p" } });
  world.say({ id: 99, reply: {} });
  assertEquals([(await peers).outlook, (await rooms).outlook], ["p", "r"]);
  await assertRejects(() => failed, CommandFailure, "No such room");
  assertEquals(world.events, [{ event: "notice", text: "disk full" }]);
  assertEquals(world.timersCount, 0);
});

Deno.test("What is not answered in time fails, and what is slow by nature has more time", async () => {
  const world = new World();
  await world.open();
  const peers = assertRejects(() => world.socket.run({ do: "peers" }), CommandFailure, "unknown");
  const join = world.socket.run({ do: "join", room: "Attic" });
  world.pass(15_000);
  await peers;
  world.say({ id: 2, reply: { note: "late" } });
  assertEquals((await join).note, "late");
});

const CLOSES: readonly (readonly [code: number, state: string])[] = [
  [1001, "waiting: stopped"],
  [1006, "waiting: lost"],
  [4008, "waiting: lost"],
  [4429, "waiting: lost"],
  [4400, "shut: outdated"],
  [4401, "shut: not-entered"],
];
for (const [code, state] of CLOSES) {
  Deno.test(`Link is "${state}" after an open socket was closed with ${code}, and what was asked fails`, async () => {
    const world = new World();
    await world.open();
    const asked = assertRejects(() => world.socket.run({ do: "peers" }), CommandFailure, "unknown");
    await world.close(code);
    await asked;
    assertEquals(world.states.at(-1), state);
  });
}

const PROBES: readonly (readonly [status: number | null, state: string])[] = [
  [401, "shut: not-entered"],
  [503, "waiting: full"],
  [426, "waiting: lost"],
  [null, "waiting: down"],
];
for (const [status, state] of PROBES) {
  Deno.test(`Link is "${state}" where no socket opens and a plain request is answered with ${status}`, async () => {
    const world = new World();
    world.probed = status;
    world.socket.connect();
    await world.close(1006);
    assertEquals(world.states, ["connecting", state]);
  });
}

Deno.test("Link tries again, later each time, and keeps saying that the node was stopped", async () => {
  const world = new World();
  await world.open();
  await world.close(1001);
  const waits: number[] = [];
  for (let turn = 0; turn < 7; turn++) {
    const before = world.opened;
    let ms = 0;
    while (world.opened === before) {
      world.pass(100);
      ms += 100;
    }
    waits.push(ms);
    await world.close(1006);
    assertEquals(world.states.at(-1), "waiting: stopped");
  }
  assertEquals(waits, [200, 400, 800, 1_500, 3_000, 3_000, 3_000]);
  world.pass(3_000);
  await world.greet();
  assertEquals(world.states.at(-1), "open");
});

Deno.test("Link tries at once when the machine wakes, and finds out that an open socket is dead", async () => {
  const world = new World();
  await world.open();
  world.socket.wake();
  world.pass(5_000);
  await settled();
  assertEquals(world.states.at(-1), "waiting: lost");
  world.socket.wake();
  assertEquals(world.states.at(-1), "connecting");
  await world.greet();
  world.socket.wake();
  world.say({ id: 2, reply: {} });
  world.pass(5_000);
  await settled();
  assertEquals(world.states.at(-1), "open");
});

Deno.test("Link gives up a greeting that does not come, and hears nothing more from that socket", () => {
  const world = new World();
  world.socket.connect();
  world.pass(10_000);
  assertEquals(world.states.at(-1), "waiting: lost");
  world.say({ hello: HELLO });
  assertEquals(world.states.at(-1), "waiting: lost");
});

Deno.test("Link of another version than before wants the page to be loaded anew", async () => {
  const world = new World();
  await world.open();
  await world.close(1001);
  world.pass(200);
  await world.greet({ version: "0.2.0", instance: "two" });
  assertEquals(world.states.at(-1), "shut: outdated");
});

Deno.test("Link is not told by whoever listens in its node's place that the page should be loaded anew", async () => {
  const world = new World();
  await world.open();
  await world.close(1001);
  world.pass(200);
  await world.close(4400);
  assertEquals(world.states.at(-1), "waiting: lost");
});

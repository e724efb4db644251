import { assertEquals, assertRejects } from "@std/assert";
import { probeTcp } from "../../src/discovery/tcp_probe.ts";
import { NetworkError } from "../../src/errors.ts";
import type { Stream, Tcp } from "../../src/ports/network.ts";
import { SimTime } from "../sim/clock.ts";

const ADDRESSES = Array.from({ length: 150 }, (_, index) => `10.0.0.${index}`);

/** A TCP where each address behaves as told; the others never answer. It counts the tries that are under way. */
class FakeTcp implements Tcp {
  triesAtMost = 0;
  closedCount = 0;
  #tries = 0;
  readonly #behaviours: Readonly<Record<string, "open" | "refused" | "bug">>;

  constructor(behaviours: Readonly<Record<string, "open" | "refused" | "bug">>) {
    this.#behaviours = behaviours;
  }

  listen(): never {
    throw new Error("Nobody listens here");
  }

  async connect({ address, port }: { address: string; port: number }, signal: AbortSignal): Promise<Stream> {
    this.triesAtMost = Math.max(this.triesAtMost, ++this.#tries);
    try {
      await Promise.resolve();
      const behaviour = this.#behaviours[address];
      if (behaviour === "refused") throw new NetworkError("refused", `${address} refused`);
      if (behaviour === "bug") throw new TypeError("a bug");
      if (behaviour !== "open") {
        await new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
        });
      }
      const end = { address, port };
      return {
        remote: end,
        local: end,
        read: () => Promise.resolve(null),
        write: () => Promise.reject(new Error("A probe says nothing")),
        close: () => void this.closedCount++,
      };
    } finally {
      this.#tries--;
    }
  }
}

function probing(
  tcp: Tcp,
  time: SimTime,
  signal = new AbortController().signal,
): { work: Promise<void>; found: string[] } {
  const found: string[] = [];
  const onResult = (address: string, result: string) => found.push(`${address} ${result}`);
  return { work: probeTcp(ADDRESSES, { tcp, clock: time.clock(), port: 9999, signal, onResult }), found };
}

Deno.test("probe tries 64 at a time for 400 ms each, and tells who is open and who refuses", async () => {
  const time = new SimTime();
  const tcp = new FakeTcp({ "10.0.0.3": "open", "10.0.0.70": "refused", "10.0.0.149": "open" });
  const { work, found } = probing(tcp, time);
  await time.drive(work);
  assertEquals(found, ["10.0.0.3 open", "10.0.0.70 refused", "10.0.0.149 open"]);
  assertEquals([tcp.triesAtMost, tcp.closedCount, time.nowMs], [64, 2, 1_200]);
});

Deno.test("probe waits for nobody where everybody answers at once", async () => {
  const time = new SimTime();
  const tcp = new FakeTcp(Object.fromEntries(ADDRESSES.map((address) => [address, "refused"])));
  const { work, found } = probing(tcp, time);
  await time.drive(work);
  assertEquals([found.length, time.nowMs], [150, 0]);
});

Deno.test("probe ends by its signal", async () => {
  const time = new SimTime();
  const controller = new AbortController();
  const { work, found } = probing(new FakeTcp({}), time, controller.signal);
  await time.run(100);
  controller.abort();
  await time.drive(work);
  assertEquals([found, time.nowMs], [[], 100]);
});

Deno.test("probe passes a bug on", async () => {
  const time = new SimTime();
  const { work } = probing(new FakeTcp({ "10.0.0.3": "bug" }), time);
  await assertRejects(() => time.drive(work), TypeError, "a bug");
});

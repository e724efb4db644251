/** Two machines with one connection between them, for tests of what runs on it. */

import type { Clock, Stream } from "../../src/ports.ts";
import { SimChance } from "../sim/chance.ts";
import { type SimClock, SimTime } from "../sim/clock.ts";
import type { SimHost, SimProcess } from "../sim/host.ts";
import { SimNetwork } from "../sim/network.ts";
import type { Segment } from "../sim/segment.ts";

const PORT = 50_000;

/** One end, and the machine that it is on. */
export interface End {
  readonly host: SimHost;
  readonly process: SimProcess;
  readonly clock: SimClock;
  readonly stream: CountingStream;
}

/** A stream that notes the size of each write. The simulator's own refuses two at a time. */
export class CountingStream implements Stream {
  readonly writes: number[] = [];
  readonly #stream: Stream;

  constructor(stream: Stream) {
    this.#stream = stream;
  }

  get remote(): Stream["remote"] {
    return this.#stream.remote;
  }

  get local(): Stream["local"] {
    return this.#stream.local;
  }

  read(into: Uint8Array): Promise<number | null> {
    return this.#stream.read(into);
  }

  write(bytes: Uint8Array): Promise<void> {
    this.writes.push(bytes.length);
    return this.#stream.write(bytes);
  }

  close(): void {
    this.#stream.close();
  }
}

/** A world with one connection. */
export interface Connection {
  readonly time: SimTime;
  readonly segment: Segment;
  /** Who connected. */
  readonly near: End;
  /** Who accepted. */
  readonly far: End;
  /** Timers and sockets that are left. */
  readonly leftovers: number;
}

/** Connects two machines. */
export async function connect(
  seed: string | number = 1,
  latencyMs: readonly [number, number] = [1, 5],
): Promise<Connection> {
  const time = new SimTime();
  const network = new SimNetwork(time, new SimChance(seed));
  const segment = network.segment({ prefix: "10.0.0.0", prefixLength: 24, latencyMs });
  const [near, far] = ["10.0.0.1", "10.0.0.2"].map((address) => {
    const host = network.host(address);
    host.attach(segment, { address });
    return { host, process: host.boot(), clock: time.clock() };
  });
  if (near === undefined || far === undefined) throw new Error("There are two machines");
  const listener = far.process.tcp.listen({ address: "0.0.0.0", port: PORT });
  const connecting = near.process.tcp.connect(
    { address: "10.0.0.2", port: PORT },
    new AbortController().signal,
  );
  const accepted = await time.drive(listener.accept());
  if (accepted === null) throw new Error("The listener is open");
  listener.close();
  const ends = {
    near: { ...near, stream: new CountingStream(await time.drive(connecting)) },
    far: { ...far, stream: new CountingStream(accepted) },
  };
  return {
    time,
    segment,
    ...ends,
    get leftovers() {
      return [near, far].reduce((sum, { clock, process }) => sum + clock.armedCount + process.openCount, 0);
    },
  };
}

/** All that comes on a stream until its end or until it breaks, and how it ended. */
export class Reading {
  readonly bytes: number[] = [];
  end: "open" | "ended" | "broken" = "open";
  /** When the end came. */
  endedAtMs: number | null = null;

  /** Reads from now on. */
  constructor(stream: Stream, clock: Clock) {
    this.#run(stream, clock);
  }

  /** What came, as text. */
  get text(): string {
    return new TextDecoder().decode(Uint8Array.from(this.bytes));
  }

  async #run(stream: Stream, clock: Clock): Promise<void> {
    const buffer = new Uint8Array(4_096);
    try {
      for (let count = await stream.read(buffer); count !== null; count = await stream.read(buffer)) {
        this.bytes.push(...buffer.subarray(0, count));
      }
      this.end = "ended";
    } catch {
      // Whatever breaks a simulated stream, the test looks at the end that it came to.
      this.end = "broken";
    }
    this.endedAtMs = clock.nowMs();
  }
}

/** One device of a lab: a network namespace, and what runs in it. */

import { LanNode } from "./lan_node.ts";
import { until } from "./patience.ts";
import { Program } from "./program.ts";
import { finish, type Finished, must } from "./system.ts";

/** As on the hotspot of an Android phone. */
const NETWORK = "192.168.43";
const PREFIX_LENGTH = 24;
/** The address of whoever owns the hotspot. */
export const GATEWAY = `${NETWORK}.1`;
/** What the device calls its Wi-Fi. */
const LINK = "wlan0";
/** The states of a bridge's port, as the kernel numbers them. */
const DISABLED = "0";
const FORWARDING = "3";

/** Bytes before the IP header: none where the system hands a device's own broadcast back to it. */
const LINK_HEADERS = [14, 0] as const;

/**
 * A classic BPF program in `tc`'s text, since not every kernel has a firewall: each instruction is code, jump if true, jump if
 * false, value. An IPv4 packet of that protocol to port 9999 is dropped (TC_ACT_SHOT), all else goes on (TC_ACT_UNSPEC).
 */
function dropping(protocol: "tcp" | "udp", linkHeaderBytes: number): string {
  const program = [
    `48 0 0 ${linkHeaderBytes}`, // load version and header length
    "21 0 5 69", // IPv4 without options
    `48 0 0 ${linkHeaderBytes + 9}`, // load the protocol
    `21 0 3 ${protocol === "tcp" ? 6 : 17}`,
    `40 0 0 ${linkHeaderBytes + 22}`, // load the destination port
    "21 0 1 9999",
    "6 0 0 2",
    "6 0 0 4294967295",
  ];
  return `${program.length},${program.join(",")}`;
}

/** What makes one host different from another. */
export interface HostOptions {
  /** An owner has the gateway's address, and no default route. */
  readonly isOwner?: boolean;
  /** Whether packets to anywhere go to the gateway; the guests of a hotspot have that, whether or not it leads anywhere. */
  readonly hasDefaultRoute?: boolean;
  /** It has nothing but loopback until `join`. */
  readonly isAlone?: boolean;
}

/** Where a host is. */
export interface HostPlace {
  readonly namespace: string;
  /** The namespace of the bridge. */
  readonly air: string;
  /** From 1, in the lab. */
  readonly number: number;
  /** The command in front of the arguments of earshot. */
  readonly program: readonly string[];
  readonly folder: string;
}

/** A device. Disposing ends the processes that were started on it. */
export class Host implements AsyncDisposable {
  /** Its address, once it is on the network. */
  readonly address: string;
  readonly #hasDefaultRoute: boolean;
  readonly #place: HostPlace;
  readonly #port: string;
  readonly #parts = new AsyncDisposableStack();
  #plugsCount = 0;

  constructor({ isOwner = false, hasDefaultRoute = !isOwner }: HostOptions, place: HostPlace) {
    this.#hasDefaultRoute = hasDefaultRoute;
    this.#place = place;
    this.address = isOwner ? GATEWAY : `${NETWORK}.${place.number + 1}`;
    this.#port = `port${place.number}`;
  }

  /** Puts it on the network. */
  async join(): Promise<void> {
    const { namespace, air } = this.#place;
    const peer = ["peer", "name", LINK, "netns", namespace];
    await must("ip", "-n", air, "link", "add", this.#port, "type", "veth", ...peer);
    await must("ip", "-n", air, "link", "set", this.#port, "master", "air", "up");
    const address = `${this.address}/${PREFIX_LENGTH}`;
    await must("ip", "-n", namespace, "address", "add", address, "broadcast", "+", "dev", LINK);
    await this.mend();
  }

  /** Takes its link down, as switching Wi-Fi off does: the system tells programs at once. */
  async cut(): Promise<void> {
    await must("ip", "-n", this.#place.namespace, "link", "set", LINK, "down");
  }

  /** Brings its link up, and waits until it carries. */
  async mend(): Promise<void> {
    const { namespace } = this.#place;
    await must("ip", "-n", namespace, "link", "set", LINK, "up");
    await until(`${LINK} of ${namespace} is up`, async (tell) => {
      const shown = await must("ip", "-o", "-n", namespace, "link", "show", "dev", LINK);
      tell(shown);
      return shown.includes("state UP") ? shown : null;
    });
    // Routes go with the link, and do not come back by themselves.
    if (this.#hasDefaultRoute) {
      await must("ip", "-n", namespace, "route", "replace", "default", "via", GATEWAY);
    }
  }

  /** Stops every packet from and to it without a sign, as walking out of range does. */
  async cutSilently(): Promise<void> {
    await this.#setPort("state", DISABLED);
  }

  /** Ends what `cutSilently` began. */
  async mendSilently(): Promise<void> {
    await this.#setPort("state", FORWARDING);
  }

  /** From now on it reaches only hosts that are not isolated, as the guests of some access points do. */
  async isolate(): Promise<void> {
    await this.#setPort("isolated", "on");
  }

  /** Adds a link of its own to the same air, with that name and address, such as "10.8.0.2/24". */
  async plug(name: string, address: string): Promise<void> {
    const { namespace, air } = this.#place;
    this.#plugsCount += 1;
    const port = `${this.#port}x${this.#plugsCount}`;
    const peer = ["peer", "name", name, "netns", namespace];
    await must("ip", "-n", air, "link", "add", port, "type", "veth", ...peer);
    await must("ip", "-n", air, "link", "set", port, "master", "air", "up");
    await must("ip", "-n", namespace, "address", "add", address, "broadcast", "+", "dev", name);
    await must("ip", "-n", namespace, "link", "set", name, "up");
  }

  /** Drops what comes in to UDP or TCP port 9999 from now on, as a firewall of the device does. */
  async drop(protocol: "tcp" | "udp"): Promise<void> {
    const { namespace } = this.#place;
    await must("ip", "netns", "exec", namespace, "tc", "qdisc", "add", "dev", LINK, "ingress");
    for (const bytes of LINK_HEADERS) {
      const filter = [
        "parent",
        "ffff:",
        "protocol",
        "ip",
        "bpf",
        "da",
        "bytecode",
        dropping(protocol, bytes),
      ];
      await must("ip", "netns", "exec", namespace, "tc", "filter", "add", "dev", LINK, ...filter);
    }
  }

  /** Starts any program on it, which then runs until it ends or the lab does. */
  start<Row>(command: readonly string[], parse: (line: string) => Row): Program<Row> {
    return this.#parts.use(new Program(this.#inside(command), parse));
  }

  /** What starts earshot on it, for whoever runs processes in a way of its own. */
  words(args: readonly string[]): readonly string[] {
    return this.#inside([...this.#place.program, ...args]);
  }

  /** Starts earshot. */
  run<Row>(args: readonly string[], parse: (line: string) => Row): Program<Row> {
    return this.start([...this.#place.program, ...args], parse);
  }

  /** Runs earshot to its end. */
  async earshot(...args: readonly string[]): Promise<Finished> {
    return await finish(this.#inside([...this.#place.program, ...args]));
  }

  /** Starts a node with a home of its own and waits until it is ready. @throws {Error} with what it said if it ends before. */
  async node(name: string, ...options: readonly string[]): Promise<LanNode> {
    const node = new LanNode(this, { name, home: `${this.#place.folder}/${name}` });
    await node.start(...options);
    return node;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.disposeAsync();
  }

  async #setPort(what: "state" | "isolated", value: string): Promise<void> {
    await must("bridge", "-n", this.#place.air, "link", "set", "dev", this.#port, what, value);
  }

  #inside(command: readonly string[]): readonly string[] {
    return ["ip", "netns", "exec", this.#place.namespace, ...command];
  }
}

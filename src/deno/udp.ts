import { NetworkError } from "../errors.ts";
import type { Datagram, Endpoint, Udp, UdpSocket } from "../ports/network.ts";
import { checkEndpoint, describeEndpoint, toEndpoint, toNetworkError } from "./network_error.ts";
import { Pause } from "./pause.ts";

/** The longest accepted datagram, four times the longest beacon. Longer ones are dropped here. */
const DATAGRAM_BYTES_MAX = 2_048;
/**
 * Room for any datagram. In a smaller buffer Linux and macOS would cut a long one without a word, and Windows would
 * report a failure like any other, so that a stranger's long datagrams would slow our receiving.
 */
const BUFFER_BYTES = 65_536;
/** The pause after an unknown receive failure: a lasting failure would otherwise use a whole core. */
const RECEIVE_RETRY_MS = 100;
/** Windows reports this way that an earlier datagram met a closed port. A sweep causes many, so they cause no pause. */
const EARLIER_SENDS = new Set(["ECONNRESET", "ECONNREFUSED", "ENETRESET"]);

/** UDP of this machine. Every socket may broadcast. */
export function denoUdp(): Udp {
  return { open };
}

function open(at: Endpoint, options: { readonly shared: boolean }): UdpSocket {
  checkEndpoint(at);
  try {
    return new DenoUdpSocket(Deno.listenDatagram({
      transport: "udp",
      hostname: at.address,
      port: at.port,
      reuseAddress: options.shared,
      // Multicast reaches other nodes of this machine too. (Off by default in Deno, on by default in most systems.)
      loopback: true,
    }));
  } catch (error) {
    const failure = toNetworkError(`open UDP port ${describeEndpoint(at)}`, error);
    throw isTakenOnWindows(failure) ? new NetworkError("taken", failure.message, { cause: error }) : failure;
  }
}

/** WSAEACCES: Windows says so of a port that another socket has for itself alone, and has no ports for administrators. */
function isTakenOnWindows(failure: NetworkError): boolean {
  return Deno.build.os === "windows" && failure.reason === "forbidden" &&
    !(failure.cause instanceof Deno.errors.NotCapable);
}

class DenoUdpSocket implements UdpSocket {
  readonly port: number;
  readonly #socket: Deno.DatagramConn;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  readonly #pause = new Pause();
  #isClosed = false;

  constructor(socket: Deno.DatagramConn) {
    this.#socket = socket;
    this.port = toEndpoint(socket.addr).port;
  }

  async send(bytes: Uint8Array, to: Endpoint): Promise<void> {
    checkEndpoint(to);
    try {
      await this.#socket.send(bytes, { transport: "udp", hostname: to.address, port: to.port });
    } catch (error) {
      throw toNetworkError(`send to ${describeEndpoint(to)}`, error);
    }
  }

  async receive(): Promise<Datagram | null> {
    while (!this.#isClosed) {
      try {
        const [bytes, from] = await this.#socket.receive(this.#buffer);
        if (bytes.length <= DATAGRAM_BYTES_MAX) return { bytes: bytes.slice(), from: toEndpoint(from) };
      } catch (error) {
        if (!this.#isClosed && !isOfEarlierSend(error)) await this.#pause.wait(RECEIVE_RETRY_MS);
      }
    }
    return null;
  }

  async joinGroup(group: string, interfaceAddress: string): Promise<void> {
    checkEndpoint({ address: group, port: this.port });
    checkEndpoint({ address: interfaceAddress, port: this.port });
    try {
      const membership = await this.#socket.joinMulticastV4(group, interfaceAddress);
      // Multicast stays on this link, whatever the system's default is.
      await membership.setTTL(1);
    } catch (error) {
      const failure = toNetworkError(`join ${group} at ${interfaceAddress}`, error);
      // It has joined already: interfaces come back, and the caller does not track them.
      if (failure.reason !== "taken") throw failure;
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#pause.end();
    this.#socket.close();
  }
}

function isOfEarlierSend(error: unknown): boolean {
  return error instanceof Error && "code" in error && EARLIER_SENDS.has(String(error.code));
}

/** TCP, UDP and the interfaces of this device: types only. src/deno and tests/sim implement them; tests/contracts says what both must do. */

/** A place on the network: an IP address in text (no names, so no DNS) and a port. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** An ordered byte connection. One reader and one writer at a time. */
export interface Stream {
  readonly remote: Endpoint;
  readonly local: Endpoint;
  /** Reads what is there into the buffer: the number of bytes, or null at the end. @throws {NetworkError} "closed" when it broke or was closed here. */
  read(into: Uint8Array): Promise<number | null>;
  /** Writes all the bytes; resolves when the system has taken them. @throws {NetworkError} "closed". */
  write(bytes: Uint8Array): Promise<void>;
  /** Closes both directions at once; what was written before goes out as far as the system can. Again is harmless. */
  close(): void;
}

/** Waits for connections on one port. */
export interface Listener {
  readonly port: number;
  /** The next connection, or null once closed. A failed accept is not an end: it is tried again inside. */
  accept(): Promise<Stream | null>;
  /** Stops listening. Again is harmless. */
  close(): void;
}

/** TCP. */
export interface Tcp {
  /** Listens; port 0 takes a free one. @throws {NetworkError} "taken", "forbidden", "malformed". */
  listen(at: Endpoint): Listener;
  /** Connects; the caller's signal is the deadline. @throws {NetworkError} "refused", "unreachable", "silent", "malformed"; rejects with the signal's reason when aborted. */
  connect(to: Endpoint, signal: AbortSignal): Promise<Stream>;
}

/** One datagram and where it came from. */
export interface Datagram {
  readonly bytes: Uint8Array;
  readonly from: Endpoint;
}

/** A UDP socket that may broadcast. */
export interface UdpSocket {
  readonly port: number;
  /** Sends one datagram. @throws {NetworkError} when the system refuses ("unreachable" without a route: normal for some targets). */
  send(bytes: Uint8Array, to: Endpoint): Promise<void>;
  /** The next datagram, or null once closed. Errors of earlier sends that a system reports here are skipped inside. */
  receive(): Promise<Datagram | null>;
  /** Hears a multicast group on the interface of that address. @throws {NetworkError}. */
  joinGroup(group: string, interfaceAddress: string): Promise<void>;
  /** Again is harmless. */
  close(): void;
}

/** UDP. */
export interface Udp {
  /** Opens a socket; port 0 takes a free one; `shared` lets several sockets of this machine hear the same port. @throws {NetworkError} "taken", "forbidden", "unreachable". */
  open(at: Endpoint, options: { readonly shared: boolean }): UdpSocket;
}

/** One IPv4 address of this machine. */
export interface NetInterface {
  readonly name: string;
  readonly address: string;
  /** Such as 24; the network's real mask. */
  readonly prefixLength: number;
}

/** What this machine is connected to. */
export interface Interfaces {
  /** All IPv4 addresses of interfaces that are up, loopback included. Cheap: asked every few seconds. */
  list(): readonly NetInterface[];
  /** Gateways from the routing table; empty where it cannot be read. Never throws. */
  gateways(): Promise<readonly string[]>;
}

/** Ports for sessions, where a firewall needs to know them. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

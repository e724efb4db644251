/**
 * TCP, UDP and network interfaces, as types only. src/deno and tests/sim implement them; tests/contracts holds both
 * to the same contract.
 */

/** A network address: an IP address as text and a port. Never a host name, so nothing asks DNS. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** An ordered byte connection. It allows one reader and one writer at a time. */
export interface Stream {
  readonly remote: Endpoint;
  readonly local: Endpoint;
  /**
   * Reads available bytes into the buffer. Returns their number, or null at the end. @throws {NetworkError} "closed"
   * if the connection broke or was closed here.
   */
  read(into: Uint8Array): Promise<number | null>;
  /** Writes all the bytes. Resolves when the system has accepted them. @throws {NetworkError} "closed". */
  write(bytes: Uint8Array): Promise<void>;
  /** Closes both directions at once. The system still sends earlier writes where it can. May be called repeatedly. */
  close(): void;
}

/** Accepts connections on one port. */
export interface Listener {
  readonly port: number;
  /** The next connection, or null once closed. A failed accept is retried internally. */
  accept(): Promise<Stream | null>;
  /** Stops listening. May be called repeatedly. */
  close(): void;
}

/** TCP. */
export interface Tcp {
  /** Listens on that address; port 0 picks a free port. @throws {NetworkError} "taken", "forbidden", "malformed". */
  listen(at: Endpoint): Listener;
  /**
   * Connects; the caller's signal sets the deadline. @throws {NetworkError} "refused", "unreachable", "silent",
   * "malformed". Rejects with the signal's reason when aborted.
   */
  connect(to: Endpoint, signal: AbortSignal): Promise<Stream>;
}

/** One datagram and its sender. */
export interface Datagram {
  readonly bytes: Uint8Array;
  readonly from: Endpoint;
}

/** A UDP socket that may broadcast. */
export interface UdpSocket {
  readonly port: number;
  /**
   * Sends one datagram. @throws {NetworkError} if the system refuses it. "unreachable" (no route) is normal for some
   * targets.
   */
  send(bytes: Uint8Array, to: Endpoint): Promise<void>;
  /** The next datagram, or null once closed. Skips errors of earlier sends that some systems report here. */
  receive(): Promise<Datagram | null>;
  /** Joins a multicast group on the interface with that address. @throws {NetworkError}. */
  joinGroup(group: string, interfaceAddress: string): Promise<void>;
  /** May be called repeatedly. */
  close(): void;
}

/** UDP. */
export interface Udp {
  /**
   * Opens a socket; port 0 picks a free port. With `shared`, several sockets of this machine receive on the same
   * port. @throws {NetworkError} "taken", "forbidden", "unreachable".
   */
  open(at: Endpoint, options: { readonly shared: boolean }): UdpSocket;
}

/** One IPv4 address of this machine. */
export interface NetInterface {
  readonly name: string;
  readonly address: string;
  /** Such as 24, taken from the interface's real mask. */
  readonly prefixLength: number;
}

/** The networks that this machine is connected to. */
export interface Interfaces {
  /** All IPv4 addresses of interfaces that are up, including loopback. Cheap enough to call every few seconds. */
  list(): readonly NetInterface[];
  /** Gateways from the routing table; null if it cannot be read. Never throws. */
  gateways(): Promise<readonly string[] | null>;
}

/** A range of ports, both ends included, for firewalls that must know the session ports. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

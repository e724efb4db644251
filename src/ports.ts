/**
 * Interfaces to the outside: types only. src/deno implements them for the program, tests/sim for the simulator;
 * tests/contracts says what both must do. Nothing outside src/deno reads a clock, draws random bytes or opens anything.
 */

/** Time. */
export interface Clock {
  /** Milliseconds since some fixed moment; never goes back. For every deadline and order of events. */
  nowMs(): number;
  /** Milliseconds since 1970 as this machine believes; may be wrong by years and may jump. Only to show and to stamp. */
  wallMs(): number;
  /** A timer that calls `run` once at the moment last given to `wakeAt`. Starts unset. */
  timer(run: () => void): Timer;
}

/** One timer, armed again and again. */
export interface Timer extends Disposable {
  /** Arms the timer for a moment of `Clock.nowMs`, in place of the one before; null disarms it. A past moment fires soon, never at once. */
  wakeAt(atMs: number | null): void;
  /** Disarms it for good. */
  [Symbol.dispose](): void;
}

/** Randomness. */
export interface Chance {
  /** Bytes fit for keys. */
  bytes(count: number): Uint8Array;
  /** A number in [0, 1) for jitter; not for keys. */
  fraction(): number;
}

/** Signs with one Ed25519 key (RFC 8032). */
export interface Signer {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 64 bytes. */
  sign(data: Uint8Array): Uint8Array;
}

/** One half of an X25519 exchange (RFC 7748). */
export interface DhKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The shared secret, 32 bytes; null if the other key is of low order (the secret would be all zero). */
  agree(theirPublicKey: Uint8Array): Uint8Array | null;
}

/** ChaCha20-Poly1305 (RFC 8439) under one key. */
export interface Aead {
  /** Ciphertext with its 16-byte tag behind it; at the front of `into`, if that is given. The nonce is 12 bytes and never used twice. */
  seal(nonce: Uint8Array, plain: Uint8Array, associated: Uint8Array, into?: Uint8Array): Uint8Array;
  /** The plaintext, or null if the tag does not fit. At the front of `into`, if that is given; it may be `sealed` itself. */
  open(nonce: Uint8Array, sealed: Uint8Array, associated: Uint8Array, into?: Uint8Array): Uint8Array | null;
}

/** How hard scrypt is to compute (RFC 7914): its memory is 128 · cost · blockSize bytes. */
export interface ScryptOptions {
  readonly salt: Uint8Array;
  /** N: a power of two. */
  readonly cost: number;
  /** r. */
  readonly blockSize: number;
  /** p. */
  readonly parallelization: number;
  /** Of the result: from 10 to 64, which is what all implementations do. */
  readonly sizeBytes: number;
}

/** Cryptographic primitives, all synchronous. Never hand-written. */
export interface Crypto {
  /** SHA-256 (FIPS 180-4), 32 bytes. */
  sha256(data: Uint8Array): Uint8Array;
  /** HMAC-SHA-256 (RFC 2104), 32 bytes. */
  hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array;
  /** scrypt (RFC 7914): slow on purpose, so nothing for a busy path. @throws {RangeError} for options that are out of range. */
  scrypt(secret: Uint8Array, options: ScryptOptions): Uint8Array;
  /** The Ed25519 key of a 32-byte seed. */
  signer(seed: Uint8Array): Signer;
  /** Whether the Ed25519 signature is good. False, never a throw, for keys and signatures that are malformed. */
  verify(publicKey: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean;
  /** The X25519 key of a 32-byte secret. */
  dhKey(secret: Uint8Array): DhKey;
  /** The cipher of a 32-byte key. */
  aead(key: Uint8Array): Aead;
}

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

/** A file that only grows. One call at a time. */
export interface AppendFile {
  readonly sizeBytes: number;
  /** Adds the bytes at the end, all or (on failure) perhaps some. @throws {DiskError}. */
  append(bytes: Uint8Array): Promise<void>;
  /** Resolves once all that was appended would survive a power cut. @throws {DiskError}. */
  sync(): Promise<void>;
  /** Cuts the file to the size. @throws {DiskError}. */
  truncate(sizeBytes: number): Promise<void>;
  close(): void;
}

/** Files. Paths are absolute. New files are mode 0600, new folders 0700. */
export interface Disk {
  /** The file from that byte on, all of it from 0, or null if there is none. @throws {DiskError}. */
  read(path: string, fromByte?: number): Promise<Uint8Array | null>;
  /** Fills as much of the buffer as there is from that byte on, while everything waits; how much it was. For what is small and rarely asked for. @throws {DiskError}. */
  readNow(path: string, into: Uint8Array, atByte: number): number;
  /** Bytes of the file, or null if there is none. @throws {DiskError}. */
  size(path: string): Promise<number | null>;
  /** Opens for appending, making the file if there is none. @throws {DiskError}. */
  openAppend(path: string): Promise<AppendFile>;
  /** Makes a new file with these bytes and syncs it. @throws {DiskError} "exists" and others. */
  writeNew(path: string, bytes: Uint8Array): Promise<void>;
  /** Renames, replacing a file of that name at once. @throws {DiskError}. */
  rename(from: string, to: string): Promise<void>;
  /** Makes a rename or a new file in that folder survive a power cut, where the system can. @throws {DiskError}. */
  syncFolder(path: string): Promise<void>;
  /** Removes a file; none is harmless. @throws {DiskError}. */
  remove(path: string): Promise<void>;
  /** Makes the folder and those above it. @throws {DiskError}. */
  makeFolder(path: string): Promise<void>;
  /** Names in a folder, sorted; empty if there is none. @throws {DiskError}. */
  list(path: string): Promise<readonly string[]>;
  /** Takes the lock file for this process until released or until the process ends, however it ends; null if another holds it. @throws {DiskError}. */
  lock(path: string): Promise<Disposable | null>;
}

/** What is at a path. */
export interface FileFact {
  /** A link is one whatever it leads to; "other" is a device, a pipe and the like. */
  readonly kind: "file" | "folder" | "link" | "other";
  /** Of a file. */
  readonly sizeBytes: number;
  /** When its content was last changed, Unix ms; 0 where the system does not tell. */
  readonly modifiedMs: number;
}

/** A file that is read at any place. One call at a time. */
export interface ReadFile {
  /** Fills as much of the buffer as there is from that byte on; how much it was. @throws {DiskError}. */
  read(into: Uint8Array, atByte: number): Promise<number>;
  close(): void;
}

/** A file that is written at any place; what lies before it, and was never written, reads as zeros. One call at a time. */
export interface WriteFile {
  /** @throws {DiskError}. */
  write(bytes: Uint8Array, atByte: number): Promise<void>;
  /** Resolves once all that was written would survive a power cut. @throws {DiskError}. */
  sync(): Promise<void>;
  close(): void;
}

/** Large files, and folders that others gave names to. Paths are absolute. New files are mode 0600, new folders 0700; nothing is ever made to be run. */
export interface Files {
  /** What is at the path; null for nothing. With `follow` a link is what it leads to. @throws {DiskError}. */
  look(path: string, options: { readonly follow: boolean }): Promise<FileFact | null>;
  /** The names in a folder, sorted. @throws {DiskError}. */
  list(path: string): Promise<readonly string[]>;
  /** Opens a file to read. @throws {DiskError}. */
  openRead(path: string): Promise<ReadFile>;
  /** Opens a file to write in it, making it if there is none; never by way of a link. @throws {DiskError}. */
  openWrite(path: string): Promise<WriteFile>;
  /** Renames a file or folder, and never in place of anything. @throws {DiskError} "exists" and others; across disks it fails. */
  moveNew(from: string, to: string): Promise<void>;
  /** Removes a file, or a folder with all that is in it, and follows no links; nothing there is harmless. @throws {DiskError}. */
  removeAll(path: string): Promise<void>;
  /** Marks a file as one that came from elsewhere, so that the system warns before it is opened. Where there is no such mark, nothing happens. */
  markForeign(path: string): Promise<void>;
}

/** What the system tells about this device; what it does not tell counts as no cable, and as mains power. */
export interface Device {
  /** Whether a network cable is plugged in and works. */
  isOnCable(): Promise<boolean>;
  /** Whether no battery is being emptied. */
  isOnMains(): Promise<boolean>;
}

/** Who has a port, as far as the system tells. */
export interface PortHolder {
  /** The program's name. */
  readonly program: string;
  readonly pid: number;
}

/** A firewall that earshot knows how to ask, and to open. */
export type FirewallKind = "ufw" | "firewalld" | "macos" | "windows";

/** What only `doctor` asks of the system. Nothing here throws; what the system does not tell is null, or left out. */
export interface System {
  /** Such as "linux", "darwin", "windows". */
  readonly os: string;
  /** The executable that runs us: what firewalls of macOS and Windows know programs by. */
  readonly program: string;
  /** Bytes that this user may still write where the path is. */
  freeBytes(path: string): Promise<number | null>;
  /** Permission bits such as 0o700; null also where there is no such path, or no such bits. */
  modeOf(path: string): Promise<number | null>;
  /** The program that has the port. */
  holderOf(port: number, protocol: "tcp" | "udp"): Promise<PortHolder | null>;
  /** Those that are switched on, whatever their rules are. */
  firewalls(): Promise<readonly FirewallKind[]>;
  /** Whether the system takes a network that we are on for a public one, where it is not to be seen. */
  isNetworkPublic(): Promise<boolean | null>;
}

/** All that a node needs from the outside. */
export interface Ports {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly crypto: Crypto;
  readonly tcp: Tcp;
  readonly udp: Udp;
  readonly interfaces: Interfaces;
  readonly device: Device;
  readonly system: System;
  readonly disk: Disk;
  readonly files: Files;
}

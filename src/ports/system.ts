/** What the operating system tells about this device: types only; src/deno implements them. */

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
  readFreeBytes(path: string): Promise<number | null>;
  /** Permission bits such as 0o700; null also where there is no such path, or no such bits. */
  readMode(path: string): Promise<number | null>;
  /** The program that has the port. */
  findHolder(port: number, protocol: "tcp" | "udp"): Promise<PortHolder | null>;
  /** Those that are switched on, whatever their rules are. */
  listFirewalls(): Promise<readonly FirewallKind[]>;
  /** Whether the system takes a network that we are on for a public one, where it is not to be seen. */
  isNetworkPublic(): Promise<boolean | null>;
}

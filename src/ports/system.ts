/** What the operating system reports about this device, as types only. src/deno implements them. */

/** Facts about this device. An unknown answer counts as no cable and as mains power. */
export interface Device {
  /** Whether a network cable is plugged in and its link is up. */
  isOnCable(): Promise<boolean>;
  /** Whether the device runs on mains power, so that no battery drains. */
  isOnMains(): Promise<boolean>;
}

/** The program that occupies a port, as far as the system reports it. */
export interface PortHolder {
  /** The program's name. */
  readonly program: string;
  readonly pid: number;
}

/** A firewall that earshot can query and open. */
export type FirewallKind = "ufw" | "firewalld" | "macos" | "windows";

/** System facts that only `doctor` needs. Nothing here throws; unknown facts are null or left out. */
export interface System {
  /** Such as "linux", "darwin", "windows". */
  readonly os: string;
  /** The executable that runs earshot. Firewalls of macOS and Windows identify programs by it. */
  readonly program: string;
  /** Bytes that this user can still write at that path. */
  readFreeBytes(path: string): Promise<number | null>;
  /** Permission bits such as 0o700. Null if there is no such path, or if the system has no such bits. */
  readMode(path: string): Promise<number | null>;
  /** The program that occupies the port. */
  findHolder(port: number, protocol: "tcp" | "udp"): Promise<PortHolder | null>;
  /** The firewalls that are switched on, whatever rules they have. */
  listFirewalls(): Promise<readonly FirewallKind[]>;
  /** Whether the system classifies a connected network as public, where firewalls hide this device. */
  isNetworkPublic(): Promise<boolean | null>;
}

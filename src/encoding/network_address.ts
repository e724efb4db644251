/** Ports and addresses as numbers and texts: the checks that files, commands, links and the wire share. */

/** TCP and UDP have 16 bits for a port. */
export const PORT_MAX = 65_535;
/**
 * The lowest port for sessions. Lower ports belong to services of the system, so no answer of a rendezvous port may
 * direct a client at one.
 */
export const SESSION_PORT_MIN = 1_024;

/** Whether the value is a port, from 1 to 65,535. */
export function isPort(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= PORT_MAX;
}

/** The port in decimal digits, or null if the text is not one. */
export function parsePort(text: string): number | null {
  const port = /^\d+$/.test(text) ? Number(text) : 0;
  return isPort(port) ? port : null;
}

/** Whether both are ports for sessions and the first is not above the last. */
export function isSessionPortRange(from: number, to: number): boolean {
  return isPort(from) && isPort(to) && from >= SESSION_PORT_MIN && from <= to;
}

/** Whether the IP address means this device to itself (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3). */
export function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1";
}

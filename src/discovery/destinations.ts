/**
 * Where beacons are sent, and from where they are accepted: only this machine's own networks, each with its real
 * mask.
 * Interfaces are ranked by name, never dropped, because the one that looks useless may be a hotspot.
 */

import { isLoopback } from "../encoding/network_address.ts";
import type { NetInterface } from "../ports/network.ts";
import { formatIpv4, parseIpv4, type Subnet, toHostRange, toSubnet } from "./ipv4.ts";

/** The default well-known port, UDP for beacons and TCP for the rendezvous. */
export const WELL_KNOWN_PORT = 9999;
/**
 * Our multicast group: link-local, in the unassigned part of 224.0.0.0/24 (IANA). Routers never forward it, snooping
 * switches always flood it, and some Android devices receive no other range.
 */
export const MULTICAST_GROUP = "224.0.0.219";
/** Broadcast on the network of the sending socket. On some systems it fails without a default route, which is normal. */
export const LIMITED_BROADCAST = "255.255.255.255";
/** Addresses in one sweep: a whole /22. More would take seconds and look like an attack to a router. */
export const SWEEP_MAX = 1_022;
/** Addresses on each side of our own that a sweep asks first, because DHCP servers assign addresses in sequence. */
const NEIGHBOURS_PER_SIDE = 8;
/** A shorter mask is a mistake. It must not make the whole internet "our own network". */
const PREFIX_MIN = 8;
/** Lower ports belong to system services: beacons neither come from there nor go there. */
export const SERVICE_PORTS_END = 1_024;

/** The kind of an interface, guessed from its name and address. */
export type InterfaceKind = "real" | "loopback" | "virtual";

/** Cached, because each datagram and each peer is compared with them. */
const deviceRanges = new WeakMap<NetInterface, Subnet | null>();

const ORDER: Readonly<Record<InterfaceKind, number>> = { real: 0, loopback: 1, virtual: 2 };
/** Tunnels, containers and virtual machines; cellular links, which have no other devices; Apple's internal links. */
const VIRTUAL =
  /^(tun|utun|tap|wg|ppp|ipsec|zt|docker|podman|veth|br-|virbr|vmnet|vbox|lxc|lxd|cni|cali|flannel|rmnet|ccmni|pdp|awdl|llw|anpi)|tailscale|zerotier|wireguard|openvpn|vethernet|virtualbox|vmware|hyper-v|\bwsl\b/i;

/** Guesses the kind of an interface. */
export function classifyInterface(network: NetInterface): InterfaceKind {
  if (isLoopback(network.address)) return "loopback";
  return VIRTUAL.test(network.name) ? "virtual" : "real";
}

/** All interfaces, most promising first. Equal ones keep their order. */
export function rankInterfaces(networks: readonly NetInterface[]): readonly NetInterface[] {
  return networks.toSorted((left, right) => ORDER[classifyInterface(left)] - ORDER[classifyInterface(right)]);
}

/** The directed broadcast address, or null for a /31 or /32, which have none. */
export function findBroadcastAddress(network: NetInterface): string | null {
  const subnet = toSubnet(network);
  return subnet === null || network.prefixLength > 30 ? null : formatIpv4(subnet.last);
}

/**
 * The addresses that reach all devices on this interface, most reliable first. Loopback stays inside this machine:
 * its broadcast address, and our own, which is the only one that works on systems without loopback broadcast.
 */
export function listBroadcastTargets(network: NetInterface): readonly string[] {
  const directed = findBroadcastAddress(network);
  const others = classifyInterface(network) === "loopback"
    ? [network.address]
    : [LIMITED_BROADCAST, MULTICAST_GROUP];
  return [...new Set(directed === null ? others : [directed, ...others])];
}

/**
 * The gateways of this network: those of the routing table, and the first address, which is nearly always a hotspot's
 * owner.
 */
export function listGateways(network: NetInterface, gateways: readonly string[]): readonly string[] {
  const subnet = toSubnet(network);
  if (subnet === null || classifyInterface(network) === "loopback" || network.prefixLength > 30) return [];
  const told = gateways.filter((gateway) => isWithin(toHostRange(subnet), parseIpv4(gateway)));
  return [...new Set([...told, formatIpv4(subnet.first + 1)])].filter((gateway) =>
    gateway !== network.address
  );
}

/**
 * The addresses of a sweep, at most `SWEEP_MAX`: gateways, our neighbours, then the rest of the network or of the
 * part around us.
 */
export function listSweepTargets(network: NetInterface, gateways: readonly string[]): readonly string[] {
  const subnet = toSubnet(network);
  const own = parseIpv4(network.address);
  if (subnet === null || own === null || classifyInterface(network) === "loopback") return [];
  const hosts = toHostRange(subnet);
  const isWhole = hosts.last - hosts.first <= SWEEP_MAX;
  const first = isWhole ? hosts.first : Math.max(hosts.first, own - SWEEP_MAX / 2);
  const last = isWhole ? hosts.last : Math.min(hosts.last, own + SWEEP_MAX / 2);
  const near: number[] = [];
  for (let step = 1; step <= NEIGHBOURS_PER_SIDE; step++) near.push(own + step, own - step);
  const rest = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const ordered = [...near, ...rest].filter((at) => at !== own && at >= first && at <= last).map(formatIpv4);
  return [...new Set([...listGateways(network, gateways), ...ordered])].slice(0, SWEEP_MAX);
}

/**
 * The interface with this address, or else the smallest network in which it is a device's address. Null for a foreign
 * address and for a network or broadcast address: datagrams from there are ignored, and none are sent there.
 */
export function findNetwork(address: string, networks: readonly NetInterface[]): NetInterface | null {
  const owner = networks.find((network) => network.address === address);
  if (owner !== undefined) return owner;
  const value = parseIpv4(address);
  let best: NetInterface | null = null;
  for (const network of networks) {
    const devices = findDeviceRange(network);
    if (devices === null || !isWithin(devices, value)) continue;
    if (best === null || network.prefixLength > best.prefixLength) best = network;
  }
  return best;
}

/** The range of addresses accepted as devices of the network. */
function findDeviceRange(network: NetInterface): Subnet | null {
  const known = deviceRanges.get(network);
  if (known !== undefined) return known;
  const subnet = toSubnet({ ...network, prefixLength: Math.max(network.prefixLength, PREFIX_MIN) });
  const devices = subnet === null ? null : toHostRange(subnet);
  deviceRanges.set(network, devices);
  return devices;
}

function isWithin(range: Subnet, value: number | null): boolean {
  return value !== null && value >= range.first && value <= range.last;
}

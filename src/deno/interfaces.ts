import type { Interfaces, NetInterface } from "../ports/network.ts";
import { readOutput } from "./command.ts";
import { parseNetstatRoutes, parseProcRoute, parseRoutePrint } from "./routes.ts";
import { readSystemFile } from "./system_files.ts";

/** The fallback if the system lists no interfaces (Android refuses some programs): nodes on one machine still find each other. */
const LOOPBACK: NetInterface = { name: "lo", address: "127.0.0.1", prefixLength: 8 };

/** The machine's interfaces. Deno reports no flags, so a disabled interface that kept its address is listed too; sending there fails as "unreachable". */
export function denoInterfaces(): Interfaces {
  return { list, gateways };
}

function list(): readonly NetInterface[] {
  let all: readonly Deno.NetworkInterfaceInfo[];
  try {
    all = Deno.networkInterfaces();
  } catch {
    return [LOOPBACK];
  }
  return all.flatMap(({ family, name, address, netmask }) => {
    const prefixLength = family === "IPv4" ? parseNetmask(netmask) : null;
    return prefixLength === null ? [] : [{ name, address, prefixLength }];
  });
}

async function gateways(): Promise<readonly string[] | null> {
  try {
    const found = await readGateways();
    return found === null ? null : [...new Set(found)];
  } catch {
    // No permission, no such file or command, too slow: the caller guesses from the addresses instead.
    return null;
  }
}

async function readGateways(): Promise<readonly string[] | null> {
  switch (Deno.build.os) {
    case "linux":
    case "android":
      return parseProcRoute(await readSystemFile("/proc/net/route"));
    case "darwin":
      return parseNetstatRoutes(await readOutput("/usr/sbin/netstat", ["-rn", "-f", "inet"]));
    case "windows":
      return parseRoutePrint(await readOutput("route", ["print", "-4"]));
    default:
      return null;
  }
}

/** The number of leading ones of a netmask; null for a mask with ones after a zero, which describes no range. */
export function parseNetmask(netmask: string): number | null {
  const parts = netmask.split(".").map(Number);
  if (parts.length !== 4 || !parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255)) {
    return null;
  }
  const bits = parts.map((part) => part.toString(2).padStart(8, "0")).join("");
  return /^1*0*$/.test(bits) ? bits.lastIndexOf("1") + 1 : null;
}

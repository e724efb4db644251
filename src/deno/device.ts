/**
 * Facts about this device. Linux: files below /sys (Documentation/ABI/testing/sysfs-class-power and sysfs-class-net). macOS: `pmset -g batt`. Other
 * systems report nothing.
 */

import type { Device } from "../ports/system.ts";
import { readOutput } from "./command.ts";
import { listSystemFolder, readSystemFile } from "./system_files.ts";

const NET = "/sys/class/net";
const POWER = "/sys/class/power_supply";

/** This device. */
export function denoDevice(): Device {
  return { isOnCable, isOnMains };
}

/** A real network card (with a device behind it) that is up and is not Wi-Fi. Bridges, tunnels and virtual cards have no device. */
async function isOnCable(): Promise<boolean> {
  if (Deno.build.os !== "linux") return false;
  // In parallel: with narrow rights each read starts a program.
  const cards = (await listNames(NET)).filter((name) => name !== "lo");
  return (await Promise.all(cards.map(isCableUp))).includes(true);
}

async function isCableUp(name: string): Promise<boolean> {
  const told = await listNames(`${NET}/${name}`);
  const isReal = told.includes("device") && !told.includes("wireless") && !told.includes("phy80211");
  return isReal && await readText(`${NET}/${name}/operstate`) === "up";
}

async function isOnMains(): Promise<boolean> {
  switch (Deno.build.os) {
    case "linux":
      return isMainsBySupplies(
        await Promise.all((await listNames(POWER)).map(async (name) => ({
          type: await readText(`${POWER}/${name}/type`),
          scope: await readText(`${POWER}/${name}/scope`),
          online: await readText(`${POWER}/${name}/online`),
          status: await readText(`${POWER}/${name}/status`),
        }))),
      );
    case "darwin":
      return isMainsByPmset(await readOutput("/usr/bin/pmset", ["-g", "batt"]).catch(() => ""));
    default:
      return true;
  }
}

/** One power supply as Linux reports it; empty fields are unknown. */
export interface PowerSupply {
  readonly type: string;
  /** "Device" for the battery of a mouse. */
  readonly scope: string;
  readonly online: string;
  readonly status: string;
}

/** On battery means that a battery of this device discharges and no other supply is plugged in. */
export function isMainsBySupplies(supplies: readonly PowerSupply[]): boolean {
  const own = supplies.filter(({ scope }) => scope !== "Device");
  if (own.some(({ type, online }) => type !== "Battery" && online === "1")) return true;
  return !own.some(({ type, status }) => type === "Battery" && status === "Discharging");
}

/** Its first line names the power source. */
export function isMainsByPmset(text: string): boolean {
  return !text.includes("'Battery Power'");
}

async function listNames(folder: string): Promise<readonly string[]> {
  try {
    return await listSystemFolder(folder);
  } catch {
    // The folder is missing or not readable, so nothing is known.
    return [];
  }
}

async function readText(path: string): Promise<string> {
  try {
    return (await readSystemFile(path)).trim();
  } catch {
    return "";
  }
}

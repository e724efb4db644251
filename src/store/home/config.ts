/** config.json: the user's settings. It is meant to be edited by hand, so every mistake gets a helpful message. */

import { isPort, isSessionPortRange, PORT_MAX, SESSION_PORT_MIN } from "../../encoding/network_address.ts";
import { type Message, message } from "../../messages/message.ts";
import type { PortRange } from "../../ports/network.ts";
import { WorldError } from "../../errors.ts";
import type { Disk } from "../../ports/storage.ts";
import { parseName } from "../../text/name.ts";
import { HOME_VERSION } from "./home.ts";
import { replaceFile } from "../files/atomic_write.ts";
import { formatDiskError } from "../files/disk_error_text.ts";

/** The settings; null where the user made no choice and the default applies. */
export interface Config {
  readonly name: string | null;
  readonly rendezvousPort: number | null;
  readonly discoveryPort: number | null;
  /** For firewalls that admit only some ports. From 1024 on: clients refuse a handoff to a lower port. */
  readonly sessionPorts: PortRange | null;
  /** Names of the interfaces to use; null for all. */
  readonly interfaces: readonly string[] | null;
  /** Keys that this version does not know; kept unchanged. */
  readonly others: Readonly<Record<string, unknown>>;
}

/** No settings. */
export const EMPTY_CONFIG: Config = {
  name: null,
  rendezvousPort: null,
  discoveryPort: null,
  sessionPorts: null,
  interfaces: null,
  others: {},
};

const PORT = `a whole number from 1 to ${PORT_MAX}`;

/** The name of a setting in config.json. */
export type ConfigKey = Exclude<keyof Config, "others">;

/** A setting as shown to users. */
export interface ConfigChoice {
  readonly meaning: string;
  /** The default. */
  readonly usual: string;
  /** The valid values, as the end of a sentence. */
  readonly rule: string;
  readonly isRight: (value: unknown) => boolean;
}

/** Every setting of config.json, for the parser and for help texts. */
export const CONFIG_CHOICES: Readonly<Record<ConfigKey, ConfigChoice>> = {
  name: {
    meaning: "what others call you",
    usual: "the name of your account",
    rule: "text",
    isRight: (value) => typeof value === "string",
  },
  rendezvousPort: {
    meaning: "the TCP port at which others reach you",
    usual: "9999, or the next free one",
    rule: PORT,
    isRight: isPort,
  },
  discoveryPort: {
    meaning: "the UDP port at which you find each other; the same for all",
    usual: "9999",
    rule: PORT,
    isRight: isPort,
  },
  sessionPorts: {
    meaning: "the TCP ports for sessions, for a firewall",
    usual: "any that is free",
    rule:
      `such as { "from": 50000, "to": 50100 }, both from ${SESSION_PORT_MIN} to ${PORT_MAX}, the first not above the second`,
    isRight: isPortRange,
  },
  interfaces: {
    meaning: "the network interfaces to use",
    usual: "all",
    rule: 'a list of names, such as ["wlan0"]',
    isRight: isNames,
  },
};

/** The choices in a config.json's text, or the reason why they cannot be used. */
export function parseConfig(text: string): Config | { readonly problem: Message } {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    if (error instanceof SyntaxError) {
      return { problem: message("config.not-json", { detail: error.message }) };
    }
    throw error;
  }
  if (!isRecord(value)) return { problem: message("config.not-object") };
  const { version, name, rendezvousPort, discoveryPort, sessionPorts, interfaces, ...others } = value;
  const problem = versionProblem(version) ?? choiceProblem(value) ?? nameProblem(name);
  if (problem !== null) return { problem };
  return {
    name: typeof name === "string" ? name.normalize("NFC") : null,
    rendezvousPort: isPort(rendezvousPort) ? rendezvousPort : null,
    discoveryPort: isPort(discoveryPort) ? discoveryPort : null,
    sessionPorts: isPortRange(sessionPorts) ? { from: sessionPorts.from, to: sessionPorts.to } : null,
    interfaces: isNames(interfaces) ? interfaces : null,
    others,
  };
}

/** The text of a config.json. Settings without a choice are left out. */
export function formatConfig(config: Config): string {
  const { others, ...known } = config;
  const chosen = Object.entries(known).filter(([, value]) => value !== null);
  return `${JSON.stringify({ version: HOME_VERSION, ...Object.fromEntries(chosen), ...others }, null, 2)}\n`;
}

/** Reads the file; a missing one means no settings. @throws {WorldError} for an invalid file or a failing disk. */
export async function loadConfig(disk: Disk, path: string): Promise<Config> {
  const bytes = await formatDiskError(message("doing.read", { path }), () => disk.read(path));
  if (bytes === null) return EMPTY_CONFIG;
  const parsed = parseConfig(new TextDecoder().decode(bytes));
  if (!("problem" in parsed)) return parsed;
  throw new WorldError(message("config.bad", { path, problem: parsed.problem }));
}

/** Replaces the file. @throws {WorldError}; the file is then unchanged. */
export async function saveConfig(
  disk: Disk,
  { path, config }: { readonly path: string; readonly config: Config },
): Promise<void> {
  const bytes = new TextEncoder().encode(formatConfig(config));
  await formatDiskError(message("doing.save", { path }), () => replaceFile(disk, { path, bytes }));
}

function versionProblem(version: unknown): Message | null {
  if (version === undefined || version === HOME_VERSION) return null;
  return message("config.version", { version: JSON.stringify(version), known: HOME_VERSION });
}

function choiceProblem(record: Readonly<Record<string, unknown>>): Message | null {
  for (const [key, { isRight, rule }] of Object.entries(CONFIG_CHOICES)) {
    const value = record[key];
    if (!isAbsent(value) && !isRight(value)) {
      return message("config.choice", { key, rule, value: JSON.stringify(value) });
    }
  }
  return null;
}

function nameProblem(name: unknown): Message | null {
  if (typeof name !== "string") return null;
  const parsed = parseName(name);
  return "problem" in parsed
    ? message("config.name", { value: JSON.stringify(name), reason: parsed.problem })
    : null;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPortRange(value: unknown): value is PortRange {
  if (!isRecord(value) || !isPort(value.from) || !isPort(value.to)) return false;
  return isSessionPortRange(value.from, value.to);
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 &&
    value.every((name) => typeof name === "string" && name !== "");
}

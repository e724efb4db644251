/** config.json: the user's settings. It is meant to be edited by hand, so every mistake gets a helpful message. */

import { isPort, isSessionPortRange, PORT_MAX, SESSION_PORT_MIN } from "../../encoding/network_address.ts";
import * as v from "valibot";
import { isObject } from "../../encoding/json.ts";
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
}

/** Every setting of config.json, for the parser and for help texts. */
export const CONFIG_CHOICES: Readonly<Record<ConfigKey, ConfigChoice>> = {
  name: {
    meaning: "what others call you",
    usual: "the name of your account",
    rule: "text",
  },
  rendezvousPort: {
    meaning: "the TCP port at which others reach you",
    usual: "9999, or the next free one",
    rule: PORT,
  },
  discoveryPort: {
    meaning: "the UDP port at which you find each other; the same for all",
    usual: "9999",
    rule: PORT,
  },
  sessionPorts: {
    meaning: "the TCP ports for sessions, for a firewall",
    usual: "any that is free",
    rule:
      `such as { "from": 50000, "to": 50100 }, both from ${SESSION_PORT_MIN} to ${PORT_MAX}, the first not above the second`,
  },
  interfaces: {
    meaning: "the network interfaces to use",
    usual: "all",
    rule: 'a list of names, such as ["wlan0"]',
  },
};

const PORT_VALUE = v.custom<number>(isPort);
const PORT_RANGE = v.pipe(
  v.object({ from: PORT_VALUE, to: PORT_VALUE }),
  v.check(({ from, to }) => isSessionPortRange(from, to)),
);
/** The settings' types. A null or missing one means the default. */
const SETTINGS = v.object({
  name: v.nullish(v.pipe(v.string(), v.normalize("NFC")), null),
  rendezvousPort: v.nullish(PORT_VALUE, null),
  discoveryPort: v.nullish(PORT_VALUE, null),
  sessionPorts: v.nullish(PORT_RANGE, null),
  interfaces: v.nullish(v.pipe(v.array(v.pipe(v.string(), v.nonEmpty())), v.nonEmpty()), null),
});

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
  if (!isObject(value)) return { problem: message("config.not-object") };
  const wrongVersion = versionProblem(value.version);
  if (wrongVersion !== null) return { problem: wrongVersion };
  const { success, output, issues } = v.safeParse(SETTINGS, value, { abortEarly: true });
  if (!success) return { problem: choiceProblem(issues[0]) };
  const wrongName = nameProblem(value.name);
  if (wrongName !== null) return { problem: wrongName };
  const isOther = (key: string) => key !== "version" && !Object.hasOwn(SETTINGS.entries, key);
  return { ...output, others: Object.fromEntries(Object.entries(value).filter(([key]) => isOther(key))) };
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

function choiceProblem({ path }: v.InferIssue<typeof SETTINGS>): Message {
  const [{ key, value }] = path as [v.ObjectPathItem];
  const { rule } = CONFIG_CHOICES[key as ConfigKey];
  return message("config.choice", { key, rule, value: JSON.stringify(value) });
}

function nameProblem(name: unknown): Message | null {
  if (typeof name !== "string") return null;
  const parsed = parseName(name);
  return "problem" in parsed
    ? message("config.name", { value: JSON.stringify(name), reason: parsed.problem })
    : null;
}

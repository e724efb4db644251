/** The options that every command takes. Pure. */

import { message } from "../../messages/message.ts";
import { UsageError } from "../../errors.ts";
import { LOG_LEVELS, type LogLevel } from "./log_levels.ts";
import { parseNameValue, parsePortRange, parsePortValue } from "./value_parsers.ts";
import type { CommonOptionName } from "./command_table.ts";
import { type GivenOptions, quoteToken } from "./tokens.ts";

/** The options of every command; null where one is missing. */
export interface GlobalOptions {
  readonly home: string | null;
  /** Whether the home is beside the executable. */
  readonly isPortable: boolean;
  readonly name: string | null;
  readonly port: number | null;
  readonly discoveryPort: number | null;
  readonly interfaces: readonly string[] | null;
  readonly sessionPorts: { readonly from: number; readonly to: number } | null;
  /** The file of the debug log. */
  readonly logFile: string | null;
  readonly logLevel: LogLevel | null;
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  readonly isColorRefused: boolean;
  /** Whether the chat only prints lines, and never changes them. */
  readonly isPlain: boolean;
  /** Whether others are not told that the user is typing. */
  readonly isTypingOff: boolean;
  /** Whether no page is served. */
  readonly isPageOff: boolean;
  /** Whether no browser is opened. */
  readonly isBrowserOff: boolean;
}

/** Parses the values of the global options. @throws {UsageError}. */
export function parseGlobalOptions(options: GivenOptions<CommonOptionName>): GlobalOptions {
  const name = options.value("name");
  const port = options.value("port");
  const discoveryPort = options.value("discovery-port");
  const sessionPorts = options.value("session-ports");
  if (options.has("home") && options.has("portable")) {
    throw new UsageError(message("option.two-homes"));
  }
  return {
    home: options.value("home"),
    isPortable: options.has("portable"),
    name: name === null ? null : parseNameValue(name),
    port: port === null ? null : parsePortValue(port, "--port"),
    discoveryPort: discoveryPort === null ? null : parsePortValue(discoveryPort, "--discovery-port"),
    interfaces: options.values("interface"),
    sessionPorts: sessionPorts === null ? null : parsePortRange(sessionPorts),
    logFile: options.value("log-file"),
    logLevel: parseLogLevel(options),
    isJson: options.has("json"),
    isQuiet: options.has("quiet"),
    isColorRefused: options.has("no-color"),
    isPlain: options.has("plain"),
    isTypingOff: options.has("no-typing"),
    isPageOff: options.has("no-page"),
    isBrowserOff: options.has("no-browser"),
  };
}

function parseLogLevel(options: GivenOptions<CommonOptionName>): LogLevel | null {
  const text = options.value("log-level");
  if (text === null) return null;
  const level = LOG_LEVELS.find((each) => each === text);
  if (level === undefined) {
    throw new UsageError(message("value.log-level", { levels: LOG_LEVELS, text: quoteToken(text) }));
  }
  if (options.value("log-file") === null) {
    throw new UsageError(message("option.needs", { option: "--log-level", others: ["--log-file FILE"] }));
  }
  return level;
}

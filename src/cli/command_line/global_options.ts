/** The options that every command takes. Pure. */

import { UsageError } from "../../errors.ts";
import { LOG_LEVELS, type LogLevel } from "./log_levels.ts";
import { parseNameValue, parsePortRange, parsePortValue } from "./value_parsers.ts";
import { type Given, quoteToken } from "./tokens.ts";

/** The options of every command; null where one was not given. */
export interface GlobalOptions {
  readonly home: string | null;
  /** The home is beside the executable. */
  readonly isPortable: boolean;
  readonly name: string | null;
  readonly port: number | null;
  readonly discoveryPort: number | null;
  readonly interfaces: readonly string[] | null;
  readonly sessionPorts: { readonly from: number; readonly to: number } | null;
  /** Where to write what the node does. */
  readonly logFile: string | null;
  readonly logLevel: LogLevel | null;
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  readonly isColorRefused: boolean;
  /** The chat is to be lines only: nothing is painted over. */
  readonly isPlain: boolean;
  /** Others are not told that the user is typing. */
  readonly isTypingOff: boolean;
  /** No page is served. */
  readonly isPageOff: boolean;
  /** No browser is opened. */
  readonly isBrowserOff: boolean;
}

/** The settings in what was given. @throws {UsageError}. */
export function parseGlobalOptions(given: Given): GlobalOptions {
  const name = given.value("name");
  const port = given.value("port");
  const discoveryPort = given.value("discovery-port");
  const sessionPorts = given.value("session-ports");
  if (given.has("home") && given.has("portable")) {
    throw new UsageError("--home and --portable do not go together: each names a place for everything");
  }
  return {
    home: given.value("home"),
    isPortable: given.has("portable"),
    name: name === null ? null : parseNameValue(name),
    port: port === null ? null : parsePortValue(port, "--port"),
    discoveryPort: discoveryPort === null ? null : parsePortValue(discoveryPort, "--discovery-port"),
    interfaces: given.values("interface"),
    sessionPorts: sessionPorts === null ? null : parsePortRange(sessionPorts),
    logFile: given.value("log-file"),
    logLevel: logLevelOf(given),
    isJson: given.has("json"),
    isQuiet: given.has("quiet"),
    isColorRefused: given.has("no-color"),
    isPlain: given.has("plain"),
    isTypingOff: given.has("no-typing"),
    isPageOff: given.has("no-page"),
    isBrowserOff: given.has("no-browser"),
  };
}

function logLevelOf(given: Given): LogLevel | null {
  const text = given.value("log-level");
  if (text === null) return null;
  const level = LOG_LEVELS.find((each) => each === text);
  if (level === undefined) {
    throw new UsageError(`--log-level takes ${LOG_LEVELS.join(", ")}, not "${quoteToken(text)}"`);
  }
  if (given.value("log-file") === null) throw new UsageError("--log-level goes with --log-file FILE");
  return level;
}

/**
 * What a log says of a node. Only what is named here gets into it: ids' beginnings, addresses, numbers, names of commands,
 * and the sentences that a node says to its user. So no key, no token, no link and nothing that was said can. Pure.
 */

import { LOG_LEVELS, type LogLevel } from "../command_line/log_levels.ts";
import { assertNever, UsageError, WorldError } from "../../errors.ts";
import type { Command, NodeEvent, PeerRow } from "../../api/commands.ts";
import { ID_CHARS } from "../format/command_hints.ts";
import { formatAddress, formatCount } from "../format/entries.ts";

/** A line without its time. */
export interface DebugLogLine {
  readonly level: LogLevel;
  readonly text: string;
}

/** Whether a log of that level has such lines. */
export function isLogged(level: LogLevel, upTo: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(upTo);
}

/** The line for an event; null without one. */
export function toEventLine(event: NodeEvent): DebugLogLine | null {
  switch (event.event) {
    case "ready":
      return info(
        `ready: ${short(event.id)}, TCP port ${event.port}, UDP port ${event.discoveryPort ?? "none"}`,
      );
    case "peer":
      return event.change === "changed"
        ? debug(`peer ${placed(event.peer)} has changed`)
        : info(`peer ${placed(event.peer)} is ${event.change === "new" ? "here" : "gone"}`);
    case "entry": {
      const { number, author, roomId, kind } = event.row;
      return debug(`entry ${number} of ${short(author)} in room ${short(roomId)}: ${kind}`);
    }
    case "state":
      return debug(`our entry ${event.number} in room ${short(event.roomId)} is ${event.state}`);
    case "room": {
      const { id, members, joined } = event.room;
      return debug(
        `room ${short(id)}: ${formatCount(members, "member")}, ${joined ? "joined" : "not joined"}`,
      );
    }
    case "request":
      return info(`request of ${placed(event.from)}`);
    case "notice":
      return { level: "warn", text: event.text };
    case "file": {
      const { author, roomId, state, gotBytes, sizeBytes } = event.file;
      return debug(
        `file of ${short(author)} in room ${short(roomId)}: ${state}, ${gotBytes} of ${sizeBytes} bytes`,
      );
    }
    case "typing":
    case "reading":
      return null;
    default:
      return assertNever(event);
  }
}

/** The line for a command that succeeded. */
export function toCommandLine({ do: name }: Command, tookMs: number): DebugLogLine {
  return debug(`command ${name}: done in ${Math.round(tookMs)} ms`);
}

/** The line for a command that failed. Error messages quote typed text, so they are left out. */
export function toFailureLine({ do: name }: Command, error: unknown): DebugLogLine {
  const isExpected = error instanceof WorldError || error instanceof UsageError;
  return isExpected
    ? info(`command ${name}: ${error.name}`)
    : { level: "error", text: `command ${name}: ${nameOf(error)}` };
}

/** The line for a bug of ours. */
export function toBugLine(error: unknown): DebugLogLine {
  return {
    level: "error",
    text: `fault of earshot itself: ${nameOf(error)}; crash.log in the home says more`,
  };
}

function info(text: string): DebugLogLine {
  return { level: "info", text };
}

function debug(text: string): DebugLogLine {
  return { level: "debug", text };
}

function short(id: string): string {
  return id.slice(0, ID_CHARS);
}

function placed({ id, address, port }: PeerRow): string {
  return address === null ? short(id) : `${short(id)} (${formatAddress(address, port)})`;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

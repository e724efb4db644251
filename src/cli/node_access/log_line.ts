/**
 * What a log says of a node. Only what is named here gets into it: ids' beginnings, addresses, numbers, names of commands,
 * and the sentences that a node says to its user. So no key, no token, no link and nothing that was said can. Pure.
 */

import { LOG_LEVELS, type LogLevel } from "../command_line/log_levels.ts";
import { assertNever, UsageError, WorldError } from "../../errors.ts";
import type { Command, NodeEvent, PeerRow } from "../../api/commands.ts";
import { ID_CHARS } from "../../messages/command_names.ts";
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
      return toInfoLine(
        `ready: ${shortenId(event.id)}, TCP port ${event.port}, UDP port ${event.discoveryPort ?? "none"}`,
      );
    case "peer":
      return event.change === "changed"
        ? toDebugLine(`peer ${formatPlacedPeer(event.peer)} has changed`)
        : toInfoLine(`peer ${formatPlacedPeer(event.peer)} is ${event.change === "new" ? "here" : "gone"}`);
    case "entry": {
      const { number, author, roomId, kind } = event.row;
      return toDebugLine(`entry ${number} of ${shortenId(author)} in room ${shortenId(roomId)}: ${kind}`);
    }
    case "state":
      return toDebugLine(`our entry ${event.number} in room ${shortenId(event.roomId)} is ${event.state}`);
    case "room": {
      const { id, members, joined } = event.room;
      return toDebugLine(
        `room ${shortenId(id)}: ${formatCount(members, "member")}, ${joined ? "joined" : "not joined"}`,
      );
    }
    case "request":
      return toInfoLine(`request of ${formatPlacedPeer(event.from)}`);
    case "notice":
      return { level: "warn", text: event.text };
    case "file": {
      const { author, roomId, state, gotBytes, sizeBytes } = event.file;
      return toDebugLine(
        `file of ${shortenId(author)} in room ${
          shortenId(roomId)
        }: ${state}, ${gotBytes} of ${sizeBytes} bytes`,
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
  return toDebugLine(`command ${name}: done in ${Math.round(tookMs)} ms`);
}

/** The line for a command that failed. Error messages quote typed text, so they are left out. */
export function toFailureLine({ do: name }: Command, error: unknown): DebugLogLine {
  const isExpected = error instanceof WorldError || error instanceof UsageError;
  return isExpected
    ? toInfoLine(`command ${name}: ${error.name}`)
    : { level: "error", text: `command ${name}: ${findErrorName(error)}` };
}

/** The line for a bug of ours. */
export function toBugLine(error: unknown): DebugLogLine {
  return {
    level: "error",
    text: `fault of earshot itself: ${findErrorName(error)}; crash.log in the home says more`,
  };
}

function toInfoLine(text: string): DebugLogLine {
  return { level: "info", text };
}

function toDebugLine(text: string): DebugLogLine {
  return { level: "debug", text };
}

function shortenId(id: string): string {
  return id.slice(0, ID_CHARS);
}

function formatPlacedPeer({ id, address, port }: PeerRow): string {
  return address === null ? shortenId(id) : `${shortenId(id)} (${formatAddress(address, port)})`;
}

function findErrorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

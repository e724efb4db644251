/** Every command, by topic and in the order of help. */

import { CommandTable } from "../command_line/command_table.ts";
import { CHAT_COMMANDS, QUIT_SLASH } from "./conversations.ts";
import type { DefinedCommand } from "./define_command.ts";
import { CONTACT_COMMANDS } from "./contacts.ts";
import { EXPORT_COMMANDS } from "./exports.ts";
import { FILE_COMMANDS } from "./files.ts";
import { HELP_COMMANDS } from "./help.ts";
import { LOG_COMMANDS } from "./logs.ts";
import { NODE_COMMANDS } from "./node.ts";
import { PEER_COMMANDS } from "./peers.ts";
import { PRESENCE_COMMANDS } from "./presence.ts";
import { ROOM_COMMANDS } from "./rooms.ts";
import { SYSTEM_COMMANDS } from "./system.ts";

const GROUPS = [
  ["Talk", [...CHAT_COMMANDS, ...LOG_COMMANDS, ...EXPORT_COMMANDS, ...PRESENCE_COMMANDS]],
  ["Files", FILE_COMMANDS],
  ["People", [...PEER_COMMANDS, ...CONTACT_COMMANDS]],
  ["Rooms", ROOM_COMMANDS],
  ["This node", [...NODE_COMMANDS, ...HELP_COMMANDS]],
  ["Your system", SYSTEM_COMMANDS],
] as const;

/** The name of a command; empty for earshot without one. */
export type CommandName = typeof GROUPS[number][1][number]["name"];

/** The commands of the shell. */
export const COMMAND_TABLE = new CommandTable<DefinedCommand<CommandName>>(GROUPS);

/** The commands of the chat, in the same order. */
export const SLASH_COMMANDS = [...COMMAND_TABLE.commands.flatMap(({ slash }) => slash ?? []), QUIT_SLASH];

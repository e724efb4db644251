/** The disk, the home and its files. */

import type { Texts } from "./catalogue.ts";

/** English. */
export const EN_DISK = {
  "disk.full": "the disk is full",
  "disk.read-only": "the disk is read-only",
  "disk.denied": "this user does not have permission",
  "disk.exists": "something else with that name is in the way",
  "disk.held": "another program has it open",
  "disk.missing": "the folder is missing",
  "disk.failed": "{detail}",
  "disk-failed.full": "Cannot {doing}: {reason}. Existing data is unharmed. Free some space and try again",
  "disk-failed.permission":
    "Cannot {doing}: {reason}. Existing data is unharmed. Check the permissions there, or use another place",
  "disk-failed.held":
    "Cannot {doing}: {reason}. Existing data is unharmed. Close that program and try again. It may be an editor, a virus scanner or a backup",
  "disk-failed.other": "Cannot {doing}: {reason}. Existing data is unharmed. Check the disk and try again",
  "doing.read": 'read "{path}"',
  "doing.write": 'write "{path}"',
  "doing.save": 'save "{path}"',
  "doing.remove": 'remove "{path}"',
  "doing.copy": 'copy "{name}"',
  "doing.make-folder": 'create the folder "{path}"',
  "doing.open-debug-log": 'open the debug log "{path}"',
  "doing.read-rooms": "read the rooms",
  "doing.read-contacts": 'read the contacts "{path}"',
  "doing.save-contacts": 'save the contacts "{path}"',
  "doing.open-home": 'open the home "{path}"',
  "doing.read-home": 'read the home "{path}"',
  "doing.save-identity": 'save a new identity in "{path}"',
  "doing.read-identity": 'read the identity file "{path}"',
  "home.missing": 'There is no home at "{folder}". Name another one with --home',
  "home.too-large":
    'This home has some {lines} lines, and earshot holds {max} at most. Nothing was changed. Move the largest conversation elsewhere and start earshot again: "{folder}" ({size:bytes}). Its log.jsonl is plain text and stays readable',
  "home.later-version":
    'The home "{folder}" belongs to a later earshot (format {version}; this one knows {known}). Nothing was changed. Use the later earshot, or another home with --home',
  "home.in-use":
    'The home "{folder}" is in use by another earshot. Stop it with "earshot stop", or use another home with --home',
  "home.in-use-by":
    'The home "{folder}" is in use by another earshot (process {pid}). Stop it with "earshot stop", or use another home with --home',
  "home.no-default": "Cannot tell where to keep files: {variable} is not set. Name a folder with --home",
  "contacts.later-version":
    'The contacts "{path}" belong to a later earshot (format {version}; this one knows {known}). Nothing was changed. Use the later earshot, or move the file away',
  "config.bad":
    'Cannot use "{path}": {problem}. Nothing was changed. Correct the file, or move it away to use the defaults',
  "config.not-json": "it is not valid JSON ({detail})",
  "config.not-object": "it is not a JSON object",
  "config.version": "its version is {version}; this earshot knows only version {known}",
  "config.choice": '"{key}" must be {rule}, not {value}',
  "config.name": '"name" is {value}. {reason}',
  "identity.damaged":
    'The identity file "{path}" is damaged: {problem}. It was left as it is. Put a backup in its place, or move it away to start with a new identity',
  "export.exists": '"{path}" already exists. Nothing was written. Use --force to replace it, or another name',
  "page.not-remembered": "{reason}. Until it can be saved, browsers have to be let in again after a restart",
} as const satisfies Texts;

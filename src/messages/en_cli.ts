/** The command line and the chat in a terminal. The page has none of these texts (tools/build_page.ts). */

import type { Texts } from "./catalogue.ts";

/** English. */
export const EN_CLI = {
  "value.port": '{what} takes a whole number from 1 to {max}, not "{text}"',
  "value.session-ports":
    '--session-ports takes two ports from {min} to {max}, the lower first, such as 50000-50100, not "{text}"',
  "value.count": '{what} takes a whole number, 1 or more, not "{text}"',
  "value.give": 'give takes "on", "all" or "off", not "{text}"',
  "value.seconds": '{what} takes seconds, from 0 to {max}, not "{text}"',
  "value.address":
    '"{text}" is not an address. An address has four numbers, such as 192.168.43.1. Computer names need a name server, and a hotspot has none',
  "value.ipv6": '"{text}" is not an address: IPv6 addresses look like fe80::1 or [fe80::1]:{port}',
  "value.link":
    "That link is incomplete. It should look like earshot://ADDRESS:PORT/ROOM/SECRET/KEY. Copy all of it, without line breaks",
  "value.moment": '{what} takes a time such as 2026-11-20, "2026-11-20 14:00" or 14:00, not "{text}"',
  "value.log-level": '--log-level takes {levels:list}, not "{text}"',
  "value.wait": '--wait takes "passed" or "everywhere", not "{text}"',
  "value.format": '--format takes "txt", "md" or "json", not "{text}"',
  "value.shell": 'There are completions for {shells:list}, not for "{text}"',
  "option.unknown": { text: "There is no option {option}", hint: 'See "{command}"' },
  "option.unknown-similar": "There is no option {option}. Did you mean --{suggestion}?",
  "option.unknown-text":
    'There is no option {option}. To send a text that begins with "-", put "--" before it',
  "option.other-command": '{option} is not an option of "earshot {name}"',
  "option.no-command": "{option} is not an option of earshot without a command",
  "option.value-missing": "{option} needs a value: {option} {value}",
  "option.value-unexpected": '{option} takes no value, but "{text}" was given',
  "option.needs": "{option} needs {others:or}",
  "option.exclusive": "{first} and {second} cannot be used together",
  "option.two-homes": "--home and --portable cannot be used together: each names the folder for everything",
  "option.with-files": "--with-files FOLDER cannot be used with -o FILE or --all FOLDER",
  "option.since-late": "--since is later than --until, so nothing would be exported",
  "argument.missing": "{name} is missing. Usage: {usage}",
  "argument.missing-place":
    '{name} is missing. Usage: {usage}. In a shell, put a room\'s "#" in quotes: "#Kitchen"',
  "argument.unexpected": 'Unexpected "{text}". Usage: {usage}',
  "argument.beside-all": 'Unexpected "{text}": --all FOLDER exports every conversation',
  "command.unknown": { text: 'There is no command "{name}"', hint: 'See "{command}"' },
  "command.unknown-similar": 'There is no command "{name}". Did you mean "{suggestion}"?',
  "command.unknown-second": 'There is no command "{name}". There are: {names:list}',
  "command.no-help": "There is no help",
  "slash.usage": "Usage: {usage}",
  "slash.unknown": "There is no command /{name}. /help lists the commands",
  "slash.unknown-similar": "There is no command /{name}. Did you mean /{suggestion}?",
  "slash.mistyped":
    "There is no command /{name}. /help lists the commands. To send it as a message, type // instead of /",
  "slash.mistyped-similar":
    "There is no command /{name}. Did you mean /{suggestion}? To send it as a message, type // instead of /",
  "slash.forgotten": "Commands begin with a slash: {line}",
  "chat.none-open":
    "No conversation is open. Open one with /join ROOM, /msg NAME or /host TITLE; /help shows more",
  "chat.direct-open": "This works in a room, but a direct conversation is open. Open a room with /join ROOM",
  "chat.no-peer": "Who? Usage: {usage}",
  "chat.no-conversations": "There are no conversations yet",
  "chat.no-number": "There is no conversation {number}. There are: {names:list}",
  "chat.several": "Several conversations begin like that: {names:list}",
  "chat.none-unread": "No unread messages",
  "chat.no-offer": "There is nothing to download here. /files lists the offered files",
  "chat.node-stopped": "The node stopped immediately",
  "host.is-port":
    '"{port}" looks like a port, and a room needs a title. To listen on that port: earshot --port {port}, or /host {port} in the chat. To open a room with that title: earshot host "#{port}"',
  "input.no-lines": "The input is not text: a line has more than {max} characters",
  "input.too-long": "The message is too long: it has more than {max} bytes. Send it in parts",
  "input.not-text": "Standard input is not UTF-8 text",
  "import.too-long": "The list of contacts is too long: more than {max} bytes",
  "import.no-file": 'There is no file "{path}"',
  "get.failed": '"{name}" could not be downloaded',
  "get.stopped": '"{name}" is no longer downloading: it was stopped elsewhere',
  "get.withdrawn": '"{name}" is no longer offered',
  "output.in-home":
    '"{path}" is in earshot\'s own folder, which is only for its own files. Nothing was written. Choose another folder',
  "output.device":
    'Cannot write "{path}": on Windows "{name}" is a device. Nothing was written. Choose another name',
  "output.character":
    'Cannot write "{path}": on Windows no name may have "{character}" in it. Nothing was written. Choose another name',
  "log-file.foreign": '"{path}" is not a log of earshot, so it was left untouched. Choose another file',
  "node.none": 'No earshot is running with the home "{home}"',
  "node.none-start": 'No earshot is running with the home "{home}". Start it with "earshot"',
  "node.runs-already":
    'earshot is already running with the home "{home}" (process {pid}). Stop it with "earshot stop", or use another home with --home',
  "node.still-running": "earshot (process {pid}) was told to stop, but is still running",
  "node.gone": "The earshot that ran here (process {pid}) has stopped",
  "node.page-closed":
    "Cannot open the page on 127.0.0.1 ({reason}). Nothing outside this machine needs it, but other commands and browsers do",
  "node.control-closed":
    "Cannot open the control address on 127.0.0.1 ({reason}). Nothing outside this machine needs it, but other commands and browsers do",
  "portable.no-executable":
    "--portable keeps everything beside earshot's executable, but this earshot runs from its source. Name a folder with --home",
  "portable.cannot":
    'Cannot keep everything in "{folder}": {reason}. Move earshot to a folder of your own, or start it without --portable',
  "portable.why-full": "the disk is full",
  "portable.why-read-only": "the disk is read-only",
  "portable.why-denied": "this user is not allowed to write there",
  "portable.why-exists": "a file with that name is in the way",
  "portable.why-missing": "the folder of the executable no longer exists",
  "portable.why-held": "another program has a file open there",
  "portable.why-failed": "the disk does not work properly",
  "install.none": 'earshot is not installed here: there is no "{path}"',
  "install.no-folder":
    "Cannot find the folder for programs that start at login: the environment does not name it",
  "install.foreign": '"{path}" was not written by earshot, so it was left untouched. Move it away first',
  "install.failed": 'Cannot install: "{line}" failed. "{path}" was removed again',
  "install.failed-saying": 'Cannot install: "{line}" failed ({said}). "{path}" was removed again',
  "install.no-terminal": "Not a terminal, so I can't ask. To go ahead anyway: --yes",
} as const satisfies Texts;

/** Offering files and downloading them, and giving earshot itself to others. */

import type { Texts } from "./catalogue.ts";

/** English. */
export const EN_FILES = {
  "upload.unknown": "There is no such upload",
  "upload.one-only": "An upload is one file or one folder",
  "upload.bad-place": "That is not a place for an upload",
  "upload.busy": "Too many uploads are in progress",
  "upload.exists": "Something with that name was already uploaded",
  "upload.no-space": "There is not enough space on the disk. Free some space and try again",
  "offer.nothing-named": "Name a file or folder to offer",
  "offer.nothing-there": 'There is nothing at "{path}"',
  "offer.not-a-file": '"{name}" is neither a file nor a folder',
  "offer.no-name": '"{path}" itself cannot be offered. Offer its contents',
  "offer.list-too-long": 'The list of files in "{name}" is too long. Offer its folders one by one',
  "offer.empty": 'There are no files in "{name}"',
  "offer.too-many": '"{name}" has more than {max} files. Offer it in parts, or as one archive',
  "offer.too-large": '"{name}" is too large: {size:bytes}; the limit is {max:bytes}',
  "offer.changed": 'Cannot offer "{name}": it changed while it was being read. Try again',
  "offer.lost": "The offer was saved, but cannot be found",
  "offer.skipped": {
    one:
      '{count} item in "{name}" was left out: links, and names that other systems do not allow, cannot be offered',
    other:
      '{count} items in "{name}" were left out: links, and names that other systems do not allow, cannot be offered',
  },
  "offer.list-short": {
    one:
      "Cannot offer {wanted} items: only {count} more fits into the list of this conversation. Nothing was offered. Put them into one folder and offer that",
    other:
      "Cannot offer {wanted} items: only {count} more fit into the list of this conversation. Nothing was offered. Put them into one folder and offer that",
  },
  "offer.list-full": {
    text: "Cannot offer that: the list of offers in this conversation is full. Nothing was offered",
    hint: "Open another room, and offer a folder there: {command}",
  },
  "path.not-absolute": '"{path}" is not an absolute path',
  "path.no-folder": 'There is no folder "{path}"',
  "get.unknown": { text: 'There is no file called "{name}" on offer', hint: "See the files: {command}" },
  "get.bad-manifest":
    '"{name}" cannot be downloaded: its contents do not match its offer. Whoever offered it can offer it again',
  "get.no-space":
    '"{name}" does not fit: it needs {needed:bytes}, and "{folder}" has {free:bytes} free. Free some space or name another folder, and get it again',
  "get.no-space-beside":
    '"{name}" does not fit: it needs {needed:bytes}, and "{folder}" has {free:bytes} free, of which other downloads need {reserved:bytes}. Free some space or name another folder, and get it again',
  "get.no-space-for-rest":
    'The rest of "{name}" does not fit: "{folder}" has only {free:bytes} free. The downloaded part is kept: free some space, and get it again to continue',
  "get.not-downloading": '"{name}" is not being downloaded',
  "get.not-requested": '"{name}" was not requested',
  "get.have-it": '"{name}" is already here, at "{path}"',
  "get.no-folder": "Cannot save files of that room: nothing of it is on disk yet",
  "get.disk-failed": 'Cannot save "{name}": {reason}. The downloaded part is kept: get it again to continue',
  "get.bad-data":
    '{peer} sent data of "{name}" that does not match the offer (damaged or changed). It was discarded, and that device is not asked for it again',
  "export.missing-files": {
    one: "{count} file was not saved, because it was moved, changed or removed since it came: {names:list}",
    other:
      "{count} files were not saved, because they were moved, changed or removed since they came: {names:list}",
  },
  "doing.offer-file": 'offer "{name}"',
  "doing.look-at": 'look at "{path}"',
  "doing.look-there": "look there",
  "doing.remove-file": "remove this",
  "doing.start-over": "start over",
  "doing.remember-offer": "save the offer",
  "doing.remember": "save this",
  "doing.tidy-up": "clean up",
  "doing.save-upload": "save the upload",
  "doing.remove-upload": "remove the upload",
  "give.cannot": "Cannot give earshot to others: {reason}",
  "give.from-source":
    'this earshot runs from its source code, so there is no file to give. Create one with "deno task compile"',
  "give.no-network": "this device is not on any network. Join a Wi-Fi network or start a hotspot",
  "give.not-online": "this earshot is not on the network",
  "give.no-port": "no port can be opened ({problem})",
  "give.unknown-system": "the system of this executable is unknown ({triple})",
  "give.unreadable": "{detail} ({problem})",
} as const satisfies Texts;

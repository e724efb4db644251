/** Messages and the logs that hold them. */

import type { Texts } from "./catalogue.ts";

/** English. */
export const EN_SENDING = {
  "send.empty": "The message is empty",
  "send.too-long": "The message is too long: {length} bytes; the limit is {max}. Send it in parts",
  "send.too-long-escaped":
    "The message is too long: with its control characters written out it has {length} bytes; the limit is {max}. Send it in parts",
  "history.several-sides": "Cannot combine {sides:and}. Choose one",
  "history.no-message": "There is no such message in that conversation",
  "log.disk-failed":
    "Cannot read earlier messages: {reason}. Restart earshot to read the log again; what is missing comes back from other members",
  "log.cannot-serve":
    "Cannot send earlier messages to others: {reason}. Restart earshot to read the log again",
  "log.cannot-keep":
    "Cannot save what others say: {reason}. They still have it; earshot asks again every few seconds",
  "log.cut-short":
    'The last line of "{log}" was incomplete. The rest of it ({size:bytes}) was moved to "{path}"',
  "log.unknown": 'Unknown conversation in "{log}"; left untouched',
  "log.unreadable":
    'Some lines of "{log}" cannot be read: {lines}. They are kept; their messages come back from other members',
  "log.changed": {
    one:
      'A line of "{log}" was changed after it was written, and is not shown. It is kept; its message comes back from other members',
    other:
      '{count} lines of "{log}" were changed after they were written, and are not shown. They are kept; their messages come back from other members',
  },
  "node.stopping-unread": "earshot is stopping before all messages were read from the disk",
  "habit.me": "There is no command /me: every line shows your name. Type the text as a message",
  "habit.clear":
    "There is no command /clear. /log 20 shows the last 20 lines again, and /export saves all of them",
} as const satisfies Texts;

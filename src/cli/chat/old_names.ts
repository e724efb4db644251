/** Commands of other programs that many people type from habit: they do the same here, or say how it is done. Pure. */

import { type Message, message } from "../../messages/message.ts";

/** The command of this chat for another program's name. */
const SAME_COMMANDS: Readonly<Record<string, string>> = {
  "?": "help",
  changeusername: "nick",
  exit: "quit",
  list: "rooms",
  name: "nick",
  names: "who",
  part: "leave",
  users: "peers",
  w: "msg",
};
/** The endings of files that `/save` writes elsewhere. Here it adds contacts, whose names rarely end so. */
const CHAT_FILE = /\.(?:txt|md|json)"?$/i;

/** The name of the command here; the same name if it is no habit. */
export function translateOldName(name: string, text: string): string {
  const key = name.toLowerCase();
  if (key === "save" && CHAT_FILE.test(text)) return "export";
  return Object.hasOwn(SAME_COMMANDS, key) ? SAME_COMMANDS[key] ?? name : name;
}

/** What to do instead of a command that is missing here; null for any other name. */
export function findHabitHint(name: string): Message | null {
  switch (name.toLowerCase()) {
    case "me":
      return message("habit.me");
    case "clear":
      return message("habit.clear");
    default:
      return null;
  }
}

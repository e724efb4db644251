/** What to type next, for hints: in a shell one way, in the chat another. Pure. */

import type { PeerRow, RoomRow } from "../../api/commands.ts";

/** Characters of an id that are shown: enough to mean one. */
export const ID_CHARS = 8;

/** Words that every shell takes as they stand; a name like `$(reboot)` must not get into a line that is made to be copied. */
const PLAIN_WORD = /^(?!-)[\p{L}\p{M}\p{N}_·.-]+$/u;
const PLAIN_TITLE = /^(?!-)[\p{L}\p{M}\p{N}_. -]+$/u;

/** What can be done: by command, and by a line that begins with "/". */
const DEEDS = {
  accept: ["accept", "accept"],
  ignore: ["ignore", "ignore"],
  block: ["contacts block", "block"],
  unblock: ["contacts unblock", "unblock"],
  save: ["contacts add", "save"],
  verify: ["contacts verify", "verify"],
  connect: ["connect", "connect"],
  send: ["send", "msg"],
  host: ["host", "host"],
  join: ["join", "join"],
  renew: ["renew", "renew"],
  invite: ["invite", "invite"],
  requests: ["requests", "requests"],
  search: ["search", "search"],
  back: ["back", "back"],
  leave: ["leave", "leave"],
  forget: ["contacts remove", "forget"],
  note: ["contacts note", "note"],
  contacts: ["contacts", "contacts"],
  disconnect: ["disconnect", "disconnect"],
  peers: ["peers", "peers"],
  rooms: ["rooms", "rooms"],
  who: ["who", "who"],
  log: ["log", "log"],
  export: ["export", "export"],
  nick: ["nick", "nick"],
  away: ["away", "away"],
  rescan: ["rescan", "rescan"],
  status: ["status", "status"],
  file: ["file", "file"],
  files: ["files", "files"],
  get: ["get", "get"],
  pause: ["pause", "pause"],
  cancel: ["cancel", "cancel"],
  doctor: ["doctor", "doctor"],
  give: ["give", "give"],
  help: ["help", "help"],
} as const;

/** Longer commands first: "contacts block" is no "contacts". */
const BY_LENGTH = Object.values(DEEDS).toSorted(([left], [right]) => right.length - left.length);
const SLASH_OF = new Map<string, string>(BY_LENGTH);

/** Where the hint is read. */
export interface HintContext {
  /** In the chat: a command begins with "/". */
  readonly isChat?: boolean;
}

/** The line that does it, such as "earshot accept bob" or "/accept bob". */
export function commandHint(
  deed: keyof typeof DEEDS,
  words: string,
  { isChat = false }: HintContext,
): string {
  const [command, slash] = DEEDS[deed];
  return `${isChat ? "/" : "earshot "}${isChat ? slash : command}${words === "" ? "" : ` ${words}`}`;
}

/** A peer where it is to be typed: the name, or the start of the id where a shell would not take the name as it stands. */
export function toPeerArg(
  { name, id }: Pick<PeerRow, "name" | "id">,
  { isChat = false }: HintContext,
): string {
  return isChat || PLAIN_WORD.test(name) ? name : id.slice(0, ID_CHARS);
}

/** A room where it is to be typed. */
export function toRoomArg(
  { title, id }: { readonly title: string; readonly id: RoomRow["id"] },
  { isChat = false }: HintContext,
): string {
  if (isChat || PLAIN_WORD.test(title)) return title;
  return PLAIN_TITLE.test(title) ? `"${title}"` : id.slice(0, ID_CHARS);
}

/** The sentence of a node, whose hints are commands of a shell, with those of the chat in their place. */
export function inChat(sentence: string): string {
  return sentence.replace(inSentence ??= anyCommand(), (whole, command) => {
    const slash = SLASH_OF.get(command);
    return slash === undefined ? whole : `/${slash}`;
  });
}

let inSentence: RegExp | undefined;

/** "earshot" and a command. Made for the first sentence: only the chat has any, and each start would wait 1 ms for it. */
function anyCommand(): RegExp {
  return new RegExp(`\\bearshot (${BY_LENGTH.map(([command]) => command).join("|")})\\b`, "g");
}

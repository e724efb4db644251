/** Completes what is typed in the chat: commands, names, rooms. Pure. */

import { toNameKey } from "../../text/name.ts";
import type { MemberRow, PeerRow, RoomRow } from "../../api/commands.ts";
import { formatRoomName } from "../format/entries.ts";
import type { ArgCompletion, SlashSpec } from "../command_line/command_spec.ts";

/** Everything that Tab can complete. */
export interface Names {
  readonly slashes: readonly Pick<SlashSpec, "name" | "completes">[];
  readonly peers: readonly Pick<PeerRow, "name">[];
  readonly members: readonly Pick<MemberRow, "name" | "me">[];
  readonly rooms: readonly Pick<RoomRow, "title" | "direct" | "joined">[];
  /** Names of the peers with an open request. */
  readonly requests: readonly string[];
  /** Names of offered files. */
  readonly files: readonly string[];
}

/** The words that can replace the part of a line from `from` to its cursor. */
export interface Completion {
  readonly from: number;
  /** Whole words, sorted. */
  readonly words: readonly string[];
  /** The text that follows the only candidate. */
  readonly behind: string;
}

/** Completes the text before the cursor. */
export function completeInput(before: string, names: Names): Completion {
  const [, slash, gap = "", rest = ""] = /^\/(\S*)(\s*)(.*)$/s.exec(before) ?? [];
  if (slash === undefined || before.startsWith("//")) return completeText(before, names);
  if (gap === "") {
    return filterCandidates(before, {
      from: 0,
      words: names.slashes.map(({ name }) => `/${name}`),
      behind: " ",
    });
  }
  const kinds = names.slashes.find(({ name }) => name === slash.toLowerCase())?.completes ?? [];
  const words = rest.split(/\s+/);
  const last = words.at(-1) ?? "";
  // A room's title may have blanks in it, and is the only argument of its commands.
  const isRest = kinds.length === 1 &&
    (kinds[0] === "room" || kinds[0] === "conversation" || kinds[0] === "file");
  const kind = isRest ? kinds[0] : kinds[Math.min(words.length, kinds.length) - 1];
  if (kind === undefined || (words.length > kinds.length && !isRest)) return completeText(before, names);
  const from = before.length - (isRest ? rest : last).length;
  return filterCandidates(before, { from, words: listCandidates(kind, names), behind: " " });
}

/** In a text: the names of the members of the conversation, and of rooms. */
function completeText(before: string, { members, rooms }: Names): Completion {
  const last = /\S*$/.exec(before)?.[0] ?? "";
  if (last === "") return { from: before.length, words: [], behind: "" };
  const from = before.length - last.length;
  if (last.startsWith("#")) {
    return filterCandidates(before, {
      from,
      words: rooms.filter(({ direct }) => !direct).map(formatRoomName),
      behind: " ",
    });
  }
  const words = members.filter(({ me }) => !me).map(({ name }) => name);
  return filterCandidates(before, { from, words, behind: from === 0 ? ": " : " " });
}

function listCandidates(kind: ArgCompletion, names: Names): readonly string[] {
  const { slashes, peers, members, rooms, requests, files } = names;
  switch (kind) {
    case "peer":
      return [...peers, ...members.filter(({ me }) => !me)].map(({ name }) => name);
    case "conversation":
      return rooms.filter(({ joined }) => joined).map(formatRoomName);
    case "room":
      return rooms.filter(({ direct }) => !direct).map(formatRoomName);
    case "request":
      return requests;
    case "file":
      return files;
    case "slash":
      return slashes.map(({ name }) => name);
    default:
      return kind;
  }
}

/** The words that begin like the typed text; a room's "#" may be left out. */
function filterCandidates(before: string, { from, words, behind }: Completion): Completion {
  const typed = toNameKey(before.slice(from));
  const fits = (word: string) => {
    const key = toNameKey(word);
    return key.startsWith(typed) || (word.startsWith("#") && key.slice(1).startsWith(typed));
  };
  return { from, words: [...new Set(words.filter(fits))].sort(), behind };
}

/** The common start of all words, as the first one writes it; upper and lower case are equal. */
export function findCommonStart(words: readonly string[]): string {
  const [first = "", ...others] = words;
  const chars = [...first];
  const length = others.reduce((shared, word) => {
    const other = [...word.toLowerCase()];
    const differs = chars.findIndex((char, at) => char.toLowerCase() !== other[at]);
    return differs === -1 ? shared : Math.min(shared, differs);
  }, chars.length);
  return chars.slice(0, length).join("");
}

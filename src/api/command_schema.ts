/**
 * Every command that front ends give a node, as one schema: its types (commands.ts) and its parser (web/control/command_parser.ts)
 * are made of it. The description of each field completes the sentence "must be …".
 */

import * as v from "valibot";
import { parsePeerId, parseRoomId, type PeerId, type RoomId } from "../room/id.ts";

/** UTF-16 units of a message: at most its limit in bytes, which the node checks. */
const TEXT_UNITS_MAX = 64 * 1024;
/** UTF-16 units of every other text that people type. */
const WORD_UNITS_MAX = 1_024;
/** UTF-16 units of an imported list of contacts: some thousands of lines. */
const IMPORT_UNITS_MAX = 256 * 1024;
/** UTF-16 units of a path: the limit of Linux and Windows. */
const PATH_UNITS_MAX = 32_767;
/** Files and folders that one command offers. */
export const PATHS_MAX = 64;
/** Peers that one command names. */
const PEERS_MAX = 256;
/** Lines of a log that one command can ask for. */
const LAST_MAX = 1_000_000_000;
/** The longest wait: a day. */
const WAIT_MS_MAX = 24 * 60 * 60 * 1000;
/** The latest moment that a Date can hold. */
const TIME_MS_MAX = 8.64e15;

const WORD = text(WORD_UNITS_MAX);
const PATH = text(PATH_UNITS_MAX);
const PORT = integer(1, 65_535);
const LAST = integer(0, LAST_MAX);
const MOMENT = integer(0, TIME_MS_MAX);
const IS = v.pipe(v.boolean(), v.description("true or false"));
const ROOM_ID = v.pipe(
  v.custom<RoomId>((value) => typeof value === "string" && parseRoomId(value) !== null),
  v.description("a room's id"),
);
const PEERS = v.pipe(
  v.array(WORD),
  v.maxLength(PEERS_MAX),
  v.readonly(),
  v.description(`a list of at most ${PEERS_MAX} texts of at most ${WORD_UNITS_MAX} characters`),
);
const PATHS = v.pipe(
  v.array(PATH),
  v.maxLength(PATHS_MAX),
  v.readonly(),
  v.description(`a list of at most ${PATHS_MAX} paths`),
);
/** One entry of a conversation. */
const PLACE = v.pipe(
  v.strictObject({
    author: v.custom<PeerId>((value) => typeof value === "string" && parsePeerId(value) !== null),
    number: integer(1, Number.MAX_SAFE_INTEGER),
  }),
  v.readonly(),
  v.description('an object of "author", a peer\'s id, and "number"'),
);

/** A `peer` is a name, `name·tag` or the start of an id; a `room` or `to` is that of a conversation. */
export const COMMAND_SCHEMAS = {
  status: command("status", {}),
  /** Checks everything that can keep others away; takes some seconds. */
  doctor: command("doctor", {}),
  /** Gives this program to people on the same network, or ends that; without `isOn` only tells the state. */
  give: command("give", { isOn: v.exactOptional(IS), withOthers: v.exactOptional(IS) }),
  peers: command("peers", {}),
  rooms: command("rooms", {}),
  /** The members of a conversation. */
  members: command("members", { room: WORD }),
  contacts: command("contacts", {}),
  /** Adds a contact; `label` is the user's own name for it ("" removes that). */
  save: command("save", { peer: WORD, label: v.exactOptional(WORD) }),
  /** Removes a contact; messages are kept. */
  forget: command("forget", { peer: WORD }),
  note: command("note", { peer: WORD, text: WORD }),
  block: command("block", { peer: WORD, isBlocked: IS }),
  /** The words that both users compare. */
  words: command("words", { peer: WORD }),
  /** Whether the two users found the words to be the same. */
  verify: command("verify", { peer: WORD, isVerified: IS }),
  /** Lines `IP PORT NAME` of the programs before this one. */
  import: command("import", { text: text(IMPORT_UNITS_MAX) }),
  /** Opens a room; only people with its link can join an invite-only room. */
  host: command("host", { title: WORD, isInvited: v.exactOptional(IS) }),
  /** Listens for others on that TCP port instead of the present one. */
  listen: command("listen", { port: PORT }),
  /** A room's title or id, an address with or without a port, or an invitation. */
  join: command("join", { room: WORD }),
  /** The room's link, which is sent to those peers. */
  invite: command("invite", { room: WORD, peers: PEERS }),
  /** Moves to a new invite-only room with all members except those. */
  renew: command("renew", { room: WORD, without: PEERS }),
  leave: command("leave", { room: WORD }),
  /** An address, or a contact's name; the port is 9999 unless given. */
  connect: command("connect", { to: WORD, port: v.exactOptional(PORT) }),
  /** Ends the session, and begins none with that peer before the user does. */
  disconnect: command("disconnect", { peer: WORD }),
  /** First messages of strangers, and invitations. */
  requests: command("requests", {}),
  accept: command("accept", { peer: WORD }),
  ignore: command("ignore", { peer: WORD }),
  send: command("send", { to: WORD, text: text(TEXT_UNITS_MAX) }),
  /** Offers files and folders, each by itself: absolute paths on the node's machine, or what a page has uploaded (see PageUploads in docs/protocol.md). */
  offer: command("offer", { to: WORD, paths: v.exactOptional(PATHS), upload: v.exactOptional(WORD) }),
  /** The offers of a conversation, or of all; oldest first. */
  files: command("files", { to: v.exactOptional(WORD) }),
  /** Downloads an offer, also again after a pause. A `file` is an id or number of a FileRow, or a name. `into`: an absolute path of an existing folder; the default is the room's own. */
  get: command("get", { file: WORD, to: v.exactOptional(WORD), into: v.exactOptional(PATH) }),
  /** Pauses a download. Received pieces are kept. */
  pause: command("pause", { file: WORD, to: v.exactOptional(WORD) }),
  /** Stops a download, and removes its pieces; an own offer is no longer served. A complete file stays. */
  cancel: command("cancel", { file: WORD, to: v.exactOptional(WORD) }),
  /** Waits until our entry has that state. */
  wait: command("wait", {
    room: ROOM_ID,
    number: integer(1, Number.MAX_SAFE_INTEGER),
    until: oneOf("passed", "everywhere"),
    ms: integer(0, WAIT_MS_MAX),
  }),
  /** The newest `last` lines; or those before or after one, or half of them on each side of it. Only lines up to the newest count as read. */
  log: command("log", {
    to: WORD,
    last: v.exactOptional(LAST),
    markRead: v.exactOptional(IS),
    before: v.exactOptional(PLACE),
    after: v.exactOptional(PLACE),
    around: v.exactOptional(PLACE),
  }),
  /** Messages that contain the text, in all conversations; the newest `last` of them. */
  search: command("search", { text: WORD, last: v.exactOptional(LAST) }),
  export: command("export", {
    to: WORD,
    sinceMs: v.exactOptional(MOMENT),
    untilMs: v.exactOptional(MOMENT),
    format: v.exactOptional(oneOf("txt", "md", "json")),
  }),
  nick: command("nick", { name: WORD }),
  /** The text is the reason; null is back. */
  away: command("away", {
    text: v.pipe(
      v.nullable(WORD),
      v.description(`text of at most ${WORD_UNITS_MAX} characters, or null`),
    ),
  }),
  /** The user is typing in that conversation. */
  typing: command("typing", { room: ROOM_ID }),
  rescan: command("rescan", {}),
  stop: command("stop", {}),
} as const;

/** The name of a command. */
export type NodeCommandName = keyof typeof COMMAND_SCHEMAS;

/** What a front end can ask of a node. */
export type Command = {
  [Name in NodeCommandName]: Readonly<v.InferOutput<typeof COMMAND_SCHEMAS[Name]>>;
}[NodeCommandName];

function command<const Name extends string, const Fields extends v.ObjectEntries>(
  name: Name,
  fields: Fields,
) {
  return v.strictObject({ do: v.literal(name), ...fields });
}

function text(unitsMax: number) {
  return v.pipe(v.string(), v.maxLength(unitsMax), v.description(`text of at most ${unitsMax} characters`));
}

function integer(min: number, max: number) {
  return v.pipe(
    v.number(),
    v.integer(),
    v.minValue(min),
    v.maxValue(max),
    v.description(`a whole number from ${min} to ${max}`),
  );
}

function oneOf<const Word extends string>(...words: readonly Word[]) {
  return v.pipe(v.picklist(words), v.description(words.map((word) => `"${word}"`).join(" or ")));
}

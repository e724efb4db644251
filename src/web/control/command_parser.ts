/** Makes commands of what comes over the control address: every field is checked, and nothing unknown is passed over. */

import { parsePeerId, parseRoomId } from "../../room/id.ts";
import type { Command } from "../../api/commands.ts";

/** UTF-16 units of a message: as many as its limit in bytes at most, which the node checks. */
const TEXT_UNITS_MAX = 64 * 1024;
/** UTF-16 units of everything else that people type. */
const WORD_UNITS_MAX = 1_024;
/** UTF-16 units of a list of contacts that is taken over: some thousands of lines. */
const IMPORT_UNITS_MAX = 256 * 1024;
/** UTF-16 units of a path: what Linux and Windows take at most. */
const PATH_UNITS_MAX = 32_767;
/** Files and folders that one command offers. */
const PATHS_MAX = 64;
/** Peers that one command names. */
const PEERS_MAX = 256;
/** Lines of a log that can be asked for by number; all of them is no number. */
const LAST_MAX = 1_000_000_000;
/** The longest wait: a day. */
const WAIT_MS_MAX = 24 * 60 * 60 * 1000;
/** The latest moment that a Date can hold. */
const TIME_MS_MAX = 8.64e15;

/** One field of a command. */
interface Field {
  /** Completes "must be". */
  readonly rule: string;
  readonly isOptional: boolean;
  isRight(value: unknown): boolean;
}

type Fields<C extends Command> = { readonly [Key in Exclude<keyof C, "do">]-?: Field };
type Shapes = { readonly [Name in Command["do"]]: Fields<Extract<Command, { do: Name }>> };

const WORD = text(WORD_UNITS_MAX);
const PATH = text(PATH_UNITS_MAX);
const ROOM_ID: Field = { rule: "a room's id", isOptional: false, isRight: isRoomId };
const PLACE: Field = {
  rule: 'an object of "author", a peer\'s id, and "number"',
  isOptional: true,
  isRight: isPlace,
};
const MOMENT = optional(whole(0, TIME_MS_MAX));

const SHAPES: Shapes = {
  status: {},
  doctor: {},
  give: { isOn: optional(yesOrNo()), withOthers: optional(yesOrNo()) },
  peers: {},
  rooms: {},
  members: { room: WORD },
  contacts: {},
  save: { peer: WORD, label: optional(WORD) },
  forget: { peer: WORD },
  note: { peer: WORD, text: WORD },
  block: { peer: WORD, isBlocked: yesOrNo() },
  words: { peer: WORD },
  verify: { peer: WORD, isVerified: yesOrNo() },
  import: { text: text(IMPORT_UNITS_MAX) },
  host: { title: WORD, isInvited: optional(yesOrNo()) },
  listen: { port: whole(1, 65_535) },
  join: { room: WORD },
  invite: { room: WORD, peers: words(PEERS_MAX) },
  renew: { room: WORD, without: words(PEERS_MAX) },
  leave: { room: WORD },
  connect: { to: WORD, port: optional(whole(1, 65_535)) },
  disconnect: { peer: WORD },
  requests: {},
  accept: { peer: WORD },
  ignore: { peer: WORD },
  send: { to: WORD, text: text(TEXT_UNITS_MAX) },
  offer: { to: WORD, paths: optional(paths()), upload: optional(WORD) },
  files: { to: optional(WORD) },
  get: { file: WORD, to: optional(WORD), into: optional(PATH) },
  pause: { file: WORD, to: optional(WORD) },
  cancel: { file: WORD, to: optional(WORD) },
  wait: {
    room: ROOM_ID,
    number: whole(1, Number.MAX_SAFE_INTEGER),
    until: oneOf("passed", "everywhere"),
    ms: whole(0, WAIT_MS_MAX),
  },
  log: {
    to: WORD,
    last: optional(whole(0, LAST_MAX)),
    markRead: optional(yesOrNo()),
    before: PLACE,
    after: PLACE,
    around: PLACE,
  },
  search: { text: WORD, last: optional(whole(0, LAST_MAX)) },
  export: { to: WORD, sinceMs: MOMENT, untilMs: MOMENT, format: optional(oneOf("txt", "md", "json")) },
  nick: { name: WORD },
  away: { text: orNull(WORD) },
  typing: { room: ROOM_ID },
  rescan: {},
  stop: {},
};

/** The command that a JSON value stands for, or what is wrong with it. */
export function parseCommand(value: unknown): Command | { readonly problem: string } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { problem: "A command is a JSON object" };
  }
  const { do: name, ...given }: Record<string, unknown> = { ...value };
  if (typeof name !== "string" || !isCommandName(name)) {
    return { problem: 'There is no command of that "do"' };
  }
  const fields = new Map<string, Field>(Object.entries(SHAPES[name]));
  for (const key of Object.keys(given)) {
    if (!fields.has(key)) return { problem: `The command "${name}" has no field of that name` };
  }
  for (const [key, field] of fields) {
    if (field.isOptional && given[key] === undefined) continue;
    if (!field.isRight(given[key])) {
      return { problem: `"${key}" of the command "${name}" must be ${field.rule}` };
    }
  }
  // The shape of that name was just checked, field by field.
  return { do: name, ...given } as Command;
}

function isCommandName(name: string): name is Command["do"] {
  return Object.hasOwn(SHAPES, name);
}

function text(unitsMax: number): Field {
  return {
    rule: `text of at most ${unitsMax} characters`,
    isOptional: false,
    isRight: (value) => typeof value === "string" && value.length <= unitsMax,
  };
}

function whole(min: number, max: number): Field {
  return {
    rule: `a whole number from ${min} to ${max}`,
    isOptional: false,
    isRight: (value) => typeof value === "number" && Number.isInteger(value) && value >= min && value <= max,
  };
}

function yesOrNo(): Field {
  return { rule: "true or false", isOptional: false, isRight: (value) => typeof value === "boolean" };
}

function oneOf(...words: readonly string[]): Field {
  return {
    rule: words.map((word) => `"${word}"`).join(" or "),
    isOptional: false,
    isRight: (value) => typeof value === "string" && words.includes(value),
  };
}

function paths(): Field {
  return {
    rule: `a list of at most ${PATHS_MAX} paths`,
    isOptional: false,
    isRight: (value) =>
      Array.isArray(value) && value.length <= PATHS_MAX && value.every((path) => PATH.isRight(path)),
  };
}

function words(countMax: number): Field {
  return {
    rule: `a list of at most ${countMax} texts of at most ${WORD_UNITS_MAX} characters`,
    isOptional: false,
    isRight: (value) =>
      Array.isArray(value) && value.length <= countMax && value.every((word) => WORD.isRight(word)),
  };
}

function orNull(field: Field): Field {
  return {
    ...field,
    rule: `${field.rule}, or null`,
    isRight: (value) => value === null || field.isRight(value),
  };
}

function isRoomId(value: unknown): boolean {
  return typeof value === "string" && parseRoomId(value) !== null;
}

function isPlace(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { author, number, ...more }: Record<string, unknown> = { ...value };
  return typeof author === "string" && parsePeerId(author) !== null && typeof number === "number" &&
    Number.isSafeInteger(number) && number >= 1 && Object.keys(more).length === 0;
}

function optional(field: Field): Field {
  return { ...field, isOptional: true };
}

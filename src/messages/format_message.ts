/** Makes sentences of messages. Pure. */

import type { ListItem, MessageData, MessageText, Plural, Texts, Value } from "./catalogue.ts";
import { type CommandHint, formatChatCommand, formatShellCommand } from "./command_names.ts";
import { EN } from "./en.ts";

/** How a language says things. */
export interface Speech {
  /** BCP 47; decides about plurals. */
  readonly tag: string;
  readonly texts: Texts;
  /** Between the last two of a list. */
  readonly and: string;
  readonly or: string;
  readonly decimalPoint: "." | ",";
  /** Units of time, each for one and for several. */
  readonly units: Readonly<
    Record<"second" | "minute" | "hour" | "day", readonly [one: string, other: string]>
  >;
  readonly bytes: readonly [one: string, other: string];
}

/** English, as the terminal and scripts read it. */
export const ENGLISH: Speech = {
  tag: "en",
  texts: EN,
  and: "and",
  or: "or",
  decimalPoint: ".",
  units: {
    second: ["second", "seconds"],
    minute: ["minute", "minutes"],
    hour: ["hour", "hours"],
    day: ["day", "days"],
  },
  bytes: ["byte", "bytes"],
};

/** How a hint is shown; null where commands cannot be typed. */
export type FormatHint = (hint: CommandHint) => string | null;

/** English with commands for a shell: for scripts, logs and `Error.message`. */
export function formatForShell(message: MessageData): string {
  return formatMessage(message, ENGLISH, formatShellCommand);
}

/** English with commands for the chat. */
export function formatForChat(message: MessageData): string {
  return formatMessage(message, ENGLISH, formatChatCommand);
}

/** Several messages behind each other, as sentences of one paragraph. */
export function joinMessages(
  messages: readonly MessageData[],
  format: (message: MessageData) => string,
): string {
  return messages.map(format).reduce((text, next) => text === "" ? next : joinSentences(text, next), "");
}

/** The sentence; its code alone where a later version of earshot sent a code that this one does not know. */
export function formatMessage(message: MessageData, speech: Speech, formatHint: FormatHint): string {
  const entry: MessageText = speech.texts[message.code] ?? message.code;
  const say = (form: string | Plural, command?: string) =>
    fill(typeof form === "string" ? form : pluralForm(form, message, speech), {
      message,
      speech,
      formatHint,
      command,
    });
  if (typeof entry === "string" || "other" in entry) return say(entry);
  const command = message.hint === undefined ? null : formatHint(message.hint);
  return command === null ? say(entry.text) : joinSentences(say(entry.text), say(entry.hint, command));
}

function joinSentences(first: string, second: string): string {
  return /[.!?:;…]["”»]?$/u.test(first) ? `${first} ${second}` : `${first}. ${second}`;
}

function pluralForm(form: Plural, { values }: MessageData, { tag }: Speech): string {
  return form[new Intl.PluralRules(tag).select(Number(values["count"]))] ?? form.other;
}

function fill(
  text: string,
  { message, speech, formatHint, command }: {
    readonly message: MessageData;
    readonly speech: Speech;
    readonly formatHint: FormatHint;
    readonly command: string | undefined;
  },
): string {
  const show = (item: ListItem | number): string =>
    typeof item === "object" ? formatMessage(item, speech, formatHint) : String(item);
  return text.replaceAll(/\{(\w+)(?::(\w+))?\}/g, (whole, name: string, format: string | undefined) => {
    if (name === "command" && command !== undefined) return command;
    const value: Value | undefined = message.values[name];
    if (value === undefined) return whole;
    if (isList(value)) return joinList(value.map(show), format, speech);
    if (typeof value === "number" && format === "bytes") return formatBytes(value, speech);
    if (typeof value === "number" && format === "span") return formatSpan(value, speech);
    return show(value);
  });
}

function isList(value: Value): value is readonly ListItem[] {
  return Array.isArray(value);
}

function joinList(items: readonly string[], format: string | undefined, { and, or }: Speech): string {
  if (items.length < 2 || format === "list") return items.join(", ");
  return `${items.slice(0, -1).join(", ")} ${format === "or" ? or : and} ${items.at(-1)}`;
}

/** Bytes as people read them: "940 bytes", "1.2 MB"; powers of ten, as file managers and phones count. */
export function formatBytes(bytes: number, { bytes: [one, other], decimalPoint }: Speech): string {
  if (bytes < 1_000) return `${bytes} ${bytes === 1 ? one : other}`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1_000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000;
    unit++;
  }
  const digits = value >= 9.95 ? value.toFixed(0) : value.toFixed(1);
  return `${digits.replace(".", decimalPoint)} ${units[unit]}`;
}

const SPAN_UNITS = [["day", 86_400_000], ["hour", 3_600_000], ["minute", 60_000], ["second", 1_000]] as const;

/** Milliseconds in the largest unit of which there are at least two, such as "90 minutes"; never less than one second. */
export function formatSpan(ms: number, { units }: Speech): string {
  const [unit, unitMs] = SPAN_UNITS.find(([, each]) => ms >= 2 * each) ?? SPAN_UNITS[3];
  const count = Math.max(1, Math.round(ms / unitMs));
  return `${count} ${units[unit][count === 1 ? 0 : 1]}`;
}

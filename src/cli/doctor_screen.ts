/** What `doctor` found, as lines and as a report to paste. Pure. */

import type { DoctorReply, Finding, FindingState } from "../node/vocabulary.ts";
import { safeLine } from "../room/text.ts";
import { ID_CHARS, inChat } from "./how_to.ts";
import type { Shown } from "./output.ts";
import { counted, type Now } from "./screen.ts";
import { wrapped } from "./wrap.ts";

/** In words, because a colour alone says nothing to everybody. */
const MARKS: Readonly<Record<FindingState, string>> = {
  ok: "ok  ",
  warn: "look",
  bad: "BAD ",
  unknown: "?   ",
};
const INDENT = "      ";
/** Where the terminal's width is not known. */
const COLUMNS = 80;

/** All findings, in both forms; in a chat its hints are what is typed there. */
export function doctorShown(reply: DoctorReply, now: Now): Shown {
  // Before lines are broken, so that no hint is cut in two.
  const said = now.isChat === true ? (text: string) => inChat(text) : (text: string) => text;
  const findings = reply.findings.map((one) => ({
    ...one,
    found: said(one.found),
    advice: said(one.advice),
  }));
  return { rows: reply.findings, lines: doctorLines({ ...reply, findings }, now) };
}

/** Every finding with what it means and what to do, and a last line that counts them. */
export function doctorLines({ findings }: DoctorReply, now: Now): readonly string[] {
  return [...findings.flatMap((finding) => findingLines(finding, now)), "", summary(findings)];
}

/** For others to read: no token, key, name or text of anybody is in it; ids are shortened, folders left out, addresses kept. */
export function reportLines(reply: DoctorReply, { nowMs }: Pick<Now, "nowMs">): readonly string[] {
  const { id, version, os, findings } = reply;
  const who = id === null ? "not started" : `id ${id.slice(0, ID_CHARS)}…`;
  const notices = findings.filter(({ about, state }) => about === "notice" && state !== "ok");
  const others = findings.filter((finding) => !notices.includes(finding));
  return [
    `earshot ${version} on ${os}, ${who}, ${new Date(nowMs).toISOString()}`,
    ...others.flatMap(({ state, looked, found, commands }) => [
      withoutFolders(`${MARKS[state]}  ${safeLine(looked)}: ${safeLine(found)}`, reply),
      ...commands.map((command) => withoutFolders(`${INDENT}  ${safeLine(command)}`, reply)),
    ]),
    // Their sentences name people and rooms.
    ...notices.length === 0 ? [] : [`${MARKS.warn}  ${counted(notices.length, "trouble")} since the start`],
    summary(findings),
  ];
}

function findingLines(
  { state, looked, found, advice, commands }: Finding,
  { columns, style }: Now,
): readonly string[] {
  const width = (columns ?? COLUMNS) - INDENT.length;
  const head = safeLine(looked);
  const paragraphs = [found, ...advice === "" ? [] : [advice]].map((text) => safeLine(text));
  return [
    `${MARKS[state]}  ${state === "ok" ? head : style.strong(head)}`,
    ...paragraphs.flatMap((text) => wrapped(text, width).map((line) => INDENT + line)),
    // To be copied, so never broken.
    ...commands.map((command) => `${INDENT}  ${safeLine(command)}`),
  ];
}

function summary(findings: readonly Finding[]): string {
  const count = (state: FindingState) => findings.filter((finding) => finding.state === state).length;
  const [bad, warn, unknown] = [count("bad"), count("warn"), count("unknown")];
  if (bad + warn === 0) {
    return unknown === 0
      ? "Nothing is wrong."
      : `Nothing is known to be wrong; ${unknown} could not be told.`;
  }
  return `${bad} bad, ${warn} to look at, ${unknown} not known.`;
}

/** A home's path names its user. */
function withoutFolders(line: string, { home, program }: DoctorReply): string {
  return line.replaceAll(home, "HOME").replaceAll(program, "PROGRAM");
}

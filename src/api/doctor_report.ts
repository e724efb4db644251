/** What `doctor` found, as text to paste where others read: from the terminal and from the page. Pure, without imports of its own, so that the page has it too. */

import type { DoctorReply, Finding, FindingState } from "./commands.ts";

/** In words, because a colour alone says nothing to everybody. */
export const FINDING_MARKS: Readonly<Record<FindingState, string>> = {
  ok: "ok  ",
  warn: "warn",
  bad: "BAD ",
  unknown: "?   ",
};
/** What a command stands behind. */
const INDENT = "        ";
/** Of an id: enough to tell two apart. */
const ID_CHARS = 8;

/** No token, key, name or text of anybody is in it; ids are shortened, folders left out, addresses kept. */
export function formatReport(reply: DoctorReply, nowMs: number): readonly string[] {
  const { id, version, os, findings } = reply;
  const who = id === null ? "not started" : `id ${id.slice(0, ID_CHARS)}…`;
  const notices = findings.filter(({ about, state }) => about === "notice" && state !== "ok");
  const others = findings.filter((finding) => !notices.includes(finding));
  const troubles = notices.length === 1 ? "1 trouble" : `${notices.length} troubles`;
  return [
    `earshot ${version} on ${os}, ${who}, ${new Date(nowMs).toISOString()}`,
    ...others.flatMap(({ state, looked, found, commands }) => [
      withoutFolders(`${FINDING_MARKS[state]}  ${looked}: ${found}`, reply),
      ...commands.map((command) => withoutFolders(INDENT + command, reply)),
    ]),
    // Their sentences name people and rooms.
    ...notices.length === 0 ? [] : [`${FINDING_MARKS.warn}  ${troubles} since the start`],
    summarizeFindings(findings),
  ];
}

/** One sentence that counts them. */
export function summarizeFindings(findings: readonly Finding[]): string {
  const count = (state: FindingState) => findings.filter((finding) => finding.state === state).length;
  const [bad, warn, unknown] = [count("bad"), count("warn"), count("unknown")];
  const checks = unknown === 0 ? "" : ` ${formatCount(unknown, "check")} could not be made.`;
  if (bad + warn === 0) return `No problems.${checks}`;
  const problems = bad === 0 ? "No problems" : formatCount(bad, "problem");
  return `${problems}, ${formatCount(warn, "warning")}.${checks}`;
}

function formatCount(count: number, what: string): string {
  return `${count === 0 ? "no" : count} ${what}${count === 1 ? "" : "s"}`;
}

/** A home's path names its user. */
function withoutFolders(line: string, { home, program }: DoctorReply): string {
  return line.replaceAll(home, "HOME").replaceAll(program, "PROGRAM");
}

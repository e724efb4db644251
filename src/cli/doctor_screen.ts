/** What `doctor` found, as lines and as a report to paste. Pure. */

import { FINDING_MARKS, findingsSummary, reportLines } from "../node/doctor_report.ts";
import type { DoctorReply, Finding } from "../node/vocabulary.ts";
import { safeLine } from "../room/text.ts";
import { inChat } from "./how_to.ts";
import type { Shown } from "./output.ts";
import type { Now } from "./screen.ts";
import { wrapped } from "./wrap.ts";

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
  return [...findings.flatMap((finding) => findingLines(finding, now)), "", findingsSummary(findings)];
}

/** For others to read: see node/doctor_report.ts. */
export function doctorReport(reply: DoctorReply, { nowMs }: Pick<Now, "nowMs">): readonly string[] {
  return reportLines(reply, nowMs).map((line) => safeLine(line));
}

function findingLines(
  { state, looked, found, advice, commands }: Finding,
  { columns, style }: Now,
): readonly string[] {
  const width = (columns ?? COLUMNS) - INDENT.length;
  const head = safeLine(looked);
  const paragraphs = [found, ...advice === "" ? [] : [advice]].map((text) => safeLine(text));
  return [
    `${FINDING_MARKS[state]}  ${state === "ok" ? head : style.strong(head)}`,
    ...paragraphs.flatMap((text) => wrapped(text, width).map((line) => INDENT + line)),
    // To be copied, so never broken.
    ...commands.map((command) => `${INDENT}  ${safeLine(command)}`),
  ];
}

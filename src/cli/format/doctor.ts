/** What `doctor` found, as lines and as a report to paste. Pure. */

import { formatForChat, joinMessages } from "../../messages/format_message.ts";
import { FINDING_MARKS, formatReport, summarizeFindings } from "../../api/doctor_report.ts";
import type { DoctorReply, Finding } from "../../api/commands.ts";
import { sanitizeLine } from "../../text/sanitize.ts";
import type { Printable } from "./output.ts";
import type { FormatContext } from "./entries.ts";
import { wrapText } from "./wrap.ts";

const INDENT = "      ";
/** Where the terminal's width is not known. */
const COLUMNS = 80;

/** All findings, in both forms; in a chat its hints are what is typed there. */
export function formatDoctorReply(reply: DoctorReply, context: FormatContext): Printable {
  // Before lines are broken, so that no hint is cut in two.
  const findings = reply.findings.map((one) =>
    context.isChat === true && one.messages !== undefined
      ? {
        ...one,
        found: joinMessages(one.messages.found, formatForChat),
        advice: joinMessages(one.messages.advice, formatForChat),
      }
      : one
  );
  return { rows: reply.findings, lines: formatDoctor({ ...reply, findings }, context) };
}

/** Every finding with what it means and what to do, and a last line that counts them. */
export function formatDoctor({ findings }: DoctorReply, context: FormatContext): readonly string[] {
  return [...findings.flatMap((finding) => findingLines(finding, context)), "", summarizeFindings(findings)];
}

/** For others to read: see node/doctor_report.ts. */
export function formatDoctorReport(
  reply: DoctorReply,
  { nowMs }: Pick<FormatContext, "nowMs">,
): readonly string[] {
  return formatReport(reply, nowMs).map((line) => sanitizeLine(line));
}

function findingLines(
  { state, looked, found, advice, commands }: Finding,
  { columns, style }: FormatContext,
): readonly string[] {
  const width = (columns ?? COLUMNS) - INDENT.length;
  const head = sanitizeLine(looked);
  const paragraphs = [found, ...advice === "" ? [] : [advice]].map((text) => sanitizeLine(text));
  return [
    `${FINDING_MARKS[state]}  ${state === "ok" ? head : style.strong(head)}`,
    ...paragraphs.flatMap((text) => wrapText(text, width).map((line) => INDENT + line)),
    // To be copied, so never broken.
    ...commands.map((command) => `${INDENT}  ${sanitizeLine(command)}`),
  ];
}

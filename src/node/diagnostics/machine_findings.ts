/** Findings about this machine itself: its clock, its disk, its home, and what was found damaged there. Pure. */

import { message } from "../../messages/message.ts";
import { toFinding } from "../../api/findings.ts";
import type { CheckupFacts, HomeFacts } from "./checkup_facts.ts";
import type { Finding } from "../../api/commands.ts";

/** Clocks may differ by so much before times in conversations mislead. */
const CLOCK_MS_MAX = 2 * 60_000;
/** Below this a long conversation may fill the disk; below the second nothing can be relied on. */
const FREE_BYTES_FEW = 64 * 1024 * 1024;
const FREE_BYTES_NONE = 1024 * 1024;
/** Bits by which others than the owner may read or change something. */
const OTHERS_BITS = 0o077;

/** Findings about the machine. */
export function machineFindings(facts: CheckupFacts): readonly Finding[] {
  return [clockFinding(facts), ...homeFindings(facts.home, facts.os), ...noticeFindings(facts)];
}

function clockFinding({ asked }: CheckupFacts): Finding {
  const about = "clock";
  const looked = message("looked.clock");
  const leads = asked.flatMap(({ answer }) =>
    answer === null || answer === "no-session" ? [] : [answer.leadMs]
  );
  const median = medianOf(leads);
  if (median === null) {
    return toFinding({ about, looked, state: "unknown", found: [message("doctor.clock-alone")] });
  }
  const count = leads.length;
  if (Math.abs(median) <= CLOCK_MS_MAX) {
    return toFinding({ about, looked, state: "ok", found: [message("doctor.clock-agrees", { count })] });
  }
  const code = median > 0 ? "doctor.clock-behind" : "doctor.clock-ahead";
  return toFinding({
    about,
    looked,
    state: "warn",
    found: [message(code, { count, time: Math.abs(median) }), message("doctor.clock-harm")],
    advice: [message("advice.clock")],
  });
}

function homeFindings(home: HomeFacts, os: string): readonly Finding[] {
  return [writableFinding(home), ...spaceFindings(home), ...permissionFindings(home, os)];
}

function writableFinding({ folder, problem }: HomeFacts): Finding {
  const about = "home";
  const looked = message("looked.home", { folder });
  if (problem === null) return toFinding({ about, looked, state: "ok", found: [message("doctor.home-ok")] });
  return toFinding({
    about,
    looked,
    state: "bad",
    found: [message(`doctor.home-${problem}`)],
    advice: [message(`advice.home-${problem}`)],
  });
}

function spaceFindings({ freeBytes }: HomeFacts): readonly Finding[] {
  if (freeBytes === null) return [];
  const about = "home";
  const looked = message("looked.space");
  const free = Math.floor(freeBytes / (1024 * 1024));
  if (freeBytes >= FREE_BYTES_FEW) {
    return [toFinding({ about, looked, state: "ok", found: [message("doctor.space", { free })] })];
  }
  return [toFinding({
    about,
    looked,
    state: freeBytes < FREE_BYTES_NONE ? "bad" : "warn",
    found: [message("doctor.space-low", { free })],
    advice: [message("advice.home-full")],
  })];
}

function permissionFindings({ folder, mode }: HomeFacts, os: string): readonly Finding[] {
  if (mode === null || os === "windows") return [];
  const about = "home";
  const looked = message("looked.permissions");
  if ((mode & OTHERS_BITS) === 0) {
    return [toFinding({ about, looked, state: "ok", found: [message("doctor.permissions-ok")] })];
  }
  return [toFinding({
    about,
    looked,
    state: "warn",
    found: [message("doctor.permissions-open", { mode: mode.toString(8) })],
    advice: [message("advice.permissions")],
    commands: [`chmod 700 '${folder.replaceAll("'", `'\\''`)}'`],
  })];
}

function noticeFindings({ notices, startProblem }: CheckupFacts): readonly Finding[] {
  if (startProblem !== null) return [];
  const about = "notice";
  if (notices.length === 0) {
    const found = [message("doctor.no-notices")];
    return [toFinding({ about, looked: message("looked.notices"), state: "ok", found })];
  }
  return notices.map((notice) =>
    toFinding({
      about,
      looked: message("looked.notice"),
      state: "warn",
      found: [message("doctor.sentence", { text: notice })],
    })
  );
}

/** Null of nothing; of an even number the lower of the two in the middle, which is a value that somebody has. */
function medianOf(values: readonly number[]): number | null {
  return values.toSorted((left, right) => left - right)[Math.floor((values.length - 1) / 2)] ?? null;
}

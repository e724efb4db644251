/** Findings about this machine itself: its clock, its disk, its home, and what was found damaged there. Pure. */

import type { DiskReason } from "../../errors.ts";
import type { CheckupFacts, HomeFacts } from "./checkup_facts.ts";
import type { Finding } from "../../api/commands.ts";

/** Above this difference of clocks, times in conversations mislead. */
const CLOCK_MS_MAX = 2 * 60_000;
/** Free bytes: below the first a long conversation may fill the disk, below the second any write may fail. */
const FREE_BYTES_FEW = 64 * 1024 * 1024;
const FREE_BYTES_NONE = 1024 * 1024;
/** Permission bits for others than the owner. */
const OTHERS_BITS = 0o077;

/** Findings about the machine. */
export function machineFindings(facts: CheckupFacts): readonly Finding[] {
  return [clockFinding(facts), ...homeFindings(facts.home, facts.os), ...noticeFindings(facts)];
}

function clockFinding({ asked }: CheckupFacts): Finding {
  const about = "clock";
  const looked = "Clock";
  const leads = asked.flatMap(({ answer }) =>
    answer === null || answer === "no-session" ? [] : [answer.leadMs]
  );
  const median = medianOf(leads);
  if (median === null) {
    const found = "Nobody is here to compare it with.";
    return { about, looked, state: "unknown", found, advice: "", commands: [] };
  }
  const others = leads.length === 1 ? "one other's" : `the clocks of ${leads.length} others`;
  if (Math.abs(median) <= CLOCK_MS_MAX) {
    return { about, looked, state: "ok", found: `It agrees with ${others}.`, advice: "", commands: [] };
  }
  const whose = leads.length === 1 ? " One of the two is wrong." : " This one is likely wrong.";
  return {
    about,
    looked,
    state: "warn",
    found: `It is ${durationText(Math.abs(median))} ${
      median > 0 ? "behind" : "ahead of"
    } ${others}.${whose} Nothing is lost by that, but times are shown wrongly.`,
    advice: "Set the time and the time zone of this device.",
    commands: [],
  };
}

function homeFindings(home: HomeFacts, os: string): readonly Finding[] {
  return [writableFinding(home), ...spaceFindings(home), ...permissionFindings(home, os)];
}

function writableFinding({ folder, problem }: HomeFacts): Finding {
  const about = "home";
  const looked = `Home ${folder}`;
  if (problem === null) {
    return { about, looked, state: "ok", found: "It can be written to.", advice: "", commands: [] };
  }
  const [found, advice] = PROBLEMS[problem];
  return { about, looked, state: "bad", found, advice, commands: [] };
}

const PROBLEMS: Readonly<Record<DiskReason, readonly [found: string, advice: string]>> = {
  full: ["The disk is full: nothing that is said can be kept.", "Free some space."],
  "read-only": ["The disk is read-only: nothing that is said can be kept.", "Use another place with --home."],
  denied: ["This user may not write there.", "Check whose folder it is, or use another place with --home."],
  exists: ["Something is in the way there.", "Look into the folder, or use another place with --home."],
  missing: ["There is no such folder.", "Start earshot: it makes one."],
  held: ["Another program has a file there open.", "Close that program, such as an editor or a backup."],
  failed: ["Writing there fails.", "Check the disk, or use another place with --home."],
};

function spaceFindings({ freeBytes }: HomeFacts): readonly Finding[] {
  if (freeBytes === null) return [];
  const about = "home";
  const looked = "Disk space";
  const mib = Math.floor(freeBytes / (1024 * 1024));
  if (freeBytes >= FREE_BYTES_FEW) {
    return [{ about, looked, state: "ok", found: `${mib} MiB are free.`, advice: "", commands: [] }];
  }
  return [{
    about,
    looked,
    state: freeBytes < FREE_BYTES_NONE ? "bad" : "warn",
    found: `Only ${mib} MiB are free. What does not get to the disk is neither shown nor passed on.`,
    advice: "Free some space.",
    commands: [],
  }];
}

function permissionFindings({ folder, mode }: HomeFacts, os: string): readonly Finding[] {
  if (mode === null || os === "windows") return [];
  const about = "home";
  const looked = "Permissions of the home";
  if ((mode & OTHERS_BITS) === 0) {
    return [{ about, looked, state: "ok", found: "Only you can look into it.", advice: "", commands: [] }];
  }
  return [{
    about,
    looked,
    state: "warn",
    found: `Other users of this machine may look into it (mode ${mode.toString(8)}). It holds what was said.`,
    advice: "Keep it to yourself:",
    commands: [`chmod 700 '${folder.replaceAll("'", `'\\''`)}'`],
  }];
}

function noticeFindings({ notices, startProblem }: CheckupFacts): readonly Finding[] {
  if (startProblem !== null) return [];
  const about = "notice";
  const looked = "Troubles since the start";
  if (notices.length === 0) {
    const found = "None: no damaged file was found.";
    return [{ about, looked, state: "ok", found, advice: "", commands: [] }];
  }
  return notices.map((text) => ({
    about,
    looked: "Trouble since the start",
    state: "warn",
    found: /[.!?]$/.test(text) ? text : `${text}.`,
    advice: "",
    commands: [],
  }));
}

/** The median: the lower of the two middle values of an even number, so that it is a real value; null without values. */
function medianOf(values: readonly number[]): number | null {
  return values.toSorted((left, right) => left - right)[Math.floor((values.length - 1) / 2)] ?? null;
}

function durationText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}

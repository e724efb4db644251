/** What follows from a checkup. Pure: facts in, findings out. What cannot be proved is called likely. */

import { message } from "../../messages/message.ts";
import { toFinding } from "../../api/findings.ts";
import type { CheckupFacts } from "./checkup_facts.ts";
import { machineFindings } from "./machine_findings.ts";
import { networkFindings } from "./network_findings.ts";
import { reachFindings } from "./reachability_findings.ts";
import type { Finding } from "../../api/commands.ts";

/** All findings, in the order in which things depend on each other: a network, then ports, then others, then this machine. */
export function diagnose(facts: CheckupFacts): readonly Finding[] {
  return [
    ...startFindings(facts),
    ...networkFindings(facts),
    ...reachFindings(facts),
    ...machineFindings(facts),
  ];
}

function startFindings({ startProblem }: CheckupFacts): readonly Finding[] {
  if (startProblem === null) return [];
  return [toFinding({
    about: "start",
    looked: message("looked.start"),
    state: "bad",
    found: [message("doctor.sentence", { text: startProblem })],
    advice: [message("doctor.without-node")],
  })];
}

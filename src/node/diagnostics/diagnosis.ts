/** The diagnosis of a checkup. Pure: facts in, findings out. Unproved findings are called likely. */

import type { CheckupFacts } from "./checkup_facts.ts";
import { machineFindings } from "./machine_findings.ts";
import { networkFindings } from "./network_findings.ts";
import { reachFindings } from "./reachability_findings.ts";
import type { Finding } from "../../api/commands.ts";

/** All findings, in the order of their dependencies: network, ports, other peers, this machine. */
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
  return [{
    about: "start",
    looked: "Starting earshot",
    state: "bad",
    found: `${startProblem}.`,
    advice: "What else is shown here was looked at without a node; what needs one is not known.",
    commands: [],
  }];
}

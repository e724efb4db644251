/** Findings about getting to this device: its ports, what others say of it, and the firewall. Pure. */

import { hintAt } from "../../messages/command_names.ts";
import { type Message, message } from "../../messages/message.ts";
import type { NetworkReason } from "../../errors.ts";
import { type FindingDraft, toFinding } from "../../api/findings.ts";
import { classifyInterface, findBroadcastAddress } from "../../discovery/destinations.ts";
import type { FirewallKind, PortHolder } from "../../ports/system.ts";
import type { CheckupFacts, PortFacts } from "./checkup_facts.ts";
import { formatFirewallCommands, SESSION_PORTS_ADVISED } from "./firewall_commands.ts";
import type { ReachabilityAnswer } from "../peers/reachability.ts";
import type { Finding } from "../../api/commands.ts";

/** Findings about being reached. */
export function reachFindings(facts: CheckupFacts): readonly Finding[] {
  return [
    discoveryPortFinding(facts.discoveryPort),
    rendezvousPortFinding(facts.rendezvousPort),
    reachedFinding(facts),
    ...heardFindings(facts),
    firewallFinding(facts),
    ...publicFindings(facts),
    ...localNetworkFindings(facts),
  ];
}

function discoveryPortFinding({ wanted, problem, holder }: PortFacts): Finding {
  const about = "discovery-port";
  const looked = message("looked.discovery-port", { port: wanted });
  if (problem === null) {
    return toFinding({ about, looked, state: "ok", found: [message("doctor.port-open")] });
  }
  return toFinding({
    about,
    looked,
    state: "warn",
    found: [describePortProblem(problem, holder), message("doctor.found-only-asking")],
    advice: [message("advice.other-discovery-port")],
  });
}

function rendezvousPortFinding({ wanted, open, problem, holder }: PortFacts): Finding {
  const about = "rendezvous-port";
  const looked = message("looked.rendezvous-port", { port: wanted });
  if (problem === null) {
    return toFinding({ about, looked, state: "ok", found: [message("doctor.port-open")] });
  }
  const found = describePortProblem(problem, holder);
  if (open === null) {
    return toFinding({ about, looked, state: "bad", found: [found], advice: [message("advice.other-port")] });
  }
  return toFinding({
    about,
    looked,
    state: "warn",
    found: [found, message("doctor.port-instead", { port: open })],
    advice: [message("advice.name-port", {}, hintAt("connect", "ADDRESS", String(open)))],
  });
}

function describePortProblem(problem: NetworkReason, holder: PortHolder | null): Message {
  if (problem === "forbidden") return message("port-problem.forbidden");
  if (problem !== "taken") return message("port-problem.other", { problem });
  return holder === null ? message("port-problem.taken") : message("port-problem.taken-by", { ...holder });
}

function reachedFinding({ asked, startProblem }: CheckupFacts): Finding {
  const about = "reached";
  const looked = message("looked.reached");
  const reached = asked.filter(({ answer }) => isAnswer(answer) && answer.outcome === "reached");
  const peers = reached.map(({ who }) => who);
  const failures = asked.flatMap(({ who: peer, answer }) =>
    isAnswer(answer) && answer.outcome !== "reached" ? [message(`outcome.${answer.outcome}`, { peer })] : []
  );
  if (reached.length > 0 && failures.length === 0) {
    return toFinding({ about, looked, state: "ok", found: [message("doctor.reached", { peers })] });
  }
  if (failures.length > 0 && reached.length > 0) {
    const found = [
      message("doctor.reached-by-some", { failures }),
      message("doctor.something-between", { peers }),
    ];
    return toFinding({ about, looked, state: "warn", found });
  }
  if (failures.length > 0) {
    return toFinding({
      about,
      looked,
      state: "bad",
      found: [message("doctor.not-reached", { failures }), message("doctor.tcp-refused")],
      advice: [message("advice.see-firewall")],
    });
  }
  const unmet = asked.filter(({ answer }) => answer === "no-session").map(({ who }) => who);
  const found = startProblem !== null
    ? message("doctor.nobody-asked")
    : unmet.length > 0
    ? message("doctor.no-session", { peers: unmet })
    : asked.length > 0
    ? message("doctor.no-say", { peers: asked.map(({ who }) => who) })
    : message("doctor.nobody-to-ask");
  return toFinding({ about, looked, state: "unknown", found: [found] });
}

function heardFindings({ asked }: CheckupFacts): readonly Finding[] {
  const answers = asked.map(({ answer }) => answer).filter(isAnswer);
  if (answers.length === 0) return [];
  const about = "heard";
  const looked = message("looked.heard");
  const lost = answers.filter(({ hears }) => !hears).length;
  if (lost === 0) {
    return [toFinding({ about, looked, state: "ok", found: [message("doctor.beacons-arrive")] })];
  }
  return [toFinding({
    about,
    looked,
    state: "warn",
    found: [message("doctor.beacons-lost", { lost, asked: answers.length })],
    advice: [message("advice.beacons-lost")],
  })];
}

function firewallFinding(facts: CheckupFacts): Finding {
  const { discovery, asked, firewalls } = facts;
  const about = "firewall";
  const looked = message("looked.firewall");
  const real = (discovery?.interfaces ?? []).filter(({ kind }) => kind === "real");
  const isDeaf = facts.discoveryPort.problem === null &&
    real.some(({ isEchoHeard, hellosCount, openProblem }) =>
      openProblem === null && hellosCount > 1 && !isEchoHeard
    );
  const outcomes = asked.map(({ answer }) => answer).filter(isAnswer).map(({ outcome }) => outcome);
  // A peer that got in has passed the firewall; whatever stopped others is somewhere else.
  const isShut = outcomes.length > 0 && !outcomes.includes("reached");
  if (!isShut && !isDeaf && outcomes.length > 0) {
    return toFinding({ about, looked, state: "ok", found: [message("doctor.firewall-open")] });
  }
  const on = firewalls.length === 0
    ? message("doctor.no-firewall")
    : message("doctor.firewall-on", { firewalls: firewalls.map((kind) => message(`firewall.${kind}`)) });
  if (!isShut && !isDeaf) {
    const advice = firewalls.length === 0 ? {} : openings(facts, message("advice.let-in-if"));
    return toFinding({ about, looked, state: "unknown", found: [on], ...advice });
  }
  const drops = isDeaf
    ? message("doctor.drops-udp", { port: facts.discoveryPort.wanted })
    : message("doctor.drops-tcp");
  return toFinding({
    about,
    looked,
    state: "bad",
    found: [drops, on],
    ...openings(facts, message("advice.let-in")),
  });
}

/** How to open it. Where no firewall is known to be on, the lines of those that the system may have. */
function openings(facts: CheckupFacts, first: Message): Required<Pick<FindingDraft, "advice" | "commands">> {
  const { os, program, firewalls, discoveryPort, rendezvousPort, sessionPorts, networks } = facts;
  const kinds = firewalls.length > 0 ? firewalls : POSSIBLE[os] ?? [];
  const given = {
    program,
    discoveryPort: discoveryPort.wanted,
    rendezvousPort: rendezvousPort.open ?? rendezvousPort.wanted,
    sessionPorts: sessionPorts ?? SESSION_PORTS_ADVISED,
    networks: networks.filter((network) => classifyInterface(network) === "real"),
  };
  const hasPorts = kinds.some((kind) => kind !== "macos");
  const range = sessionPorts !== null || !hasPorts
    ? []
    : [message("advice.session-ports", { ...SESSION_PORTS_ADVISED })];
  const admin = kinds.includes("windows")
    ? [message("advice.take-back-block"), message("advice.as-admin")]
    : [];
  return {
    advice: [first, ...range, ...admin],
    commands: kinds.flatMap((kind) => formatFirewallCommands(kind, given)),
  };
}

const POSSIBLE: Readonly<Record<string, readonly FirewallKind[]>> = {
  linux: ["ufw", "firewalld"],
  darwin: ["macos"],
  windows: ["windows"],
};

function publicFindings({ os, isNetworkPublic }: CheckupFacts): readonly Finding[] {
  if (isNetworkPublic === null && os !== "windows") return [];
  const about = "public-profile";
  const looked = message("looked.public-profile");
  if (isNetworkPublic === null) {
    return [toFinding({ about, looked, state: "unknown", found: [message("doctor.profile-unknown")] })];
  }
  if (!isNetworkPublic) {
    return [toFinding({ about, looked, state: "ok", found: [message("doctor.private")] })];
  }
  return [toFinding({
    about,
    looked,
    state: "warn",
    found: [message("doctor.public")],
    advice: [message("advice.public")],
  })];
}

/**
 * macOS 15 and later ask the user before a program may use the local network; what the user refused fails as unreachable.
 * Apple's Terminal is not asked; agents and other terminals are (Apple, TN3179: Understanding local network privacy).
 */
function localNetworkFindings({ os, discovery }: CheckupFacts): readonly Finding[] {
  const real = (discovery?.interfaces ?? []).filter(({ kind }) => kind === "real");
  const isRefused = os === "darwin" && real.length > 0 &&
    real.every(({ network, problems }) =>
      problems.some(({ address, reason }) =>
        reason === "unreachable" && address === findBroadcastAddress(network)
      )
    );
  if (!isRefused) return [];
  return [toFinding({
    about: "firewall",
    looked: message("looked.local-network"),
    state: "bad",
    found: [message("doctor.local-network")],
    advice: [message("advice.local-network")],
  })];
}

function isAnswer(answer: ReachabilityAnswer | "no-session" | null): answer is ReachabilityAnswer {
  return answer !== null && answer !== "no-session";
}

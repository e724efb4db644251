/** Findings about whether others reach this device: its ports, the answers of peers, and the firewall. Pure. */

import { classifyInterface, findBroadcastAddress } from "../../discovery/destinations.ts";
import type { FirewallKind, PortHolder } from "../../ports/system.ts";
import type { CheckupFacts, PortFacts } from "./checkup_facts.ts";
import { formatFirewallCommands, SESSION_PORTS_ADVISED } from "./firewall_commands.ts";
import type { ReachabilityAnswer } from "../peers/reachability.ts";
import type { Finding } from "../../api/commands.ts";

const FIREWALLS: Readonly<Record<FirewallKind, string>> = {
  ufw: "ufw",
  firewalld: "firewalld",
  macos: "the macOS firewall",
  windows: "Windows Defender Firewall",
};

/** Findings about reachability. */
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
  const looked = `UDP port ${wanted}, for finding others`;
  if (problem === null) {
    return { about, looked, state: "ok", found: "It is open here.", advice: "", commands: [] };
  }
  return {
    about,
    looked,
    state: "warn",
    found: `${whyNot(problem, holder)}. This device finds others, but others find it only when it asks.`,
    advice: `End that program, or use another port on all devices: --discovery-port.`,
    commands: [],
  };
}

function rendezvousPortFinding({ wanted, open, problem, holder }: PortFacts): Finding {
  const about = "rendezvous-port";
  const looked = `TCP port ${wanted}, where others come in`;
  if (problem === null) {
    return { about, looked, state: "ok", found: "It is open here.", advice: "", commands: [] };
  }
  if (open === null) {
    const advice = "End that program, or choose another port with --port.";
    return { about, looked, state: "bad", found: `${whyNot(problem, holder)}.`, advice, commands: [] };
  }
  return {
    about,
    looked,
    state: "warn",
    found: `${
      whyNot(problem, holder)
    }; earshot waits at TCP port ${open} instead. Others who find this device know that.`,
    advice: `Whoever connects by address has to name the port: earshot connect ADDRESS ${open}`,
    commands: [],
  };
}

function whyNot(problem: PortFacts["problem"], holder: PortHolder | null): string {
  if (problem === "taken") {
    return holder === null
      ? "Another program has it; the system does not tell which"
      : `Another program has it: ${holder.program}, process ${holder.pid}`;
  }
  return problem === "forbidden" ? "This system does not allow it" : `It cannot be opened (${problem})`;
}

function reachedFinding({ asked, startProblem }: CheckupFacts): Finding {
  const about = "reached";
  const looked = "Reached from other devices";
  const reached = asked.filter(({ answer }) => isAnswer(answer) && answer.outcome === "reached");
  const missed = asked.filter(({ answer }) => isAnswer(answer) && answer.outcome !== "reached");
  const unmet = asked.filter(({ answer }) => answer === "no-session");
  if (reached.length > 0 && missed.length === 0) {
    return {
      about,
      looked,
      state: "ok",
      found: `Yes: ${listOf(reached.map(({ who }) => who))} knocked and got in.`,
      advice: "",
      commands: [],
    };
  }
  const how = listOf(
    missed.map(({ who, answer }) => `${who} ${isAnswer(answer) ? OUTCOMES[answer.outcome] : ""}`),
  );
  if (missed.length > 0 && reached.length > 0) {
    const yes = listOf(reached.map(({ who }) => who));
    const found = `Not by all: ${how}. ${yes} got in, so it is likely something on the way.`;
    return { about, looked, state: "warn", found, advice: "", commands: [] };
  }
  if (missed.length > 0) {
    return {
      about,
      looked,
      state: "bad",
      found: `No: ${how}. A firewall of this device likely refuses TCP. Others can only be called from here.`,
      advice: 'See "Firewall of this device" below.',
      commands: [],
    };
  }
  const found = startProblem !== null
    ? "Nobody could be asked, because earshot does not run."
    : unmet.length > 0
    ? `Not known: ${
      listOf(unmet.map(({ who }) => who))
    } is heard, but cannot be connected to from here; a firewall there, or on the way, likely refuses TCP.`
    : asked.length > 0
    ? `Not known: ${listOf(asked.map(({ who }) => who))} did not say; an earlier version of earshot cannot.`
    : "Not known: nobody on another device is here who could be asked to try.";
  return { about, looked, state: "unknown", found, advice: "", commands: [] };
}

const OUTCOMES: Readonly<Record<ReachabilityAnswer["outcome"], string>> = {
  reached: "got in",
  refused: "was refused",
  silent: "got no answer",
  unreachable: "found no way here",
  failed: "did not get through",
};

function heardFindings({ asked }: CheckupFacts): readonly Finding[] {
  const answers = asked.map(({ answer }) => answer).filter(isAnswer);
  if (answers.length === 0) return [];
  const about = "heard";
  const looked = "Own beacons at others";
  const heardCount = answers.filter(({ hears }) => hears).length;
  if (heardCount === answers.length) {
    return [{ about, looked, state: "ok", found: "They arrive.", advice: "", commands: [] }];
  }
  return [{
    about,
    looked,
    state: "warn",
    found: `${
      answers.length - heardCount
    } of ${answers.length} who were asked do not hear our beacons: something on the way, or a firewall there, drops UDP.`,
    advice: "They can connect by address all the same, and a room finds its way by those whom both reach.",
    commands: [],
  }];
}

function firewallFinding(facts: CheckupFacts): Finding {
  const { discovery, asked, firewalls } = facts;
  const about = "firewall";
  const looked = "Firewall of this device";
  const real = (discovery?.interfaces ?? []).filter(({ kind }) => kind === "real");
  const isDeaf = facts.discoveryPort.problem === null &&
    real.some(({ isEchoHeard, hellosCount, openProblem }) =>
      openProblem === null && hellosCount > 1 && !isEchoHeard
    );
  const outcomes = asked.map(({ answer }) => answer).filter(isAnswer).map(({ outcome }) => outcome);
  // A peer got through the firewall; the others were stopped elsewhere.
  const isShut = outcomes.length > 0 && !outcomes.includes("reached");
  if (!isShut && !isDeaf && outcomes.length > 0) {
    return { about, looked, state: "ok", found: "It lets earshot through.", advice: "", commands: [] };
  }
  const on = firewalls.length === 0
    ? "None that earshot knows how to ask (ufw, firewalld, macOS, Windows) is switched on; rules of other kinds are not looked at"
    : `${listOf(firewalls.map((kind) => FIREWALLS[kind]))} ${
      firewalls.length === 1 ? "is" : "are"
    } switched on`;
  if (!isShut && !isDeaf) {
    return {
      about,
      looked,
      state: "unknown",
      found: `${on}.`,
      ...firewalls.length === 0
        ? { advice: "", commands: [] }
        : openings(facts, "If others do not find this device, let"),
    };
  }
  return {
    about,
    looked,
    state: "bad",
    found: `Something here likely drops ${isDeaf ? `UDP port ${facts.discoveryPort.wanted}` : "TCP"}. ${on}.`,
    ...openings(facts, "Let"),
  };
}

/** How to open the firewall. If none is known to be on, the commands for those that the system may have. */
function openings(facts: CheckupFacts, beginning: string): Pick<Finding, "advice" | "commands"> {
  const { os, program, firewalls, discoveryPort, rendezvousPort, sessionPorts, networks } = facts;
  const kinds = firewalls.length > 0 ? firewalls : POSSIBLE[os] ?? [];
  const given = {
    program,
    discoveryPort: discoveryPort.wanted,
    rendezvousPort: rendezvousPort.open ?? rendezvousPort.wanted,
    sessionPorts: sessionPorts ?? SESSION_PORTS_ADVISED,
    networks: networks.filter((network) => classifyInterface(network) === "real"),
  };
  const { from, to } = SESSION_PORTS_ADVISED;
  const hasPorts = kinds.some((kind) => kind !== "macos");
  const block = kinds.includes("windows")
    ? " Windows blocks earshot if its first question was cancelled, and that wins over all that is allowed later: the first line takes it back."
    : "";
  const range = sessionPorts !== null || !hasPorts
    ? ""
    : ` Start it with --session-ports ${from}-${to} then, so that only these ports need to be open.`;
  const admin = kinds.includes("windows") ? " In a terminal that runs as administrator:" : "";
  return {
    advice: `${beginning} earshot in.${range}${block}${admin}`,
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
  const looked = "Network profile of Windows";
  if (isNetworkPublic === null) {
    const found = "Not known: PowerShell did not tell.";
    return [{ about, looked, state: "unknown", found, advice: "", commands: [] }];
  }
  if (!isNetworkPublic) {
    return [{ about, looked, state: "ok", found: "The network is a private one.", advice: "", commands: [] }];
  }
  return [{
    about,
    looked,
    state: "warn",
    found: "Windows takes this network for a public one, where it lets nobody in.",
    advice:
      'If you trust who is on it, as on your own hotspot: Settings, Network & internet, the network\'s properties, "Private network".',
    commands: [],
  }];
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
  return [{
    about: "firewall",
    looked: "Local network privacy of macOS",
    state: "bad",
    found: "Nothing can be sent on any network. macOS likely keeps this program from the local network.",
    advice:
      "Open System Settings, Privacy & Security, Local Network, and allow earshot, or the terminal that it runs in. Then start it again.",
    commands: [],
  }];
}

function isAnswer(answer: ReachabilityAnswer | "no-session" | null): answer is ReachabilityAnswer {
  return answer !== null && answer !== "no-session";
}

function listOf(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

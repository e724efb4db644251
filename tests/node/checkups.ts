/** What a checkup may have seen, and what follows from it: one table for each thing that is looked at. */

import type { InterfaceStatus } from "../../src/discovery/outlook.ts";
import type { CheckupFacts } from "../../src/node/checkup_facts.ts";
import type { KnockAnswer } from "../../src/node/knocks.ts";
import type { FindingAbout } from "../../src/node/vocabulary.ts";
import { by, network } from "../discovery/cast.ts";

const WLAN = "wlan0 192.168.1.5/24";
const LO = "lo 127.0.0.1/8";
/** Its own, with room in it. */
export const GOOD_HOME = { folder: "/home/ann/earshot", problem: null, freeBytes: 2 ** 33, mode: 0o700 };
const OPEN = { wanted: 9999, open: 9999, problem: null, holder: null };
const DISCOVERY = {
  port: 9999,
  listenProblem: null,
  interfaces: [by(WLAN), by(LO)],
  neighboursCount: 0,
  localsCount: 0,
  gateways: [],
  dropped: { foreign: 0, limited: 0, garbage: 0, forged: 0, otherVersion: 0 },
  doubleAt: null,
};
/** Nothing is wrong, and nobody is there. */
export const WELL: CheckupFacts = {
  os: "linux",
  program: "/usr/bin/earshot",
  startProblem: null,
  networks: [network(WLAN), network(LO)],
  discovery: DISCOVERY,
  discoveryPort: OPEN,
  rendezvousPort: OPEN,
  sessionPorts: null,
  gateways: [{ address: "192.168.1.1", answer: "answers" }],
  asked: [],
  firewalls: [],
  isNetworkPublic: null,
  home: GOOD_HOME,
  notices: [],
};
const IN: KnockAnswer = { outcome: "reached", hears: true, leadMs: 30 };

function wlan(changes: Partial<InterfaceStatus>): Partial<CheckupFacts> {
  const neighboursCount = changes.neighboursCount ?? 0;
  return { discovery: { ...DISCOVERY, neighboursCount, interfaces: [by(WLAN, changes), by(LO)] } };
}

function asked(...answers: readonly (KnockAnswer | "no-session" | null)[]): Partial<CheckupFacts> {
  return { asked: answers.map((answer, index) => ({ who: `10.0.0.${index + 2} (k3fw)`, answer })) };
}

/** Facts that differ from those, and the first finding. */
export type Case = readonly [what: string, changes: Partial<CheckupFacts>, expected: string];

/** Of each case the first finding about it, as "state: found | advice | commands". */
export const CASES: Readonly<Partial<Record<FindingAbout, readonly Case[]>>> = {
  start: [
    ["a node that runs", {}, "none"],
    [
      "no node",
      { startProblem: "Cannot listen on port 9999: another program has it" },
      "bad: Cannot listen on port 9999: another program has it. | What else is shown here was looked at without a node; what needs one is not known.",
    ],
  ],
  network: [
    ["one", {}, "ok: Connected by wlan0 (192.168.1.5/24)."],
    [
      "none",
      { networks: [network(LO)] },
      "bad: This device is not connected to any network, so nobody outside it can be found. | Join a Wi-Fi network, plug in a cable, or start a hotspot.",
    ],
  ],
  interface: [
    ["nobody", {}, "ok: Rank 1, a network of its own. 0 others are heard on it."],
    ["one", wlan({ neighboursCount: 1 }), "ok: Rank 1, a network of its own. One other is heard on it."],
    [
      "not open",
      wlan({ openProblem: "forbidden" }),
      "bad: Rank 1, a network of its own. Nothing can be sent on it (forbidden). | Most likely the link is down, or a firewall or a VPN of this device forbids it.",
    ],
    [
      "broadcast refused",
      wlan({ problems: [{ address: "192.168.1.255", reason: "unreachable" }] }),
      "bad: Rank 1, a network of its own. Nothing can be sent on it (unreachable). | Most likely the link is down, or a firewall or a VPN of this device forbids it.",
    ],
    [
      "the limited broadcast refused, which is normal",
      wlan({ problems: [{ address: "255.255.255.255", reason: "unreachable" }] }),
      "ok: Rank 1, a network of its own. 0 others are heard on it.",
    ],
    [
      "not used",
      { discovery: { ...DISCOVERY, interfaces: [by(LO)] } },
      "ok: Rank 1, a network of its own. This earshot does not use it.",
    ],
    [
      "without a node",
      { discovery: null },
      "unknown: Rank 1, a network of its own. Without a node nothing was sent on it.",
    ],
  ],
  echo: [
    ["heard", {}, "ok: Our own broadcast comes back: this device lets it out and in."],
    [
      "not heard",
      wlan({ isEchoHeard: false }),
      'bad: Our own broadcast does not come back: a firewall of this device likely drops UDP port 9999. | See "Firewall of this device" below.',
    ],
    [
      "too early",
      wlan({ isEchoHeard: false, hellosCount: 1 }),
      "unknown: Too little was sent so far. Ask again in a moment.",
    ],
    [
      "no ears",
      {
        discovery: { ...DISCOVERY, listenProblem: "taken", interfaces: [by(WLAN, { isEchoHeard: false })] },
      },
      "unknown: UDP port 9999 is not open, so no echo can be heard.",
    ],
    [
      "not open",
      wlan({ isEchoHeard: false, openProblem: "unreachable" }),
      "unknown: No broadcast can be sent there, so none comes back.",
    ],
  ],
  gateway: [
    ["answers", {}, "ok: It answers: this device is on the network."],
    [
      "silent",
      { gateways: [{ address: "192.168.1.1", answer: "silent" }] },
      "unknown: It answers nothing, as many routers do. That alone is no trouble.",
    ],
    [
      "absent",
      { gateways: [{ address: "192.168.1.1", answer: "absent" }] },
      "warn: No device has that address now: the access point is out of reach, or this device has not really joined. | Switch Wi-Fi off and on, or go nearer.",
    ],
    [
      "no default route",
      { gateways: [] },
      "ok: There is no default route. That is so on the device that is the hotspot, and earshot needs none.",
    ],
    ["no network", { networks: [network(LO)], gateways: [] }, "none"],
  ],
  isolation: [
    [
      "nobody, and the gateway answers",
      {},
      "warn: Nobody is heard and no other device answers, though the gateway does. If others are on this network, the access point likely keeps devices apart (client isolation), as guest networks do. | Make a hotspot on one of your own devices, and let the others join it.",
    ],
    [
      "somebody",
      wlan({ neighboursCount: 1 }),
      "ok: One other is heard: it does not keep all devices apart.",
    ],
    [
      "devices without earshot",
      wlan({ refusingCount: 2 }),
      "ok: 2 other devices can be reached: it does not keep devices apart. Earshot does not run there.",
    ],
    [
      "still searching",
      wlan({ isSearching: true }),
      "unknown: Nobody is heard so far; the search is not over.",
    ],
    [
      "a silent gateway",
      { gateways: [{ address: "192.168.1.1", answer: "silent" }] },
      "unknown: Nobody is heard, and the gateway does not answer either, so nothing can be told.",
    ],
    ["no node", { discovery: null }, "none"],
  ],
  vpn: [
    ["none", {}, "ok: No interface of a VPN is up."],
    [
      "one",
      { networks: [network(WLAN), network("tun0 10.8.0.2/24"), network("docker0 172.17.0.1/16")] },
      'warn: tun0 (10.8.0.2/24) looks like a VPN. Some let nothing through to the network around you. | If nobody is heard, allow local networks in its settings ("LAN access", "split tunnel"), or switch it off.',
    ],
  ],
  "discovery-port": [
    ["open", {}, "ok: It is open here."],
    [
      "taken by a known program",
      {
        discoveryPort: {
          wanted: 9999,
          open: null,
          problem: "taken",
          holder: { program: "nc", pid: 7 },
        },
      },
      "warn: Another program has it: nc, process 7. This device finds others, but others find it only when it asks. | End that program, or use another port on all devices: --discovery-port.",
    ],
  ],
  "rendezvous-port": [
    ["open", {}, "ok: It is open here."],
    [
      "the next one",
      { rendezvousPort: { wanted: 9999, open: 10_000, problem: "taken", holder: null } },
      "warn: Another program has it; the system does not tell which; earshot waits at TCP port 10000 instead. Others who find this device know that. | Whoever connects by address has to name the port: earshot connect ADDRESS 10000",
    ],
    [
      "none",
      { rendezvousPort: { wanted: 80, open: null, problem: "forbidden", holder: null } },
      "bad: This system does not allow it. | End that program, or choose another port with --port.",
    ],
  ],
  reached: [
    ["nobody to ask", {}, "unknown: Not known: nobody on another device is here who could be asked to try."],
    ["by two", asked(IN, IN), "ok: Yes: 10.0.0.2 (k3fw) and 10.0.0.3 (k3fw) knocked and got in."],
    [
      "an earlier version",
      asked(null),
      "unknown: Not known: 10.0.0.2 (k3fw) did not say; an earlier version of earshot cannot.",
    ],
    [
      "by none",
      asked({ ...IN, outcome: "silent" }),
      'bad: No: 10.0.0.2 (k3fw) got no answer. A firewall of this device likely refuses TCP. Others can only be called from here. | See "Firewall of this device" below.',
    ],
    [
      "by one of two",
      asked({ ...IN, outcome: "unreachable" }, IN),
      "warn: Not by all: 10.0.0.2 (k3fw) found no way here. 10.0.0.3 (k3fw) got in, so it is likely something on the way.",
    ],
    [
      "heard and not met",
      asked("no-session"),
      "unknown: Not known: 10.0.0.2 (k3fw) is heard, but cannot be connected to from here; a firewall there, or on the way, likely refuses TCP.",
    ],
  ],
  heard: [
    ["nobody to ask", {}, "none"],
    ["by all", asked(IN), "ok: They arrive."],
    [
      "by one of two",
      asked(IN, { ...IN, hears: false }),
      "warn: 1 of 2 who were asked do not hear our beacons: something on the way, or a firewall there, drops UDP. | They can connect by address all the same, and a room finds its way by those whom both reach.",
    ],
  ],
  firewall: [
    ["all get in", asked(IN), "ok: It lets earshot through."],
    [
      "nothing known",
      {},
      "unknown: None that earshot knows how to ask (ufw, firewalld, macOS, Windows) is switched on; rules of other kinds are not looked at.",
    ],
    [
      "ufw is on, and nobody can try",
      { firewalls: ["ufw"] },
      "unknown: ufw is switched on. | If others do not find this device, let earshot in. Start it with --session-ports 10100-10199 then, so that only these ports need to be open. | sudo ufw allow proto udp from 192.168.1.0/24 to any port 9999 | sudo ufw allow proto tcp from 192.168.1.0/24 to any port 9999,10100:10199",
    ],
    [
      "nobody gets in",
      {
        ...asked({ ...IN, outcome: "silent" }),
        firewalls: ["firewalld"],
        sessionPorts: { from: 5000, to: 5009 },
      },
      "bad: Something here likely drops TCP. firewalld is switched on. | Let earshot in. | sudo firewall-cmd --permanent --add-port=9999/udp --add-port=9999/tcp --add-port=5000-5009/tcp | sudo firewall-cmd --reload",
    ],
    [
      "no echo on macOS",
      { ...wlan({ isEchoHeard: false }), os: "darwin" },
      "bad: Something here likely drops UDP port 9999. None that earshot knows how to ask (ufw, firewalld, macOS, Windows) is switched on; rules of other kinds are not looked at. | Let earshot in. | sudo /usr/libexec/ApplicationFirewall/socketfilterfw --add /usr/bin/earshot | sudo /usr/libexec/ApplicationFirewall/socketfilterfw --unblockapp /usr/bin/earshot",
    ],
  ],
  "public-profile": [
    ["no Windows", {}, "none"],
    ["private", { isNetworkPublic: false }, "ok: The network is a private one."],
    [
      "public",
      { isNetworkPublic: true },
      'warn: Windows takes this network for a public one, where it lets nobody in. | If you trust who is on it, as on your own hotspot: Settings, Network & internet, the network\'s properties, "Private network".',
    ],
  ],
  clock: [
    ["nobody", {}, "unknown: Nobody is here to compare it with."],
    ["one that agrees", asked({ ...IN, leadMs: -120_000 }), "ok: It agrees with one other's."],
    [
      "one that does not",
      asked({ ...IN, leadMs: 120_001 }),
      "warn: It is 2 minutes behind one other's. One of the two is wrong. Nothing is lost by that, but times are shown wrongly. | Set the time and the time zone of this device.",
    ],
    [
      "the median of three",
      asked({ ...IN, leadMs: -7_200_000 }, { ...IN, leadMs: 0 }, { ...IN, leadMs: -7_300_000 }),
      "warn: It is 2 hours ahead of the clocks of 3 others. This one is likely wrong. Nothing is lost by that, but times are shown wrongly. | Set the time and the time zone of this device.",
    ],
    [
      "one that is wrong among three",
      asked({ ...IN, leadMs: 10 }, { ...IN, leadMs: 9e9 }, IN),
      "ok: It agrees with the clocks of 3 others.",
    ],
  ],
  home: [
    ["good", {}, "ok: It can be written to."],
    [
      "full",
      { home: { ...GOOD_HOME, problem: "full" } },
      "bad: The disk is full: nothing that is said can be kept. | Free some space.",
    ],
    [
      "denied",
      { home: { ...GOOD_HOME, problem: "denied" } },
      "bad: This user may not write there. | Check whose folder it is, or use another place with --home.",
    ],
  ],
  notice: [
    ["none", {}, "ok: None: no damaged file was found."],
    ["one", { notices: ["The log was damaged"] }, "warn: The log was damaged."],
  ],
};

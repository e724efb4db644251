/** What `earshot doctor` finds on networks of all kinds: of a node that runs, and by itself. */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Finding, FindingAbout } from "../../src/api/commands.ts";
import { GATEWAY, type Host } from "../fixtures/lan/host.ts";
import { lanTest } from "../fixtures/lan/lan_test_case.ts";
import { occupy } from "../fixtures/lan/scenarios.ts";

lanTest("doctor: two who hear each other reach each other, and all is well", async (lab) => {
  const owner = await lab.host({ isOwner: true });
  const guest = await lab.host();
  const [ada, bob] = await Promise.all([owner.node("ada"), guest.node("bob")]);
  await ada.meets(bob);
  await bob.meets(ada);
  const ofAda = await findingsOf(owner, ada.home);
  const ofBob = await findingsOf(guest, bob.home);
  assertEquals(
    states(ofAda, ["network", "echo", "gateway", "isolation", "discovery-port"]),
    "ok ok ok ok ok",
  );
  assertEquals(states(ofAda, ["rendezvous-port", "reached", "heard", "clock", "vpn"]), "ok ok ok ok ok");
  assertEquals(states(ofBob, ["gateway", "echo", "reached", "heard", "firewall"]), "ok ok ok ok ok");
  assertStringIncludes(text(ofAda, "gateway"), "There is no default route.");
  assertEquals(text(ofBob, "gateway"), "It answers: this device is on the network.");
  assertEquals(text(ofBob, "reached"), `Yes: ${GATEWAY} (${ada.id.slice(0, 8)}) connected to this device.`);
  assertEquals(text(ofBob, "interface"), "Preferred interface: a real network. One other is heard on it.");
});

lanTest(
  "doctor: a firewall here that drops TCP and UDP is named, with the lines that open it",
  async (lab) => {
    const [here, there] = [await lab.host(), await lab.host()];
    const [ada, bob] = await Promise.all([here.node("ada"), there.node("bob")]);
    await ada.meets(bob);
    await ada.does("connect", there.address);
    await here.drop("tcp");
    const findings = await findingsOf(here, ada.home);
    assertEquals(states(findings, ["reached", "firewall", "echo"]), "bad bad ok");
    assertStringIncludes(
      text(findings, "reached"),
      `No: ${there.address} (${bob.id.slice(0, 8)}) got no answer.`,
    );
    assertStringIncludes(text(findings, "firewall"), "Something here is probably dropping TCP");
    assertEquals(
      findings.find(({ about }) => about === "firewall")?.commands.includes(
        "sudo ufw allow proto tcp from 192.168.43.0/24 to any port 9999,10100:10199",
      ),
      true,
    );
  },
);

lanTest("doctor: without its own echo, a firewall here likely drops UDP", async (lab) => {
  const here = await lab.host();
  await here.drop("udp");
  const ada = await here.node("ada");
  const findings = await findingsOf(here, ada.home);
  assertEquals(states(findings, ["echo", "firewall", "reached"]), "bad bad unknown");
  assertStringIncludes(text(findings, "firewall"), "Something here is probably dropping UDP port 9999");
});

lanTest(
  "doctor: client isolation is likely where the gateway answers and nobody else, and never certain",
  async (lab) => {
    await lab.host({ isOwner: true });
    const [left, right] = [await lab.host(), await lab.host()];
    await left.isolate();
    await right.isolate();
    const [ada] = await Promise.all([left.node("ada"), right.node("bob")]);
    const findings = await findingsOf(left, ada.home);
    assertEquals(states(findings, ["echo", "gateway", "isolation", "reached"]), "ok ok warn unknown");
    assertStringIncludes(text(findings, "isolation"), "the access point probably keeps devices apart");
  },
);

lanTest("doctor: who is not isolated but alone with a gateway that is away is told so", async (lab) => {
  const here = await lab.host();
  const ada = await here.node("ada");
  const findings = await findingsOf(here, ada.home);
  assertEquals(states(findings, ["gateway", "isolation"]), "warn unknown");
});

lanTest("doctor: a link that is down, and no network at all", async (lab) => {
  const [cut, alone] = [await lab.host(), await lab.host({ isAlone: true })];
  const ada = await cut.node("ada");
  await cut.cut();
  const findings = await findingsOf(cut, ada.home);
  assertEquals(states(findings, ["interface"]), "bad");
  const none = await findingsOf(alone, `${lab.folder}/none`);
  assertEquals(states(none, ["network", "interface", "reached", "clock"]), "bad ok unknown unknown");
});

lanTest("doctor: two interfaces are ranked, and each has an echo", async (lab) => {
  const here = await lab.host();
  await here.plug("tun0", "10.9.0.2/24");
  await here.plug("eth1", "10.8.0.2/24");
  const ada = await here.node("ada");
  const findings = await findingsOf(here, ada.home);
  assertEquals(
    findings.filter(({ about }) => about === "interface").map(({ looked, found }) =>
      `${looked}: ${found.slice(0, 8)}`
    ),
    [
      "Interface wlan0 (192.168.43.2/24): Preferre",
      "Interface eth1 (10.8.0.2/24): Choice 2",
      "Interface lo (127.0.0.1/8): Choice 3",
      "Interface tun0 (10.9.0.2/24): Choice 4",
    ],
  );
  assertEquals(
    findings.filter(({ about }) => about === "echo").map(({ looked, state }) => `${looked}: ${state}`),
    ["Own echo on wlan0 (192.168.43.2/24): ok", "Own echo on eth1 (10.8.0.2/24): ok"],
  );
  assertEquals(states(findings, ["vpn"]), "warn");
});

lanTest("doctor: a port that another program has is told with the program", async (lab) => {
  const [tcp, udp] = [await lab.host(), await lab.host()];
  const [ofTcp, ofUdp] = [await occupy(tcp, "tcp"), await occupy(udp, "udp")];
  const [ada, bob] = await Promise.all([tcp.node("ada"), udp.node("bob")]);
  const first = await findingsOf(tcp, ada.home);
  assertEquals(states(first, ["rendezvous-port", "discovery-port"]), "warn ok");
  assertStringIncludes(
    text(first, "rendezvous-port"),
    `process ${ofTcp.pid}. earshot uses TCP port 10000 instead.`,
  );
  const second = await findingsOf(udp, bob.home);
  assertEquals(states(second, ["rendezvous-port", "discovery-port", "echo"]), "ok warn unknown");
  assertStringIncludes(text(second, "discovery-port"), `process ${ofUdp.pid}.`);
});

lanTest(
  "doctor: where no node can start, the machine is looked at, and the report tells no secrets",
  async (lab) => {
    const here = await lab.host();
    const program = await occupy(here, "tcp");
    const home = `${lab.folder}/ada`;
    const findings = await findingsOf(here, home, "--port", "9999");
    assertEquals(states(findings, ["start", "rendezvous-port", "reached", "echo"]), "bad bad unknown none");
    assertStringIncludes(text(findings, "rendezvous-port"), `process ${program.pid}`);
    const ada = await here.node("ada");
    const report = await ada.does("doctor", "--report");
    assertMatch(report, /^earshot \S+ on linux, id [a-z2-7]{8}…, /);
    assertStringIncludes(report, "192.168.43.2/24");
    for (const secret of [ada.id, lab.folder, "ada"]) assertEquals(report.includes(secret), false, secret);
  },
);

async function findingsOf(
  host: Host,
  home: string,
  ...options: readonly string[]
): Promise<readonly Finding[]> {
  const { code, out, err } = await host.earshot("doctor", "--json", "--home", home, ...options);
  assertEquals([code, err], [0, ""]);
  return out.trim().split("\n").map((line) => JSON.parse(line) as Finding);
}

/** The state of the first finding about each. */
function states(findings: readonly Finding[], abouts: readonly FindingAbout[]): string {
  return abouts.map((about) => findings.find((one) => one.about === about)?.state ?? "none").join(" ");
}

function text(findings: readonly Finding[], about: FindingAbout): string {
  return findings.find((one) => one.about === about)?.found ?? "";
}

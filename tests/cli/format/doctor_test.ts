import { hintAt } from "../../../src/messages/command_names.ts";
import { message } from "../../../src/messages/message.ts";
import { assertEquals } from "@std/assert";
import { formatDoctor, formatDoctorReply, formatDoctorReport } from "../../../src/cli/format/doctor.ts";
import { PLAIN } from "../../../src/cli/format/style.ts";
import type { DoctorReply, Finding } from "../../../src/api/commands.ts";
import { ALICE } from "../../fixtures/cli/machine.ts";

const NOW = { nowMs: Date.UTC(2026, 10, 21), style: PLAIN, columns: 60 };

function finding(changes: Partial<Finding>): Finding {
  return {
    about: "home",
    looked: "Clock",
    state: "ok",
    found: "Fine.",
    advice: "",
    commands: [],
    ...changes,
  };
}

function replyOf(...findings: readonly Finding[]): DoctorReply {
  return {
    id: ALICE,
    version: "1.2.3",
    os: "linux",
    home: "/home/ann/e",
    program: "/opt/ann/deno",
    findings,
  };
}

const OPEN = finding({
  about: "firewall",
  looked: "Firewall of this device",
  state: "bad",
  found: "Something here is probably dropping TCP. Switched on: ufw.",
  advice: "Let earshot through.",
  commands: ["sudo ufw allow proto tcp from 192.168.43.0/24 to any port 9999", "open /opt/ann/deno"],
});

Deno.test("doctorLines wrap sentences, leave commands whole, and count at the end", () => {
  assertEquals(formatDoctor(replyOf(finding({}), OPEN, finding({ state: "unknown" })), NOW), [
    "ok    Clock",
    "      Fine.",
    "BAD   Firewall of this device",
    "      Something here is probably dropping TCP. Switched on:",
    "      ufw.",
    "      Let earshot through.",
    "        sudo ufw allow proto tcp from 192.168.43.0/24 to any port 9999",
    "        open /opt/ann/deno",
    "?     Clock",
    "      Fine.",
    "",
    "1 problem, no warnings. 1 check could not be made.",
  ]);
  assertEquals(formatDoctor(replyOf(finding({})), NOW).at(-1), "No problems.");
  assertEquals(
    formatDoctor(replyOf(finding({ state: "unknown" })), NOW).at(-1),
    "No problems. 1 check could not be made.",
  );
});

Deno.test("doctorReport hold no folder, no whole id, and nothing of what notices say", () => {
  const said = finding({
    about: "notice",
    looked: "Notice since the start",
    state: "warn",
    found: "bob: hi.",
  });
  const home = finding({ looked: "Home /home/ann/e", commands: ["chmod 700 '/home/ann/e'"] });
  assertEquals(formatDoctorReport(replyOf(home, OPEN, said, said), NOW), [
    `earshot 1.2.3 on linux, id ${ALICE.slice(0, 8)}…, 2026-11-21T00:00:00.000Z`,
    "ok    Home HOME: Fine.",
    "        chmod 700 'HOME'",
    "BAD   Firewall of this device: Something here is probably dropping TCP. Switched on: ufw.",
    "        sudo ufw allow proto tcp from 192.168.43.0/24 to any port 9999",
    "        open PROGRAM",
    "warn  2 troubles since the start",
    "1 problem, 2 warnings.",
  ]);
});

Deno.test("doctorShown gives the chat its own hints, also where lines are broken", () => {
  const taken = finding({
    state: "warn",
    advice: "-",
    messages: {
      looked: message("looked.firewall"),
      found: [message("doctor.firewall-open")],
      advice: [message("advice.name-port", {}, hintAt("connect", "ADDRESS", "10000"))],
    },
  });
  const lines = formatDoctorReply(replyOf(taken), { ...NOW, columns: 60, isChat: true }).lines;
  assertEquals(lines.slice(2, 4), [
    "      To connect by address, others have to name the port.",
    "      /connect ADDRESS 10000",
  ]);
});

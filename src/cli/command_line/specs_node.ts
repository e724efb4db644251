/** Commands about the node itself. */

import type { CommandSpec } from "./command_spec.ts";

/** In the order of help. */
export const NODE_COMMANDS = [
  {
    name: "node",
    args: "",
    summary: "run a node until it is stopped, without chat",
    more: [
      'Prints what happens: with --json first the event "ready", then every event, one object a line; with --quiet nothing but "ready".',
      'Ctrl-C or "earshot stop" ends it.',
    ],
    examples: ["earshot node", "earshot node --json --home ./bob --name bob"],
    options: [],
  },
  {
    name: "page",
    args: "",
    summary: "open earshot in the browser",
    more: [
      "Opens the page of the running earshot where there is a desktop; elsewhere, and with --no-browser, it prints a link. The link lets one browser in, once: whoever has it first. A browser that was let in stays in.",
      "If no earshot runs, one starts, and stays until it is stopped.",
    ],
    examples: ["earshot page", "earshot page --no-browser"],
    options: [],
  },
  {
    name: "status",
    args: "",
    summary: "show how this node does, and its network",
    more: [],
    examples: ["earshot status"],
    options: [],
  },
  {
    name: "doctor",
    args: "",
    summary: "find out why others are not found, and what to do",
    more: [
      "Looks at interfaces, ports, gateway, firewall, clock and disk, and asks others who are here whether they reach this device. Says of each how it is, what that means and what to do.",
      "A node that runs is asked; else one runs for the moment. Where none can start, the machine alone is looked at.",
    ],
    examples: ["earshot doctor", "earshot doctor --report"],
    options: [
      { name: "report", summary: "print a report to paste: without names, texts, keys and folders" },
    ],
  },
  {
    name: "give",
    args: "[on|all|off]",
    summary: "give earshot to people on this network who have none yet",
    more: [
      'While it is on, this device shows everybody on the same network a page with this program; with "all" also what lies beside it under the name of a release for another system, which nobody checks: only if you put it there. It prints the address, as text and as a QR code, and the sums. Without a word it tells how it is; at each start it is off.',
      "That page comes over plain http, so anybody on the network could swap the file on its way. Who gets it computes the sum, and compares the first four groups with those on your screen.",
      "If no earshot runs, one starts, and stays until it is stopped.",
    ],
    examples: ["earshot give on", "earshot give off"],
    options: [{ name: "no-qr", summary: "show no QR code" }],
  },
  {
    name: "rescan",
    args: "",
    summary: "look for others again, now",
    more: [],
    examples: ["earshot rescan"],
    options: [],
  },
  {
    name: "stop",
    args: "",
    summary: "stop the running node",
    more: [],
    examples: ["earshot stop"],
    options: [],
  },
  {
    name: "help",
    args: "[COMMAND|config]",
    summary: "show help",
    more: ["With config: what can be chosen in config.json and by environment variables."],
    examples: ["earshot help send", "earshot help contacts add", "earshot help config", "earshot help --man"],
    options: [{ name: "man", summary: "print all of it as a manual page (roff), for man -l" }],
  },
] as const satisfies readonly CommandSpec[];

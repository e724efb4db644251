/** Commands for this node: run it, look at it, find out what is wrong, pass earshot on. */

import { message } from "../../messages/message.ts";
import { WorldError } from "../../errors.ts";
import { toChatFormatContext } from "../chat/chat_parts.ts";
import { toUsageError } from "../chat/slash_command.ts";
import { refuseArgsFrom } from "../command_line/command_input.ts";
import { parseGiveSwitch } from "../command_line/value_parsers.ts";
import { formatDoctorReply } from "../format/doctor.ts";
import { formatGiveReply } from "../format/give.ts";
import { formatPeersReply, formatStatusReply } from "../format/replies.ts";
import { toFormatContext, withNode } from "../node_access/command_context.ts";
import { findNode, waitUntilFree } from "../node_access/connect_node.ts";
import { listenFirst } from "../node_access/retry_until_found.ts";
import { runAfterListening } from "../node_access/run_on_node.ts";
import { defineCommand, DONE, type RunContext } from "./define_command.ts";
import { runDoctor } from "../operations/run_doctor.ts";
import { runGive } from "../operations/run_give.ts";
import { runNode, showPage } from "../operations/node_and_log.ts";

/** Time for a node that was told to stop. */
const STOP_MS_MAX = 3_000;

const NODE = defineCommand({
  name: "node",
  summary: "run a node without the chat until it is stopped",
  more: [
    'Prints events. With --json it prints the event "ready" first, then every event, one object per line; with --quiet only "ready".',
    'Stop it with Ctrl-C or "earshot stop".',
  ],
  examples: ["earshot node", "earshot node --json --home ./bob --name bob"],
  parse: (input) => {
    refuseArgsFrom(0, input);
    return { do: "node" };
  },
  run: (_, context) => runNode(context),
});

const PAGE = defineCommand({
  name: "page",
  summary: "open earshot in the browser",
  more: [
    "Opens the page of the running earshot if there is a desktop. Elsewhere, and with --no-browser, it prints a link. The link works once, for the first browser that opens it; that browser stays signed in.",
    "If earshot is not running, it starts, and runs until it is stopped.",
  ],
  examples: ["earshot page", "earshot page --no-browser"],
  parse: (input) => {
    refuseArgsFrom(0, input);
    return { do: "page" };
  },
  run: (_, context) => showPage(context),
});

const STATUS = defineCommand({
  name: "status",
  summary: "show the state of this node and its network",
  examples: ["earshot status"],
  parse: (input) => {
    refuseArgsFrom(0, input);
    return { do: "status" };
  },
  run: async (command, context) => formatStatusReply(await runAfterListening(context, command)),
  slash: {
    name: "status",
    parse: () => ({ do: "status" }),
    run: async (command, chat) =>
      formatStatusReply(await chat.runner.run(command), toChatFormatContext(chat)),
  },
});

const DOCTOR = defineCommand({
  name: "doctor",
  summary: "check why others are not found, and how to fix it",
  more: [
    "Checks interfaces, ports, gateway, firewall, clock and disk, and asks the people here whether they can reach this device. For each check it shows the result, its meaning and what to do.",
    "Uses the running node, or starts one for the moment. If none can start, only the machine is checked.",
  ],
  examples: ["earshot doctor", "earshot doctor --report"],
  options: [
    { name: "report", summary: "print a report to share, without names, messages, keys and folders" },
  ],
  parse: (input) => {
    refuseArgsFrom(0, input);
    return { do: "doctor", isReport: input.options.has("report") };
  },
  run: runDoctor,
  slash: {
    name: "doctor",
    parse: () => ({ do: "doctor" }),
    run: async (command, chat) =>
      formatDoctorReply(await chat.runner.run(command), toChatFormatContext(chat)),
  },
});

const GIVE = defineCommand({
  name: "give",
  args: "[on|all|off]",
  summary: "give earshot to people on this network who do not have it",
  more: [
    'While it is on, this device shows everybody on the same network a page with this program. "all" also offers the files next to it that are named like a release for another system. Nobody checks those files, so use "all" only if you put them there. The command prints the address, as text and as a QR code, and the checksums. Without an argument it shows the current state. After each start it is off.',
    "The page uses plain http, so anybody on the network could replace the file on its way. The other person computes the checksum, and compares the first four groups with those on your screen.",
    "If earshot is not running, it starts, and runs until it is stopped.",
  ],
  examples: ["earshot give on", "earshot give off"],
  options: [{ name: "no-qr", summary: "show no QR code" }],
  parse: (input) => {
    refuseArgsFrom(1, input);
    return { do: "give", ...parseGiveSwitch(input.args[0]?.text), isQrRefused: input.options.has("no-qr") };
  },
  run: runGive,
  slash: {
    name: "give",
    args: "[on|all|off]",
    summary: "give earshot to people here who do not have it",
    more: [
      "Shows the address of the download page, and the checksum to compare.",
      '"all" also offers programs for other systems that lie next to this one. Use it only if you put them there.',
    ],
    completes: [["all", "off", "on"]],
    parse: (input) => {
      if (input.words.length > 1) throw toUsageError(input);
      return { do: "give", ...parseGiveSwitch(input.words[0]) };
    },
    run: async (command, chat) => formatGiveReply(await chat.runner.run(command), toChatFormatContext(chat)),
  },
});

const RESCAN = defineCommand({
  name: "rescan",
  summary: "search for others again, now",
  examples: ["earshot rescan"],
  parse: (input) => {
    refuseArgsFrom(0, input);
    return { do: "rescan" };
  },
  run: (_, context) => rescan(context),
  slash: {
    name: "rescan",
    parse: () => ({ do: "rescan" }),
    run: async (command, { runner }) => {
      await runner.run(command);
      return { rows: [], lines: ["Searching again."] };
    },
  },
});

const STOP = defineCommand({
  name: "stop",
  summary: "stop the running node",
  examples: ["earshot stop"],
  parse: (input) => {
    refuseArgsFrom(0, input);
    return { do: "stop" };
  },
  run: (_, context) => stop(context),
});

/** In the order of help. */
export const NODE_COMMANDS = [NODE, PAGE, STATUS, DOCTOR, GIVE, RESCAN, STOP] as const;

async function rescan(context: RunContext): Promise<number> {
  const { output } = context;
  await withNode(context, { network: true, lasting: false, own: false }, async (connected) => {
    await connected.runner.run({ do: "rescan" });
    if (connected.own === null) {
      return await output.note('Searching again. See who is here: "earshot peers".');
    }
    await listenFirst(context.environment, connected);
    await output.show(
      formatPeersReply(await connected.runner.run({ do: "peers" }), toFormatContext(context)),
    );
  });
  return DONE;
}

async function stop({ environment, output, home }: RunContext): Promise<number> {
  const running = await findNode(environment, home);
  if (running === null) throw new WorldError(message("node.none", { home }));
  await running.runner.run({ do: "stop" });
  if (!await waitUntilFree(environment, home, STOP_MS_MAX)) {
    throw new WorldError(message("node.still-running", { pid: running.file?.pid ?? "?" }));
  }
  await output.note("Stopped.");
  return DONE;
}

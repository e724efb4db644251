/** Where others get earshot, and what they compare, as lines. Pure. */

import type { GiveReply } from "../../api/give.ts";
import { commandHint } from "./command_hints.ts";
import { formatInviteLink, type LinkFormatContext } from "./invite_link.ts";
import type { Printable } from "./output.ts";

/** How it is with giving. */
export function formatGiveReply(reply: GiveReply, now: LinkFormatContext): Printable {
  return { rows: [reply], lines: reply.isOn ? onLines(reply, now) : offLines(reply, now) };
}

function offLines({ problem }: GiveReply, now: LinkFormatContext): readonly string[] {
  const how = problem === null ? `To begin: ${commandHint("give", "on", now)}` : `It cannot be: ${problem}.`;
  return [`earshot is not given to others. ${how}`];
}

function onLines({ addresses, port, files, found }: GiveReply, now: LinkFormatContext): readonly string[] {
  const [first, ...others] = addresses;
  const nowhere = "At this moment this device is on no network; as soon as it is, others get earshot there.";
  return [
    "Everybody on the same network gets earshot here, in any browser:",
    "",
    ...first === undefined ? [nowhere] : formatInviteLink(first, now),
    ...others.map((address) => `or ${address}`),
    "",
    "Over plain http anybody on the network could swap the file. So let them compute its SHA-256, and compare the beginning with this one, by eye:",
    "",
    ...files.flatMap(({ name, isOwn, system, sizeBytes, sumStart, sha256 }) => [
      `${now.style.strong(sumStart)}  ${name}`,
      `  ${system}, ${(sizeBytes / 1e6).toFixed(1)} MB`,
      `  ${sha256}`,
      ...isOwn ? [] : [`  ${now.style.strong("Found beside the program: nobody has checked what it is.")}`],
    ]),
    ...found.length === 0 ? [] : [
      "",
      `Found beside the program, and not given: ${
        found.join(", ")
      }. Their names are all that is known of them.`,
      `To give them too, if you put them there yourself: ${commandHint("give", "all", now)}`,
    ],
    "",
    `If their browser finds nothing there: same Wi-Fi? Then the firewall of this device likely keeps TCP port ${port} shut.`,
    `To end it: ${commandHint("give", "off", now)}`,
  ];
}

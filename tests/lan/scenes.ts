/** Situations that tests begin with, and come to. */

import type { LogRow } from "../../src/node/vocabulary.ts";
import type { Host } from "./host.ts";
import type { Lab } from "./lab.ts";
import type { LanNode } from "./lan_node.ts";
import { until } from "./patience.ts";
import type { Program } from "./program.ts";

/** The room that most of these tests talk in. */
export const KITCHEN = "#Kitchen";

/** Ada, Bob and Cleo on a host each, started at once with nothing configured. */
export async function trio(lab: Lab): Promise<readonly [LanNode, LanNode, LanNode]> {
  const [first, second, third] = [await lab.host(), await lab.host(), await lab.host()];
  return await Promise.all([first.node("ada"), second.node("bob"), third.node("cleo")]);
}

/** The first opens the kitchen, and the others find and join it. */
export async function meetInKitchen([host, ...guests]: readonly LanNode[]): Promise<void> {
  await host?.does("host", "Kitchen");
  for (const guest of guests) await guest.joins("Kitchen");
}

/** Ada, Bob and Cleo in the kitchen, which Ada hosts. */
export async function trioInKitchen(lab: Lab): Promise<readonly [LanNode, LanNode, LanNode]> {
  const all = await trio(lab);
  await meetInKitchen(all);
  return all;
}

/** Waits until all have the same lines in the kitchen in the same order, with these texts among them; all texts. */
export async function agree(all: readonly LanNode[], has: readonly string[]): Promise<readonly string[]> {
  return await until("all have the same lines", async (tell) => {
    const logs = await Promise.all(all.map((node) => node.log(KITCHEN)));
    const [first = []] = logs;
    const texts = first.filter((row) => !row.notice).map((row) => row.text);
    tell(logs.map((log) => log.map((row) => row.text)));
    const isSame = new Set(logs.map((log) => JSON.stringify(log.map(lineId)))).size === 1;
    return isSame && has.every((text) => texts.includes(text)) ? texts : null;
  });
}

/** The different exports of the kitchen that they have: one, if all is well. */
export async function exportsOf(all: readonly LanNode[]): Promise<readonly string[]> {
  return [...new Set(await Promise.all(all.map((node) => node.exports(KITCHEN))))];
}

function lineId({ author, number }: LogRow): string {
  return `${author} ${number}`;
}

/** Another program there that has port 9999 for itself, and never says a word. */
export async function occupy(host: Host, protocol: "tcp" | "udp"): Promise<Program<string>> {
  const open = protocol === "tcp"
    ? 'Deno.listen({ hostname: "0.0.0.0", port: 9999 })'
    : 'Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: 9999 })';
  const script = `${open}; console.log("open"); await new Promise(() => setInterval(() => {}, 60_000));`;
  const program = host.start(
    [Deno.execPath(), "eval", "--unstable-net", "--no-config", script],
    (line) => line,
  );
  await program.line((line) => line === "open", { what: `port 9999 is taken (${protocol})` });
  return program;
}

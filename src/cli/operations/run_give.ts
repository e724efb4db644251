/** Runs `earshot give`: switches the running node; to switch it on, a node starts if none runs, and stays. */

import { type CommandContext, toFormatContext, withNode } from "../node_access/command_context.ts";
import { runUntilEnded } from "./node_and_log.ts";
import { formatGiveReply } from "../format/give.ts";
import { findNode } from "../node_access/connect_node.ts";

interface GiveOptions {
  /** Undefined only shows the state. */
  readonly isOn?: boolean;
  /** Also offers the programs for other systems. */
  readonly withOthers?: boolean;
  readonly isQrRefused: boolean;
}

/** Switches it, and shows the new state; the exit code. @throws {WorldError} where there is no program to give. */
export async function runGive(
  { isOn, withOthers = false, isQrRefused }: GiveOptions,
  context: CommandContext,
): Promise<number> {
  const { environment, output, home } = context;
  const format = (reply: Parameters<typeof formatGiveReply>[0]) =>
    formatGiveReply(reply, { ...toFormatContext(context), isQrRefused });
  if (isOn !== true) {
    // It is off after each start, so without a node it is off.
    const running = await findNode(environment, home);
    const off = { isOn: false, problem: null, port: null, addresses: [], files: [], found: [] };
    const command = { do: "give", ...isOn === false && { isOn } } as const;
    await output.show(format(running === null ? off : await running.runner.run(command)));
    return 0;
  }
  return await runUntilEnded(() =>
    withNode(context, { network: true, lasting: true, own: false }, async ({ runner, own }) => {
      await output.show(format(await runner.run({ do: "give", isOn, withOthers })));
      if (own === null) return;
      await output.note('earshot is running. Stop it with Ctrl-C or "earshot stop".');
      await own.ended;
    })
  );
}

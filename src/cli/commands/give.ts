/** `earshot give`: the switch of the running node; to switch it on, a node starts where none runs, and stays. */

import { type CommandContext, toFormatContext, withNode } from "../node_access/command_context.ts";
import { runUntilEnded } from "./node_and_log.ts";
import { formatGiveReply } from "../format/give.ts";
import type { Invocation } from "../command_line/invocation.ts";
import { findNode } from "../node_access/connect_node.ts";

/** Turns it, and shows how it is then; the exit code. @throws {WorldError} where it cannot be given. */
export async function runGive(
  { isOn, withOthers = false, isQrRefused }: Extract<Invocation, { do: "give" }>,
  context: CommandContext,
): Promise<number> {
  const { environment, output, home } = context;
  const shown = (reply: Parameters<typeof formatGiveReply>[0]) =>
    formatGiveReply(reply, { ...toFormatContext(context), isQrRefused });
  if (isOn !== true) {
    // What is off at each start is off where nothing runs.
    const running = await findNode(environment, home);
    const off = { isOn: false, problem: null, port: null, addresses: [], files: [], found: [] };
    const command = { do: "give", ...isOn === false && { isOn } } as const;
    await output.show(shown(running === null ? off : await running.runner.run(command)));
    return 0;
  }
  return await runUntilEnded(() =>
    withNode(context, { network: true, lasting: true, own: false }, async ({ runner, own }) => {
      await output.show(shown(await runner.run({ do: "give", isOn, withOthers })));
      if (own === null) return;
      await output.note('earshot runs here until Ctrl-C or "earshot stop".');
      await own.ended;
    })
  );
}

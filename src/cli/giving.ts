/** `earshot give`: the switch of the running node; to switch it on, a node starts where none runs, and stays. */

import { type Context, now, withNode } from "./context.ts";
import { untilEnded } from "./following.ts";
import { giveShown } from "./give_screen.ts";
import type { Invocation } from "./invocation.ts";
import { findNode } from "./reach.ts";

/** Turns it, and shows how it is then; the exit code. @throws {WorldError} where it cannot be given. */
export async function give(
  { isOn, withOthers = false, isQrRefused }: Extract<Invocation, { do: "give" }>,
  context: Context,
): Promise<number> {
  const { stage, output, home } = context;
  const shown = (reply: Parameters<typeof giveShown>[0]) =>
    giveShown(reply, { ...now(context), isQrRefused });
  if (isOn !== true) {
    // What is off at each start is off where nothing runs.
    const running = await findNode(stage, home);
    const off = { isOn: false, problem: null, port: null, addresses: [], files: [], found: [] };
    const command = { do: "give", ...isOn === false && { isOn } } as const;
    await output.show(shown(running === null ? off : await running.runner.run(command)));
    return 0;
  }
  return await untilEnded(() =>
    withNode(context, { network: true, lasting: true, own: false }, async ({ runner, own }) => {
      await output.show(shown(await runner.run({ do: "give", isOn, withOthers })));
      if (own === null) return;
      await output.note('earshot runs here until Ctrl-C or "earshot stop".');
      await own.ended;
    })
  );
}

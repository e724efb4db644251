/** `earshot doctor`: the checkup of the node that runs, of one for this moment, or of the machine alone where none can start. */

import { WorldError } from "../../errors.ts";
import { checkWithoutNode } from "../../node/diagnostics/checkup.ts";
import type { DoctorReply } from "../../api/commands.ts";
import { type CommandContext, toFormatContext, withNode } from "../node_access/command_context.ts";
import { formatDoctorReply, formatDoctorReport } from "../format/doctor.ts";
import type { Invocation } from "../command_line/invocation.ts";

/** Looks, and shows what was found; 0 whatever that is. @throws {WorldError} when the node goes away meanwhile. */
export async function doctor(
  { isReport }: Extract<Invocation, { do: "doctor" }>,
  context: CommandContext,
): Promise<number> {
  const { output } = context;
  await output.note("Looking; this takes some seconds.");
  const reply = await examine(context);
  if (isReport) {
    const lines = formatDoctorReport(reply, toFormatContext(context));
    await output.show({ rows: [{ report: lines.join("\n") }], lines });
  } else {
    await output.show(formatDoctorReply(reply, toFormatContext(context)));
  }
  return 0;
}

async function examine(context: CommandContext): Promise<DoctorReply> {
  const { environment, home } = context;
  let isReached = false;
  try {
    return await withNode(context, { network: true, lasting: false, own: false }, async ({ runner }) => {
      isReached = true;
      return await runner.run({ do: "doctor" });
    });
  } catch (error) {
    // That no node can start is what the user wants to know more about.
    if (!(error instanceof WorldError) || isReached) throw error;
    const { port, discoveryPort, sessionPorts, interfaces } = context.globalOptions;
    const found = await checkWithoutNode(environment.ports, {
      home,
      wanted: { rendezvous: port, discovery: discoveryPort, sessions: sessionPorts, interfaces },
      startProblem: error.message,
    });
    return { id: null, version: environment.version, home, ...found };
  }
}

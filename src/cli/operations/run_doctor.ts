/** Runs `earshot doctor`: checks the running node, or one for the moment, or only the machine if none can start. */

import { WorldError } from "../../errors.ts";
import { checkWithoutNode } from "../../node/diagnostics/checkup.ts";
import type { DoctorReply } from "../../api/commands.ts";
import { type CommandContext, toFormatContext, withNode } from "../node_access/command_context.ts";
import { formatDoctorReply, formatDoctorReport } from "../format/doctor.ts";

/** Checks, and shows the findings. The exit code is always 0. @throws {WorldError} if the node ends meanwhile. */
export async function runDoctor(
  { isReport }: { readonly isReport: boolean },
  context: CommandContext,
): Promise<number> {
  const { output } = context;
  await output.note("Checking. This takes a few seconds.");
  const reply = await checkNode(context);
  if (isReport) {
    const lines = formatDoctorReport(reply, toFormatContext(context));
    await output.show({ rows: [{ report: lines.join("\n") }], lines });
  } else {
    await output.show(formatDoctorReply(reply, toFormatContext(context)));
  }
  return 0;
}

async function checkNode(context: CommandContext): Promise<DoctorReply> {
  const { environment, home } = context;
  let isReached = false;
  try {
    return await withNode(context, { network: true, lasting: false, own: false }, async ({ runner }) => {
      isReached = true;
      return await runner.run({ do: "doctor" });
    });
  } catch (error) {
    // The user wants to know why no node can start.
    if (!(error instanceof WorldError) || isReached) throw error;
    const { port, discoveryPort, sessionPorts, interfaces } = context.globalOptions;
    const found = await checkWithoutNode(environment.ports, {
      home,
      wanted: { rendezvous: port, discovery: discoveryPort, sessions: sessionPorts, interfaces },
      startProblem: error.details,
    });
    return { id: null, version: environment.version, home, ...found };
  }
}

/** Commands that fail, and what they have to say then. */

import { assertEquals, assertRejects } from "@std/assert";
import type { UsageError, WorldError } from "../../src/errors.ts";
import type { Command } from "../../src/node/vocabulary.ts";
import type { SimMachine } from "../sim/world.ts";

/** A command, the kind of its error, and the whole sentence. */
export type Case = readonly [
  command: Command,
  kind: typeof UsageError | typeof WorldError,
  message: string,
];

/** Runs commands that all fail, and checks that each says just that. */
export async function assertSays(machine: SimMachine, cases: readonly Case[]): Promise<void> {
  for (const [command, kind, message] of cases) {
    const error = await assertRejects(() => machine.run(command), Error);
    assertEquals([error.message, error instanceof kind], [message, true], JSON.stringify(command));
  }
}

/** Something that a form does: busy meanwhile, and with the problem at the form. */

import { type Signal, useSignal } from "@preact/signals";
import { CommandFailure } from "../connection/node_socket.ts";

/** A deed of a form. */
export interface AsyncAction {
  readonly isBusy: Signal<boolean>;
  readonly problem: Signal<string | null>;
  /** Does it, unless it is being done; whether it worked. */
  run(deed: () => Promise<unknown>): Promise<boolean>;
}

/** The deed of the component. */
export function useAsyncAction(): AsyncAction {
  const isBusy = useSignal(false);
  const problem = useSignal<string | null>(null);
  return {
    isBusy,
    problem,
    async run(deed) {
      if (isBusy.value) return false;
      isBusy.value = true;
      problem.value = null;
      try {
        await deed();
        return true;
      } catch (error) {
        if (!(error instanceof CommandFailure)) throw error;
        problem.value = error.message;
        return false;
      } finally {
        isBusy.value = false;
      }
    },
  };
}

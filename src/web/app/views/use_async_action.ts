/** The action of a form: its busy state and its problem. */

import { type Signal, useSignal } from "@preact/signals";
import { CommandFailure } from "../connection/node_socket.ts";

/** An action of a form. */
export interface AsyncAction {
  readonly isBusy: Signal<boolean>;
  readonly problem: Signal<string | null>;
  /** Runs it, unless it is running. Whether it worked. */
  run(action: () => Promise<unknown>): Promise<boolean>;
}

/** The action of the component. */
export function useAsyncAction(): AsyncAction {
  const isBusy = useSignal(false);
  const problem = useSignal<string | null>(null);
  return {
    isBusy,
    problem,
    async run(action) {
      if (isBusy.value) return false;
      isBusy.value = true;
      problem.value = null;
      try {
        await action();
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

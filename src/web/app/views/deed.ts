/** Something that a form does: busy meanwhile, and with the problem at the form. */

import { type Signal, useSignal } from "@preact/signals";
import { CommandFailure } from "../link.ts";

/** A deed of a form. */
export interface Deed {
  readonly isBusy: Signal<boolean>;
  readonly problem: Signal<string | null>;
  /** Does it, unless it is being done; whether it worked. */
  run(deed: () => Promise<unknown>): Promise<boolean>;
}

/** The deed of the component. */
export function useDeed(): Deed {
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

/** The message at the edge of the page. */

import type { PageClock } from "../browser/ports.ts";
import type { AppState } from "../state/app_state.ts";

/** Time that a message stays. */
const TOAST_MS = 8_000;

/** Shows a message for 8 seconds; it replaces the one before. */
export type ShowToast = (text: string, options?: { readonly isProblem?: boolean }) => void;

/** Makes the function that shows messages. */
export function createToast(
  { state, clock }: { readonly state: AppState; readonly clock: PageClock },
): ShowToast {
  let cancelHiding = () => {};
  return (text, { isProblem = false } = {}) => {
    cancelHiding();
    state.toast.value = { text, isProblem };
    cancelHiding = clock.runLater(TOAST_MS, () => state.toast.value = null);
  };
}

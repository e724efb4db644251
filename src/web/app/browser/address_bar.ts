/** The address bar and the history of this tab. */

import { ENTER_FRAGMENT } from "../../shared/live_protocol.ts";
import type { AddressBar } from "./ports.ts";

/** The address bar. */
export const ADDRESS_BAR: AddressBar = {
  readFragment: () => location.hash,
  push: (fragment) => history.pushState({ isOurs: true }, "", fragment),
  replace: (fragment) => history.replaceState(null, "", fragment),
  back: () => history.back(),
  isOwnEntry() {
    const { state }: { readonly state: unknown } = history;
    return typeof state === "object" && state !== null && "isOurs" in state;
  },
  onChange(run) {
    addEventListener("popstate", run);
    addEventListener("hashchange", run);
  },
  takeToken() {
    if (!location.hash.startsWith(ENTER_FRAGMENT)) return null;
    const token = location.hash.slice(ENTER_FRAGMENT.length);
    history.replaceState(null, "", location.pathname);
    return token;
  },
};

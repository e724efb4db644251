/** Keeps the route, the address bar and the history together. */

import type { AddressBar } from "../browser/ports.ts";
import type { AppState } from "../state/app_state.ts";
import { findRouteId, formatRoute, parseRoute, type Route } from "../state/route.ts";

/** Navigation. */
export interface Routing {
  /** Reads the address, and follows it from now on. `onRoute` is called for each new route, the first one included. */
  start(onRoute: () => void): void;
  /** Opens a route as a new entry of the history. */
  go(route: Route): void;
  /** Goes back to the page before, or to the route above if the user came here from outside. */
  goBack(): void;
}

/** Makes the navigation. */
export function createRouting(
  { state, address }: { readonly state: AppState; readonly address: AddressBar },
): Routing {
  const { route, dialog } = state;
  let notify = () => {};
  const follow = () => {
    const fragment = address.readFragment();
    const to = parseRoute(fragment);
    const shown = formatRoute(route.value);
    // Going back closes an open dialog, and leaves nothing. An address that is no route, such as a one-time link, stays.
    if (dialog.value !== null && formatRoute(to) === (fragment || "#/") && fragment !== shown) {
      dialog.value = null;
      return address.push(shown);
    }
    route.value = to;
    dialog.value = null;
    notify();
  };
  return {
    start(onRoute) {
      notify = onRoute;
      address.onChange(follow);
      follow();
    },

    go(to) {
      const fragment = formatRoute(to);
      if (fragment === formatRoute(route.value)) return;
      address.push(fragment);
      route.value = to;
      notify();
    },

    goBack() {
      if (address.isOwnEntry()) return address.back();
      const to = findRouteId(route.value);
      const above: Route = route.value.at === "details" && to !== null
        ? { at: "conversation", to }
        : { at: "home" };
      address.replace(formatRoute(above));
      route.value = above;
      notify();
    },
  };
}

/** The address bar, history and the route. */

import { findRouteId, formatRoute, parseRoute, type Route } from "../state/route.ts";
import * as store from "../state/app_state.ts";

/** Follows the address from now on. */
export function startRoutes(onRoute: () => void): void {
  const follow = () => {
    store.route.value = parseRoute(location.hash);
    store.dialog.value = null;
    onRoute();
  };
  addEventListener("popstate", follow);
  addEventListener("hashchange", follow);
  changed = onRoute;
  follow();
}

let changed: () => void = () => {};

/** Goes to that place; going back leads here again. */
export function go(route: Route): void {
  const fragment = formatRoute(route);
  if (fragment === formatRoute(store.route.value)) return;
  history.pushState({ isOurs: true }, "", fragment);
  store.route.value = route;
  changed();
}

/** Goes back, in history where we came from a place of the page, else to what lies above. */
export function goBack(): void {
  if (isOurs(history.state)) return history.back();
  const { route } = store;
  const to = findRouteId(route.value);
  history.replaceState(
    null,
    "",
    formatRoute(route.value.at === "details" && to !== null ? { at: "talk", to } : { at: "home" }),
  );
  route.value = parseRoute(location.hash);
  changed();
}

function isOurs(state: unknown): boolean {
  return typeof state === "object" && state !== null && "isOurs" in state;
}

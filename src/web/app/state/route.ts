/** What of the page is shown, as the part of the address behind "#": so that going back, reloading and a second tab work. Pure. */

/** A place of the page. `to` is the id of a room, or of somebody who is talked to. */
export type Route =
  | { readonly at: "home" }
  | { readonly at: "talk"; readonly to: string }
  | { readonly at: "details"; readonly to: string }
  | { readonly at: "search" | "contacts" | "requests" | "settings" | "network" | "me" };

const PLAIN = ["search", "contacts", "requests", "settings", "network", "me"] as const;
const ID = /^[a-z2-7]{26}$|^[a-z2-7]{52}$/;

/** The place that the fragment names; the first one for anything else. */
export function parseRoute(fragment: string): Route {
  const [, first = "", id = "", last] = fragment.split("/");
  const plain = PLAIN.find((at) => at === first);
  if (plain !== undefined) return { at: plain };
  if (first !== "talk" || !ID.test(id)) return { at: "home" };
  return { at: last === "details" ? "details" : "talk", to: id };
}

/** The fragment of a place. */
export function formatRoute(route: Route): string {
  switch (route.at) {
    case "home":
      return "#/";
    case "talk":
      return `#/talk/${route.to}`;
    case "details":
      return `#/talk/${route.to}/details`;
    default:
      return `#/${route.at}`;
  }
}

/** Whose conversation is shown, or null. */
export function findRouteId(route: Route): string | null {
  return route.at === "talk" || route.at === "details" ? route.to : null;
}

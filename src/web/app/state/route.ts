/** The place in the page as the fragment of the address, so that going back, reloading and a second tab work. Pure. */

/** A place in the page. `to` is a room id, or a peer id for a direct conversation. */
export type Route =
  | { readonly at: "home" }
  | { readonly at: "conversation"; readonly to: string }
  | { readonly at: "details"; readonly to: string }
  | { readonly at: "search" | "contacts" | "requests" | "settings" | "network" | "me" };

const PLAIN = ["search", "contacts", "requests", "settings", "network", "me"] as const;
const ID = /^[a-z2-7]{26}$|^[a-z2-7]{52}$/;

/** The place in a fragment; "home" for anything that is no place. */
export function parseRoute(fragment: string): Route {
  const [, first = "", id = "", last] = fragment.split("/");
  const plain = PLAIN.find((at) => at === first);
  if (plain !== undefined) return { at: plain };
  if (first !== "talk" || !ID.test(id)) return { at: "home" };
  return { at: last === "details" ? "details" : "conversation", to: id };
}

/** The fragment of a place. */
export function formatRoute(route: Route): string {
  switch (route.at) {
    case "home":
      return "#/";
    case "conversation":
      return `#/talk/${route.to}`;
    case "details":
      return `#/talk/${route.to}/details`;
    default:
      return `#/${route.at}`;
  }
}

/** The id of the conversation that a route shows, or null. */
export function findRouteId(route: Route): string | null {
  return route.at === "conversation" || route.at === "details" ? route.to : null;
}

import { assertEquals } from "@std/assert";
import { PEER, ROOM } from "../../../fixtures/web/page_rows.ts";
import { createPageWorld } from "../../../fixtures/web/page_world.ts";

Deno.test("start takes the route from the address, and follows it", () => {
  const { routing, address, state } = createPageWorld({ fragment: `#/talk/${ROOM}` });
  const routes: string[] = [];
  routing.start(() => routes.push(state.openId.value ?? state.route.value.at));
  address.visit("#/settings");
  assertEquals(routes, [ROOM, "settings"]);
});

Deno.test("Going back with an open dialog closes the dialog and stays", () => {
  const { routing, address, state } = createPageWorld();
  let count = 0;
  routing.start(() => count++);
  routing.go({ at: "conversation", to: ROOM });
  state.dialog.value = { is: "join" };
  address.back();
  assertEquals([state.dialog.value, state.route.value], [null, { at: "conversation", to: ROOM }]);
  assertEquals([address.fragments, count], [["#/", `#/talk/${ROOM}`], 2]);
  address.back();
  assertEquals([state.route.value, count], [{ at: "home" }, 3]);
});

Deno.test("An address that is no place of the page closes an open dialog and is not replaced", () => {
  const { routing, address, state } = createPageWorld();
  routing.start(() => {});
  state.dialog.value = { is: "join" };
  address.visit("#enter=token");
  assertEquals([state.dialog.value, address.fragments], [null, ["#/", "#enter=token"]]);
});

Deno.test("go adds to the history, but not the place where the user is", () => {
  const { routing, address, state } = createPageWorld();
  let count = 0;
  routing.start(() => count++);
  routing.go({ at: "conversation", to: PEER });
  routing.go({ at: "conversation", to: PEER });
  assertEquals(state.route.value, { at: "conversation", to: PEER });
  assertEquals([address.fragments, count], [["#/", `#/talk/${PEER}`], 2]);
});

Deno.test("goBack goes back to where the user came from", () => {
  const { routing, address, state } = createPageWorld();
  routing.start(() => {});
  routing.go({ at: "contacts" });
  routing.go({ at: "details", to: ROOM });
  routing.goBack();
  assertEquals([state.route.value, address.fragments], [{ at: "contacts" }, ["#/", "#/contacts"]]);
});

Deno.test("goBack from a place that was opened by its address goes to the place above", () => {
  const { routing, address, state } = createPageWorld({ fragment: `#/talk/${ROOM}/details` });
  let count = 0;
  routing.start(() => count++);
  routing.goBack();
  assertEquals(state.route.value, { at: "conversation", to: ROOM });
  routing.goBack();
  assertEquals([state.route.value, address.fragments, count], [{ at: "home" }, ["#/"], 3]);
});

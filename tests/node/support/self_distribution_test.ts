import { assertEquals } from "@std/assert";
import { makeNearNetworks } from "../../../src/node/support/self_distribution.ts";
import { by } from "../../fixtures/discovery/beacons.ts";

const WLAN = by("wlan0 192.168.43.1/24");
const CABLE = by("eth0 10.1.2.3/16");
const LO = by("lo 127.0.0.1/8");
const TUNNEL = by("wg0 10.8.0.2/24");

Deno.test("nearNetworks are those with others on them: no tunnels, nothing that cannot be used", () => {
  const near = (used: readonly ReturnType<typeof by>[], isChosen = false) =>
    makeNearNetworks({ used: () => used, isChosen: () => isChosen }).addresses();
  assertEquals(near([WLAN, CABLE, LO, TUNNEL]), ["192.168.43.1", "10.1.2.3"]);
  assertEquals(near([{ ...WLAN, openProblem: "unreachable" }, LO, TUNNEL]), []);
  assertEquals(near([LO]), []);
  assertEquals(near([LO], true), ["127.0.0.1"]);
  assertEquals(near([WLAN, LO], true), ["192.168.43.1"]);
});

Deno.test("nearNetworks takes for near who is on the network of the address that was called", () => {
  let used = [WLAN, CABLE];
  const near = makeNearNetworks({ used: () => used, isChosen: () => false });
  assertEquals(near.isNear("192.168.43.77", "192.168.43.1"), true);
  assertEquals(near.isNear("192.168.44.77", "192.168.43.1"), false);
  assertEquals(near.isNear("10.1.9.9", "192.168.43.1"), false);
  assertEquals(near.isNear("10.1.9.9", "10.1.2.3"), true);
  assertEquals(near.isNear("8.8.8.8", "10.1.2.3"), false);
  assertEquals(near.isNear("10.1.9.9", "10.9.9.9"), false);
  used = [WLAN];
  assertEquals(near.isNear("10.1.9.9", "10.1.2.3"), false);
});

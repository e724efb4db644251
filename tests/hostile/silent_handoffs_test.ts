/** A few addresses that ask for sessions and say nothing more keep nobody else out. */

import { assertEquals } from "@std/assert";
import { DialError } from "../../src/client/dial.ts";
import { PENDING_MAX, PENDING_PER_ADDRESS_MAX } from "../../src/host/admission.ts";
import { SILENT_MS } from "../../src/host/rendezvous_server.ts";
import { DOOR, Street } from "../fixtures/handoff_network.ts";

Deno.test("Nine addresses with eight silent handoffs each keep no newcomer out, nor one of their own devices", async () => {
  const street = new Street("silent");
  const rendezvous = street.open();
  const addresses = Array.from(
    { length: PENDING_MAX / PENDING_PER_ADDRESS_MAX + 1 },
    (_, index) => `10.0.1.${index + 1}`,
  );
  const places = addresses.map((address) => street.place(address));
  const fill = async () => {
    for (const place of places) {
      for (let count = 0; count < PENDING_PER_ADDRESS_MAX; count++) {
        await street.visit(place, DOOR, "EARSHOT/1 HELLO\n");
      }
    }
  };
  await fill();
  await street.time.runFor(SILENT_MS);
  const newcomer = street.place("10.0.2.1");
  const outcomes: string[] = [];
  for (const place of [newcomer, newcomer, places[0] ?? newcomer]) {
    outcomes.push(
      await street.dial(place).then(() => "in", (error) => {
        if (!(error instanceof DialError)) throw error;
        return error.problem;
      }),
    );
  }
  assertEquals(outcomes, ["in", "in", "in"]);
  await street.time.runFor(100);
  assertEquals(street.arrivals.length, 3);
  await street.shut(rendezvous);
});

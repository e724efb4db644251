/** How nodes end, and who else may have their home. */

import { assert, assertEquals } from "@std/assert";
import { lanTest } from "../fixtures/lan/lan_test_case.ts";
import { KITCHEN, trioInKitchen } from "../fixtures/lan/scenarios.ts";

/** Leaving takes no longer than this. */
const LEAVE_MS_MAX = 1_000;
/** Who has left is not shown as here for longer. */
const GONE_MS_MAX = 5_000;

lanTest("Ctrl-C and SIGTERM end a node within 1 s, and others see it gone", async (lab) => {
  const [ada, bob, cleo] = await trioInKitchen(lab);
  await ada.says(KITCHEN, "all here");
  for (const [leaver, signal] of [[cleo, "SIGINT"], [bob, "SIGTERM"]] as const) {
    const from = ada.mark;
    const { ms, code, err } = await leaver.leave(signal);
    assertEquals({ code, err }, { code: 0, err: "" });
    assert(ms < LEAVE_MS_MAX, `${signal} took ${ms} ms`);
    const what = `${leaver.name} is gone`;
    const isGone = { what, from, ms: GONE_MS_MAX };
    await ada.event("peer", ({ change, peer }) => change === "gone" && peer.id === leaver.id, isGone);
    assertEquals((await ada.peers()).some((peer) => peer.id === leaver.id), false);
  }
});

lanTest("a second node on a home says which process has it", async (lab) => {
  const host = await lab.host();
  const ada = await host.node("ada");
  assertEquals(await ada.command("node"), {
    code: 1,
    out: "",
    err: `earshot: earshot is already running with the home "${ada.home}" (process ${ada.program.pid}). ` +
      'Stop it with "earshot stop", or use another home with --home\n',
  });
});

lanTest("stop ends a node, and what a killed one left is in nobody's way", async (lab) => {
  const host = await lab.host();
  const ada = await host.node("ada");
  await ada.does("stop");
  assertEquals((await ada.program.ended).code, 0);
  await ada.start();
  await ada.kill();
  const err = `earshot: No earshot is running with the home "${ada.home}"\n`;
  assertEquals(await ada.command("stop"), { code: 1, out: "", err });
  await ada.start();
  assertEquals((await ada.status()).pid, ada.program.pid);
});

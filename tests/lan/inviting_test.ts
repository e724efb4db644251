/** Invite-only rooms, and strangers, between real processes on hosts of their own. */

import { assert, assertEquals } from "@std/assert";
import type { RoomRow } from "../../src/api/commands.ts";
import { lanTest } from "../fixtures/lan/lan_test_case.ts";
import type { LanNode } from "../fixtures/lan/lan_node.ts";
import { until } from "../fixtures/patience.ts";
import { trio } from "../fixtures/lan/scenarios.ts";

const VAULT = "#Vault";

async function linkOf(node: LanNode): Promise<string> {
  const { link } = JSON.parse(await node.does("invite", "Vault", "--json"));
  assert(typeof link === "string");
  return link;
}

/** The room of that title that it is in. */
async function vaultOf(node: LanNode): Promise<RoomRow | undefined> {
  return (await node.rooms()).find((room) => room.title === "Vault" && room.joined);
}

lanTest("a link lets in who has it, also where nobody is found, and others see no room", async (lab) => {
  const [here, there, yonder] = [await lab.host(), await lab.host(), await lab.host()];
  // Bob listens for beacons at a port of his own: without the link he would find nobody.
  const ada = await here.node("ada");
  const bob = await there.node("bob", "--discovery-port", "9202");
  const cleo = await yonder.node("cleo");
  await ada.does("host", "Vault", "--invited");
  const link = await linkOf(ada);
  assert(link.startsWith(`earshot://${here.address}:9999/`), link);
  await bob.does("join", link);
  await bob.says(VAULT, "by the link");
  await ada.hears("by the link");
  await cleo.meets(ada);
  assertEquals(await cleo.rooms(), []);
  await cleo.does("join", link.toUpperCase());
  await cleo.says(VAULT, "in capitals");
  await bob.hears("in capitals");
});

lanTest("renew takes the others along, and a member who was killed meanwhile follows later", async (lab) => {
  const [ada, bob, cleo] = await trio(lab);
  await ada.does("host", "Vault", "--invited");
  const link = await linkOf(ada);
  for (const guest of [bob, cleo]) await guest.does("join", link);
  await ada.says(VAULT, "all of us");
  const before = await vaultOf(ada);
  await cleo.kill();
  await ada.does("renew", "Vault");
  const after = await vaultOf(ada);
  assert(after !== undefined && after.id !== before?.id);
  const follows = async (node: LanNode) => {
    await until(`${node.name} is in the new room`, async (tell) => {
      const room = await vaultOf(node);
      tell(room);
      return room?.id === after.id ? room : null;
    });
  };
  await follows(bob);
  await cleo.start();
  await follows(cleo);
  await cleo.says(after.id, "here too");
  await bob.hears("here too");
});

lanTest("a stranger waits until it is answered, and a blocked one is refused", async (lab) => {
  const [ada, bob] = await trio(lab);
  await bob.meets(ada);
  await bob.says("ada", "may I?");
  await ada.isAskedBy(bob, "may I?");
  assertEquals(await ada.contacts(), []);
  await ada.does("accept", "bob");
  await ada.says("bob", "you may");
  await bob.hears("you may");
  await ada.does("contacts", "block", "bob");
  await bob.does("send", "ada", "still there?");
  await until("bob has no session with ada", async (tell) => {
    const [row] = (await bob.peers()).filter(({ id }) => id === ada.id);
    tell(row);
    return row?.connected === true ? null : true;
  });
  const sent = (await bob.log("ada")).at(-1);
  assertEquals([sent?.text, sent?.state], ["still there?", "kept"]);
  await ada.does("contacts", "unblock", "bob");
  await ada.hears("still there?");
});

/** The page of a real node, from its link to its restart, with raw sockets in place of a browser. */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { CLOSE_CODES } from "../../src/web/shared/live_protocol.ts";
import { answerTo, prove, untilEvent } from "../fixtures/web/page_server.ts";
import { rawRequest, RawSocket } from "../fixtures/web/raw_client.ts";
import { HAS_SIGNALS, Place } from "../fixtures/real_processes.ts";

interface Browser {
  readonly port: number;
  readonly cookie: string;
  readonly key: string;
}

const headersOf = (port: number) => [`Host: 127.0.0.1:${port}`, `Origin: http://127.0.0.1:${port}`];

/** Enters by a new link of that home. */
async function enter(place: Place, name: string): Promise<Browser> {
  const { out } = await place.run(name, "page", "--no-browser", "--json");
  const { link, address } = JSON.parse(out);
  const port = Number(new URL(address).port);
  const { status, headers, body } = await rawRequest(port, {
    line: "POST /enter",
    headers: [...headersOf(port), "Content-Type: application/json"],
    body: JSON.stringify({ token: link.slice(link.indexOf("#enter=") + "#enter=".length) }),
  });
  assertEquals(status, 200, body);
  return { port, cookie: (headers.get("set-cookie") ?? "").split(";")[0] ?? "", key: JSON.parse(body).key };
}

async function open({ port, cookie, key }: Browser): Promise<RawSocket> {
  const socket = await RawSocket.open(port, "/live", [...headersOf(port), `Cookie: ${cookie}`]);
  assertEquals(socket.answer.status, 101);
  const hello = await prove(socket, { key, port });
  assert("text" in hello);
  await untilEvent(socket, "ready");
  return socket;
}

Deno.test("two people talk over their pages, and a page finds its node again after a restart", async () => {
  await using place = new Place();
  const alice = await place.nodeWithPage("alice");
  const bob = await place.nodeWithPage("bob");
  await bob.next((event) => event.event === "peer");
  const [ofAlice, ofBob] = [await enter(place, "alice"), await enter(place, "bob")];
  assert(ofAlice.port !== ofBob.port);
  using onAlice = await open(ofAlice);
  using onBob = await open(ofBob);
  const ask = async (socket: RawSocket, id: number, command: unknown) => {
    await socket.send(JSON.stringify({ id, command }));
    return await answerTo(socket, id) as { reply?: Record<string, unknown> };
  };
  await ask(onAlice, 1, { do: "host", title: "Kitchen" });
  await place.until("bob", ["join", "Kitchen"], ({ code }) => code === 0);
  assert((await ask(onBob, 1, { do: "send", to: "#Kitchen", text: "tea?" })).reply !== undefined);
  let said = "";
  while (said !== "tea?") {
    const { row } = await untilEvent(onAlice, "entry") as { row: { text: string } };
    said = row.text;
  }

  assertEquals((await place.run("alice", "stop")).code, 0);
  assertEquals((await onAlice.rest()).closed, CLOSE_CODES.leaving);
  assertEquals((await alice.ended()).code, 0);
  const again = await place.nodeWithPage("alice");
  using back = await open(ofAlice);
  const { reply } = await ask(back, 2, { do: "log", to: "#Kitchen", last: 1 });
  assertEquals((reply?.rows as { text: string }[])[0]?.text, "tea?");
  await again.kill();
  await bob.kill();
});

Deno.test({
  name: "what lets a browser in can be read by its user only, and is gone with the node",
  ignore: !HAS_SIGNALS,
  async fn() {
    await using place = new Place();
    const alice = await place.nodeWithPage("alice");
    const home = place.home("alice");
    await enter(place, "alice");
    const modeOf = async (path: string) => ((await Deno.stat(path)).mode ?? 0) & 0o777;
    assertEquals([await modeOf(home), await modeOf(join(home, "page.json"))], [0o700, 0o600]);
    const { port, token } = JSON.parse(await Deno.readTextFile(join(home, "node.json")));
    const response = await fetch(`http://127.0.0.1:${port}/v1/page`, {
      method: "POST",
      headers: { "authorization": `Bearer ${token}`, "content-type": "application/json" },
      body: '{"isFile":true}',
    });
    const { reply: { path } } = await response.json();
    assertEquals([path, await modeOf(path)], [join(home, "enter.html"), 0o600]);
    alice.signal("SIGTERM");
    await alice.ended();
    const names = (await Array.fromAsync(Deno.readDir(home))).map(({ name }) => name);
    assertEquals([names.includes("page.json"), names.includes("enter.html")], [true, false]);
  },
});

import { assertEquals } from "@std/assert";
import { EventHub, EVENTS_WAITING_MAX } from "../../../src/node/support/event_hub.ts";
import type { NodeEvent } from "../../../src/api/commands.ts";

function notice(text: string | number): NodeEvent {
  return { event: "notice", text: String(text) };
}

function textOf(event: NodeEvent): string {
  return event.event === "notice" ? event.text : event.event;
}

/** Collects events in the background. */
function collect(events: AsyncIterable<NodeEvent>): { texts: string[]; ended: Promise<void> } {
  const texts: string[] = [];
  const run = async () => {
    for await (const event of events) texts.push(textOf(event));
  };
  return { texts, ended: run() };
}

/** Lets all that is ready run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

Deno.test("EventHub gives every listener the events from its call on, in order", async () => {
  const hub = new EventHub();
  hub.publish(notice("before"));
  const first = collect(hub.listen(new AbortController().signal));
  hub.publish(notice(1));
  const second = collect(hub.listen(new AbortController().signal));
  hub.publish(notice(2));
  await settle();
  hub.publish(notice(3));
  hub.close();
  await Promise.all([first.ended, second.ended]);
  assertEquals([first.texts, second.texts], [["1", "2", "3"], ["2", "3"]]);
});

Deno.test("EventHub keeps what comes between the call and the first look", async () => {
  const hub = new EventHub();
  const events = hub.listen(new AbortController().signal);
  hub.publish(notice("early"));
  hub.close();
  const { texts, ended } = collect(events);
  await ended;
  assertEquals(texts, ["early"]);
});

Deno.test("EventHub drops the oldest events of a listener that is too slow, and nobody else's", async () => {
  const hub = new EventHub();
  const slow = hub.listen(new AbortController().signal);
  const quick = collect(hub.listen(new AbortController().signal));
  for (let number = 1; number <= EVENTS_WAITING_MAX + 5; number++) {
    hub.publish(notice(number));
    await settle();
  }
  hub.close();
  const late = collect(slow);
  await Promise.all([late.ended, quick.ended]);
  assertEquals(quick.texts.length, EVENTS_WAITING_MAX + 5);
  assertEquals([late.texts.length, late.texts[0], late.texts.at(-1)], [EVENTS_WAITING_MAX, "6", "1005"]);
});

Deno.test("EventHub ends a listener by its signal, waiting or not, and the others go on", async () => {
  const hub = new EventHub();
  const controller = new AbortController();
  const leaving = collect(hub.listen(controller.signal));
  const staying = collect(hub.listen(new AbortController().signal));
  await settle();
  controller.abort();
  await leaving.ended;
  hub.publish(notice("later"));
  const late = collect(hub.listen(AbortSignal.abort()));
  await late.ended;
  hub.close();
  await staying.ended;
  assertEquals([leaving.texts, staying.texts, late.texts], [[], ["later"], []]);
});

Deno.test("EventHub that is closed ends those who listen later too", async () => {
  const hub = new EventHub();
  hub.close();
  const { texts, ended } = collect(hub.listen(new AbortController().signal));
  await ended;
  assertEquals(texts, []);
});

Deno.test("EventHub frees a listener that never read, when its signal ends", () => {
  const hub = new EventHub();
  const controller = new AbortController();
  hub.listen(controller.signal);
  assertEquals(hub.hasListeners, true);
  controller.abort();
  assertEquals(hub.hasListeners, false);
  hub.listen(AbortSignal.abort());
  assertEquals(hub.hasListeners, false);
});

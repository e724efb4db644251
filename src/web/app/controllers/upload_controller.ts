/** Files on their way from this browser to the own node, one parcel after the other, and their offers. */

import type { NodeEvent } from "../../../api/commands.ts";
import { run } from "./node_client.ts";
import { guardLeaving, nowMs, runLater } from "../browser/browser_window.ts";
import { dropUpload, newUploadId, upload } from "../browser/node_files.ts";
import { instance, troubleText } from "./offers_controller.ts";
import { CommandFailure } from "../connection/node_socket.ts";
import { type Parcel, type PickedFile, toUploadPath, type Upload } from "../state/parcels.ts";
import * as store from "../state/app_state.ts";
import { followSent } from "./conversation_controller.ts";
import { translate } from "../i18n/i18n.ts";

/** Files of one folder that are brought at once. */
const FILES_AT_ONCE = 4;
/** While other pages bring more than the node takes at once. */
const BUSY_MS = 500;
/** Progress is shown at most so often. */
const SHOWN_MS = 100;

/** What is stopped by the user. */
const STOPPED = new DOMException("The user stops it", "AbortError");

const stops = new Map<string, AbortController>();
let turn: Promise<void> = Promise.resolve();

/** Lets the user look at what was chosen before it is sent. */
export function chooseFiles(to: string, parcels: readonly Parcel[]): void {
  const room = store.conversation.value?.to === to ? store.conversation.value.room : store.findRoom(to);
  if (room === null) return;
  const { value: dialog } = store.dialog;
  const before = dialog?.is === "send" && dialog.to === to ? store.parcels.value : [];
  store.parcels.value = [...before, ...parcels];
  store.dialog.value = { is: "send", to, room };
}

/** Sends what was chosen, as far as it can be. */
export function sendFiles(to: string): void {
  const ready = store.parcels.value.filter(({ problem }) => problem === null);
  store.parcels.value = [];
  for (const parcel of ready) {
    begin({ id: newUploadId(), to, parcel, doneBytes: 0, state: { at: "waiting" } });
  }
}

/** Tries once more what failed. */
export function sendAgain({ id, to, parcel }: Upload): void {
  forget(id);
  begin({ id: newUploadId(), to, parcel, doneBytes: 0, state: { at: "waiting" } });
}

/** Stops it, or takes what failed off the screen. */
export function stopSending({ id }: Upload): void {
  stops.get(id)?.abort(STOPPED);
  forget(id);
}

/** The node reads what is about to be offered. */
export function onReading(
  { roomId, readBytes }: Extract<NodeEvent, { event: "reading" }>,
): void {
  // One at a time is offered from here; another page's may show here for a moment.
  const one = store.uploads.value.find(({ to, state }) =>
    state.at === "offering" && store.findRoom(to)?.id === roomId
  );
  if (one !== undefined) change(one.id, { doneBytes: Math.min(readBytes, one.parcel.sizeBytes) });
}

function begin(one: Upload): void {
  const stop = new AbortController();
  stops.set(one.id, stop);
  store.uploads.value = [...store.uploads.value, one];
  const done = guardLeaving();
  const brought = turn.then(() => bring(one, stop.signal)).finally(() => {
    stops.delete(one.id);
    done();
  });
  // A bug in one of them keeps the next from nothing.
  turn = brought.catch(() => {});
}

/** Never rejects for what may go wrong: it stands in the list then. */
async function bring({ id, to, parcel }: Upload, signal: AbortSignal): Promise<void> {
  const start = instance.value;
  try {
    signal.throwIfAborted();
    if (start === null) throw new CommandFailure("link", translate("link.notSent"));
    change(id, { state: { at: "sending" } });
    await bringFiles({ id, parcel, start, signal });
    change(id, { state: { at: "offering" }, doneBytes: 0 });
    await run({ do: "offer", to: store.findRoom(to)?.id ?? to, upload: id });
    forget(id);
    await followSent(to);
  } catch (error) {
    const failure = error instanceof CommandFailure ? error : null;
    if (failure === null && error !== STOPPED) throw error;
    if (failure !== null) change(id, { state: { at: "failed", problem: failure.message } });
    // Whether it was offered is not known without an answer: then what was brought stays.
    const isKnown = failure === null || failure.kind === "usage" || failure.kind === "world";
    if (start !== null && isKnown) await dropUpload(id, start);
  }
}

async function bringFiles(
  { id, parcel, start, signal }: {
    readonly id: string;
    readonly parcel: Parcel;
    readonly start: string;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  let doneBytes = 0;
  let shownMs = -Infinity;
  const underWay = new Map<PickedFile, number>();
  const show = () => {
    if (nowMs() - shownMs < SHOWN_MS) return;
    shownMs = nowMs();
    const sent = [...underWay.values()].reduce((sum, bytes) => sum + bytes, doneBytes);
    change(id, { doneBytes: Math.min(sent, parcel.sizeBytes) });
  };
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const next = parcel.files.values();
  const worker = async () => {
    for (const file of next) {
      await bringFile(file, {
        id,
        start,
        signal: either,
        onSent: (bytes) => {
          underWay.set(file, bytes);
          show();
        },
      });
      underWay.delete(file);
      doneBytes += file.blob?.size ?? 0;
      show();
    }
  };
  const workers = Array.from({ length: FILES_AT_ONCE }, async () => {
    try {
      await worker();
    } catch (error) {
      // The others need not go on; why is told by whoever failed first.
      failed.abort(error);
      throw error;
    }
  });
  const [first] = (await Promise.allSettled(workers)).filter(({ status }) => status === "rejected");
  if (first !== undefined) throw either.reason;
}

async function bringFile(
  file: PickedFile,
  { id, start, signal, onSent }: {
    readonly id: string;
    readonly start: string;
    readonly signal: AbortSignal;
    onSent(bytes: number): void;
  },
): Promise<void> {
  const { blob } = file;
  if (blob === null) throw new CommandFailure("usage", translate("send.unread"));
  while (true) {
    const trouble = await upload({ id, way: toUploadPath(file), blob, instance: start, signal, onSent });
    if (trouble === null) return;
    if (trouble.is !== "busy") throw new CommandFailure("world", troubleText(trouble));
    await new Promise<void>((resolve) => runLater(BUSY_MS, resolve));
  }
}

function change(id: string, to: Partial<Pick<Upload, "state" | "doneBytes">>): void {
  store.uploads.value = store.uploads.value.map((one) => one.id === id ? { ...one, ...to } : one);
}

function forget(id: string): void {
  store.uploads.value = store.uploads.value.filter((one) => one.id !== id);
}

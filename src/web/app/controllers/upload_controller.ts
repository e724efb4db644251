/** Sends chosen files to the user's own node, one parcel after the other, and has the node offer them. */

import type { NodeEvent } from "../../../api/commands.ts";
import { describeCrowding } from "../../../api/files.ts";
import type { FileTransport, PageClock, PageWindow } from "../browser/ports.ts";
import { CommandFailure } from "../connection/node_socket.ts";
import { translate, translateMessage } from "../i18n/i18n.ts";
import { type AppState, findRoom } from "../state/app_state.ts";
import { type Parcel, type PickedFile, toUploadPath, type Upload } from "../state/parcels.ts";
import type { ConversationController } from "./conversation_controller.ts";
import { formatFileProblem } from "./file_problem.ts";
import type { NodeClient } from "./node_client.ts";

/** Files of one parcel that are sent at once. */
const FILES_AT_ONCE = 4;
/** Time until a file is sent again that the node was too busy for. */
const BUSY_MS = 500;
/** Time between two updates of the progress. */
const PROGRESS_MS = 100;

/** The reason of an abort by the user. */
const STOPPED = new DOMException("Stopped by the user", "AbortError");

/** Uploads. */
export interface UploadController {
  /** Opens the dialog in which the user confirms the files; they join those that are chosen already. */
  choose(to: string, parcels: readonly Parcel[]): void;
  /** Sends the chosen parcels, except those with a problem. Returns why none of them can be sent; null if they can. */
  sendChosen(to: string): Promise<string | null>;
  /** Starts a failed upload again. */
  retry(upload: Upload): void;
  /** Stops an upload, or removes a failed one from the list. */
  stop(upload: Upload): void;
  /** The node reports how much of an offer it has read. */
  onReading(event: Extract<NodeEvent, { event: "reading" }>): void;
}

interface Parts {
  readonly node: NodeClient;
  readonly state: AppState;
  readonly clock: PageClock;
  readonly files: FileTransport;
  readonly window: Pick<PageWindow, "guardLeaving">;
  readonly conversation: Pick<ConversationController, "followSent">;
}

/** Makes the controller. */
export function createUploadController(
  { node, state, clock, files, window, conversation }: Parts,
): UploadController {
  const { uploads } = state;
  const stops = new Map<string, AbortController>();
  let lastTurn: Promise<void> = Promise.resolve();

  function update(id: string, change: Partial<Pick<Upload, "state" | "doneBytes">>): void {
    uploads.value = uploads.value.map((one) => one.id === id ? { ...one, ...change } : one);
  }

  function remove(id: string): void {
    uploads.value = uploads.value.filter((one) => one.id !== id);
  }

  function begin(to: string, parcel: Parcel): void {
    const id = files.createUploadId();
    const upload: Upload = { id, to, parcel, doneBytes: 0, state: { at: "waiting" } };
    const stop = new AbortController();
    stops.set(id, stop);
    uploads.value = [...uploads.value, upload];
    const allowLeaving = window.guardLeaving();
    const turn = lastTurn.then(() => sendAndOffer(upload, stop.signal)).finally(() => {
      stops.delete(id);
      allowLeaving();
    });
    // A bug in one turn must not block the next.
    lastTurn = turn.catch(() => {});
  }

  /** Tells that so many offers do not fit, before any is uploaded. Other failures appear at the upload itself. */
  async function findCrowding(to: string, count: number): Promise<string | null> {
    try {
      const { freeCount } = await node.run({ do: "files", to: findRoom(state, to)?.id ?? to });
      if (freeCount === undefined || count <= freeCount) return null;
      return translateMessage(describeCrowding({ count, freeCount }));
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
      return null;
    }
  }

  /** Rejects for bugs alone: other failures stand in the list of uploads. */
  async function sendAndOffer({ id, to, parcel }: Upload, signal: AbortSignal): Promise<void> {
    const instance = state.instance.value;
    try {
      signal.throwIfAborted();
      if (instance === null) throw new CommandFailure("link", translate("link.notSent"));
      update(id, { state: { at: "sending" } });
      await sendParcel({ id, parcel, instance, signal });
      update(id, { state: { at: "offering" }, doneBytes: 0 });
      await node.run({ do: "offer", to: findRoom(state, to)?.id ?? to, upload: id });
      remove(id);
      await conversation.followSent(to);
    } catch (error) {
      const failure = error instanceof CommandFailure ? error : null;
      if (failure === null && error !== STOPPED) throw error;
      if (failure !== null) update(id, { state: { at: "failed", problem: failure.message } });
      // Without an answer the offer may have been made: then the node keeps the files.
      const isNotOffered = failure === null || failure.kind === "usage" || failure.kind === "world";
      if (instance !== null && isNotOffered) await files.dropUpload(id, instance);
    }
  }

  async function sendParcel(
    { id, parcel, instance, signal }: {
      readonly id: string;
      readonly parcel: Parcel;
      readonly instance: string;
      readonly signal: AbortSignal;
    },
  ): Promise<void> {
    const progress = createProgress(
      clock,
      (bytes) => update(id, { doneBytes: Math.min(bytes, parcel.sizeBytes) }),
    );
    const failed = new AbortController();
    const either = AbortSignal.any([signal, failed.signal]);
    const next = parcel.files.values();
    const sendNext = async () => {
      for (const file of next) {
        const onSent = (bytes: number) => progress.report(file, bytes);
        await sendFile(file, { id, instance, signal: either, onSent });
        progress.finish(file);
      }
    };
    const workers = Array.from({ length: FILES_AT_ONCE }, async () => {
      try {
        await sendNext();
      } catch (error) {
        // The other workers stop, with the first failure as their reason.
        failed.abort(error);
        throw error;
      }
    });
    const [first] = (await Promise.allSettled(workers)).filter(({ status }) => status === "rejected");
    if (first !== undefined) throw either.reason;
  }

  async function sendFile(
    file: PickedFile,
    { id, instance, signal, onSent }: {
      readonly id: string;
      readonly instance: string;
      readonly signal: AbortSignal;
      onSent(bytes: number): void;
    },
  ): Promise<void> {
    const { blob } = file;
    if (blob === null) throw new CommandFailure("usage", translate("send.unread"));
    while (true) {
      const problem = await files.upload({ id, path: toUploadPath(file), blob, instance, signal, onSent });
      if (problem === null) return;
      if (problem.is !== "busy") {
        const isConnected = state.connection.value.at === "open";
        throw new CommandFailure("world", formatFileProblem(problem, { isConnected }));
      }
      await new Promise<void>((resolve) => clock.runLater(BUSY_MS, resolve));
    }
  }

  return {
    choose(to, parcels) {
      const { value: open } = state.conversation;
      const room = open?.to === to ? open.room : findRoom(state, to);
      if (room === null) return;
      const { value: dialog } = state.dialog;
      const before = dialog?.is === "send" && dialog.to === to ? state.parcels.value : [];
      state.parcels.value = [...before, ...parcels];
      state.dialog.value = { is: "send", to, room };
    },

    async sendChosen(to) {
      const ready = state.parcels.value.filter(({ problem }) => problem === null);
      const crowding = await findCrowding(to, ready.length);
      if (crowding !== null) return crowding;
      state.parcels.value = [];
      for (const parcel of ready) begin(to, parcel);
      return null;
    },

    retry({ id, to, parcel }) {
      remove(id);
      begin(to, parcel);
    },

    stop({ id }) {
      stops.get(id)?.abort(STOPPED);
      remove(id);
    },

    onReading({ roomId, readBytes }) {
      // This page offers one parcel at a time. The bytes may be another page's for a moment.
      const one = uploads.value.find(({ to, state: { at } }) =>
        at === "offering" && findRoom(state, to)?.id === roomId
      );
      if (one !== undefined) update(one.id, { doneBytes: Math.min(readBytes, one.parcel.sizeBytes) });
    },
  };
}

/** The bytes of a parcel that were sent so far, shown every 100 ms at most. */
function createProgress(
  clock: PageClock,
  show: (bytes: number) => void,
): { report(file: PickedFile, bytes: number): void; finish(file: PickedFile): void } {
  const underWay = new Map<PickedFile, number>();
  let finishedBytes = 0;
  let shownMs = -Infinity;
  const update = () => {
    if (clock.elapsedMs() - shownMs < PROGRESS_MS) return;
    shownMs = clock.elapsedMs();
    show([...underWay.values()].reduce((sum, bytes) => sum + bytes, finishedBytes));
  };
  return {
    report(file, bytes) {
      underWay.set(file, bytes);
      update();
    },
    finish(file) {
      underWay.delete(file);
      finishedBytes += file.blob?.size ?? 0;
      update();
    },
  };
}

/** Offers of files: reads those of the open conversation, follows their progress, and does what the user asks for. */

import { effect } from "@preact/signals";
import type { LogRow } from "../../../api/commands.ts";
import type { FileRow } from "../../../api/files.ts";
import type { FileTransport, PageClock, PageWindow } from "../browser/ports.ts";
import { translate, translateTold } from "../i18n/i18n.ts";
import type { AppState } from "../state/app_state.ts";
import { type FileAction, findFileNews, withFile } from "../state/offers.ts";
import { formatFileProblem } from "./file_problem.ts";
import type { NodeClient } from "./node_client.ts";
import type { ShowToast } from "./toast.ts";

/** Offers within this time are read together. */
const READ_MS = 50;
/** Time between two announcements of progress: a screen reader would not finish reading more. */
const ANNOUNCE_MS_MIN = 10_000;

/** The offers. */
export interface OffersController {
  /** Reads the offers of each conversation that is opened. The result ends that. */
  start(): () => void;
  /** A row of the log is a new offer. */
  onFileEntry(row: LogRow): void;
  /** The node reports a change of an offer. */
  onFileEvent(file: FileRow): void;
  /** Does what the user chose. A failure becomes a toast, or stands in the offer. */
  act(file: FileRow, action: FileAction): Promise<void>;
  /** The address of a picture in the node's run `instance`; null if the browser has no key. */
  findPicture(id: string, instance: string): Promise<string | null>;
}

/** Makes the controller. */
export function createOffersController(
  { node, state, clock, files, window, showToast }: {
    readonly node: NodeClient;
    readonly state: AppState;
    readonly clock: PageClock;
    readonly files: FileTransport;
    readonly window: Pick<PageWindow, "copyText">;
    readonly showToast: ShowToast;
  },
): OffersController {
  let isReadingSoon = false;
  let announcedMs = -Infinity;

  async function readOffers(): Promise<void> {
    const room = state.openRoomId.peek();
    if (room === null) return;
    const reply = await node.run({ do: "files", to: room });
    // An offer that is not listed any more is of a peer that was blocked since.
    const others = [...state.files.value.values()].filter(({ roomId }) => roomId !== room);
    state.files.value = new Map([...others, ...reply.files].map((file) => [file.id, file]));
  }

  function onFileEvent(file: FileRow): void {
    const before = state.files.value.get(file.id);
    state.files.value = withFile(state.files.value, file);
    if (file.roomId !== state.openRoomId.peek()) return;
    const news = findFileNews(before, file);
    if (news === null) return;
    const isProgress = typeof news === "number";
    if (isProgress && clock.elapsedMs() - announcedMs < ANNOUNCE_MS_MIN) return;
    announcedMs = clock.elapsedMs();
    const { name } = file;
    state.announcement.value = isProgress
      ? translate("file.toldPart", { name, percent: news })
      : news === "here"
      ? translate("file.toldHere", { name })
      : `${name}: ${translateTold(file.problem ?? "", file.problemMessage)}`;
  }

  async function runFileCommand(command: "get" | "pause" | "cancel", file: string): Promise<void> {
    const reply = await node.run({ do: command, file });
    state.files.value = withFile(state.files.value, reply.file);
  }

  async function save(id: string): Promise<void> {
    const problem = await files.save(id, state.instance.value ?? "");
    if (problem === null) return;
    const isConnected = state.connection.value.at === "open";
    showToast(formatFileProblem(problem, { isConnected }), { isProblem: true });
  }

  async function copyPath(path: string | null): Promise<void> {
    const isCopied = path !== null && await window.copyText(path);
    showToast(
      isCopied ? translate("file.pathCopied", { path }) : translate("file.pathIs", { path: path ?? "" }),
    );
  }

  function runAction({ id, path }: FileRow, action: FileAction): Promise<void> {
    switch (action) {
      case "get":
      case "getAgain":
      case "goOn":
        return runFileCommand("get", id);
      case "pause":
        return runFileCommand("pause", id);
      case "cancel":
      case "withdraw":
        return runFileCommand("cancel", id);
      case "save":
        return save(id);
      case "copyPath":
        return copyPath(path);
    }
  }

  return {
    start: () =>
      effect(() => {
        if (state.openRoomId.value !== null && state.instance.value !== null) void node.tryRun(readOffers);
      }),
    onFileEntry({ roomId }) {
      if (roomId !== state.openRoomId.peek() || isReadingSoon) return;
      isReadingSoon = true;
      clock.runLater(READ_MS, () => {
        isReadingSoon = false;
        if (state.instance.peek() !== null) void node.tryRun(readOffers);
      });
    },
    onFileEvent,
    async act(file, action) {
      await node.tryRun(() => runAction(file, action));
    },
    findPicture: (id, instance) => files.signPictureAddress(id, instance),
  };
}

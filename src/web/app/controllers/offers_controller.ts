/** Offers of files: reads those of the open conversation, keeps them up to date, and does what the user asks for. */

import { computed, effect } from "@preact/signals";
import type { FileRow } from "../../../api/files.ts";
import type { LogRow } from "../../../api/commands.ts";
import { run, tell, tryRun } from "./node_client.ts";
import { copyText, nowMs, runLater } from "../browser/browser_window.ts";
import { type FileProblem, pictureAddress, saveFile } from "../browser/node_files.ts";
import { type FileAction, findFileNews, withFile } from "../state/offers.ts";
import * as store from "../state/app_state.ts";
import { hasLog } from "./conversation_controller.ts";
import { translate, translateNodeText } from "../i18n/i18n.ts";

/** Offers that come together are read together. */
const READ_MS = 50;
/** Between two times that it is told how far a file is: more would never be heard to its end. */
const TOLD_MS_MIN = 10_000;

const openRoom = computed(() => {
  const { value: talk } = store.conversation;
  return talk !== null && hasLog(talk) ? talk.room.id : null;
});
/** The word that tells this start of the node from others; null while there is no connection. */
export const instance = computed(() =>
  store.connection.value.at === "open" ? store.connection.value.hello.instance : null
);
let isReading = false;
let toldMs = -Infinity;

/** Follows the open conversation from now on. */
export function startFiles(): void {
  effect(() => {
    if (openRoom.value !== null && instance.value !== null) void tryRun(readFiles);
  });
}

/** An offer was made. */
export function onFileEntry({ roomId }: LogRow): void {
  if (roomId !== openRoom.peek() || isReading) return;
  isReading = true;
  runLater(READ_MS, () => {
    isReading = false;
    if (instance.peek() !== null) void tryRun(readFiles);
  });
}

/** An offer is another than before. */
export function onFileEvent(file: FileRow): void {
  const before = store.files.value.get(file.id);
  store.files.value = withFile(store.files.value, file);
  if (file.roomId !== openRoom.peek()) return;
  const news = findFileNews(before, file);
  if (news === null) return;
  const isFar = typeof news === "number";
  if (isFar && nowMs() - toldMs < TOLD_MS_MIN) return;
  toldMs = nowMs();
  const { name } = file;
  store.announcement.value = isFar
    ? translate("file.toldPart", { name, percent: news })
    : news === "here"
    ? translate("file.toldHere", { name })
    : `${name}: ${translateNodeText(file.problem ?? "")}`;
}

/** Does it; what is in the way is told at the edge, or stands in the row. */
export async function doWith(file: FileRow, doing: FileAction): Promise<void> {
  const { id, path } = file;
  await tryRun(async () => {
    switch (doing) {
      case "get":
      case "getAgain":
      case "goOn":
        return keep((await run({ do: "get", file: id })).file);
      case "pause":
        return keep((await run({ do: "pause", file: id })).file);
      case "cancel":
      case "withdraw":
        return keep((await run({ do: "cancel", file: id })).file);
      case "save": {
        const trouble = await saveFile(id, instance.value ?? "");
        if (trouble !== null) tell(troubleText(trouble), { isProblem: true });
        return;
      }
      case "copyPath":
        if (path !== null && await copyText(path)) tell(translate("file.pathCopied", { path }));
        else tell(translate("file.pathIs", { path: path ?? "" }));
    }
  });
}

/** Where the browser gets the picture; null while it cannot. */
export async function addressOfPicture(id: string, start: string): Promise<string | null> {
  return await pictureAddress(id, start);
}

/** What is in the way between this browser and its node, as a sentence. */
export function troubleText(trouble: FileProblem): string {
  switch (trouble.is) {
    case "told":
      return translateNodeText(trouble.message);
    case "entered":
      return translate("file.notEntered");
    case "busy":
      return translate("file.busy");
    case "gone":
      return store.connection.value.at === "open" ? translate("file.unreached") : translate("link.notSent");
  }
}

function keep(file: FileRow): void {
  store.files.value = withFile(store.files.value, file);
}

async function readFiles(): Promise<void> {
  const room = openRoom.peek();
  if (room === null) return;
  const { files } = await run({ do: "files", to: room });
  // Offers that are not listed any more are of somebody who was blocked since.
  const others = [...store.files.value.values()].filter(({ roomId }) => roomId !== room);
  store.files.value = new Map([...others, ...files].map((file) => [file.id, file]));
}

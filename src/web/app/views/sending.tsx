/** Sending files: choosing, confirming and progress. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { RoomRow } from "../../../api/commands.ts";
import { createPreview } from "../browser/node_files.ts";
import { hasFiles, readDrop, readPaste, readPicker } from "../browser/file_picking.ts";
import { formatFileSize } from "../state/offers.ts";
import { isPreviewed, type Parcel, shortenName, type Upload } from "../state/parcels.ts";
import { region, translate } from "../i18n/i18n.ts";
import { useApp } from "./app_context.ts";
import { Dialog, useCloseDialog } from "./dialog.tsx";
import { Icon, IconButton } from "./parts.tsx";

/** The chosen files, and who can download them. */
export function SendDialog({ to, room }: { readonly to: string; readonly room: RoomRow }): JSX.Element {
  const { state, uploads } = useApp();
  const closeDialog = useCloseDialog();
  const { parcels } = state;
  useEffect(() => () => void (parcels.value = []), []);
  useDialogDrops(to);
  const ready = parcels.value.filter(({ problem }) => problem === null);
  const goButton = useRef<HTMLButtonElement>(null);
  const canGo = ready.length > 0;
  // Enter offers the files as soon as there are some. The dialog is open by then: the effects of its parts run first.
  useLayoutEffect(() => {
    if (canGo) goButton.current?.focus();
  }, [canGo]);
  const remove = (parcel: Parcel) => parcels.value = parcels.value.filter((one) => one !== parcel);
  const problem = useSignal<string | null>(null);
  const go = async () => {
    problem.value = await uploads.sendChosen(to);
    if (problem.value === null) closeDialog();
  };
  return (
    <Dialog title={translate("send.title", { title: room.title })}>
      {parcels.value.length === 0
        ? <p>{translate("send.how")}</p>
        : (
          <ul class="parcels" aria-label={translate("send.list")}>
            {parcels.value.map((parcel, index) => (
              <li key={index} class="parcel">
                <ParcelSign parcel={parcel} />
                <div class="offer-text">
                  <p class="offer-name">
                    <bdi>{shortenName(parcel.name)}</bdi>
                  </p>
                  <p class={parcel.problem === null ? "offer-facts" : "offer-facts warn"}>
                    {parcel.problem === null
                      ? formatParcelFacts(parcel)
                      : translate(`send.${parcel.problem}`)}
                  </p>
                </div>
                <IconButton
                  icon="close"
                  label={translate("send.remove", { name: parcel.name })}
                  onClick={() => remove(parcel)}
                />
              </li>
            ))}
          </ul>
        )}
      <div class="pickers">
        <Picker text={translate("send.files")} onPick={(picked) => uploads.choose(to, picked)} />
        <Picker text={translate("send.folder")} isFolder onPick={(picked) => uploads.choose(to, picked)} />
      </div>
      <p class="help">
        {room.direct
          ? translate("send.toOne", { name: room.title })
          : translate("send.toRoom", { title: room.title, count: room.members })}
      </p>
      {problem.value !== null && <p class="warn" role="alert">{problem.value}</p>}
      <div class="buttons">
        <button type="button" onClick={closeDialog}>{translate("app.cancel")}</button>
        <button ref={goButton} type="button" class="primary" disabled={!canGo} onClick={go}>
          {ready.length === 0
            ? translate("send.go")
            : translate("send.goSize", { size: formatFileSize(sumBytes(ready), region.value) })}
        </button>
      </div>
    </Dialog>
  );
}

function Picker(
  { text, isFolder = false, onPick }: {
    readonly text: string;
    readonly isFolder?: boolean;
    onPick(parcels: readonly Parcel[]): void;
  },
): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (input.current !== null) input.current.webkitdirectory = isFolder;
  }, [isFolder]);
  return (
    <>
      <button type="button" autofocus={!isFolder} onClick={() => input.current?.click()}>
        <Icon is={isFolder ? "folder" : "file"} />
        {text}
      </button>
      <input
        ref={input}
        class="picker"
        type="file"
        multiple
        hidden
        onChange={(event) => onPick(readPicker(event.currentTarget))}
      />
    </>
  );
}

function ParcelSign({ parcel }: { readonly parcel: Parcel }): JSX.Element {
  const address = useSignal<string | null>(null);
  useEffect(() => {
    const blob = isPreviewed(parcel) ? parcel.files[0]?.blob ?? null : null;
    if (blob === null) return;
    const preview = createPreview(blob);
    address.value = preview.address;
    return () => preview.drop();
  }, [parcel]);
  return address.value === null
    ? <Icon is={parcel.isFolder ? "folder" : "file"} />
    : <img class="parcel-picture" src={address.value} alt="" />;
}

function formatParcelFacts({ isFolder, files, sizeBytes }: Parcel): string {
  const size = formatFileSize(sizeBytes, region.value);
  return isFolder ? `${translate("file.count", { count: files.length })} · ${size}` : size;
}

function sumBytes(parcels: readonly Parcel[]): number {
  return parcels.reduce((bytes, { sizeBytes }) => bytes + sizeBytes, 0);
}

/** This conversation's uploads to the user's own node. */
export function Uploads({ to }: { readonly to: string }): JSX.Element | null {
  const { state } = useApp();
  const uploads = state.uploads.value.filter((one) => one.to === to);
  if (uploads.length === 0) return null;
  return (
    <ul class="uploads" aria-label={translate("send.underWay")}>
      {uploads.map((one) => (
        <li key={one.id}>
          <UploadRow upload={one} />
        </li>
      ))}
    </ul>
  );
}

function UploadRow({ upload }: { readonly upload: Upload }): JSX.Element {
  const { uploads } = useApp();
  const { parcel, state, doneBytes } = upload;
  const isFailed = state.at === "failed";
  const stop = isFailed ? translate("app.dismiss") : translate("app.cancel");
  return (
    <div class="upload">
      <div class="offer-text" role={isFailed ? "alert" : undefined}>
        <p class="offer-name">
          <bdi>{shortenName(parcel.name)}</bdi>
        </p>
        <p class={isFailed ? "offer-facts warn wraps" : "offer-facts"}>{formatUploadState(upload)}</p>
        {!isFailed && (
          <progress
            class="bar"
            aria-label={translate("send.progress", { name: parcel.name })}
            max={Math.max(parcel.sizeBytes, 1)}
            value={doneBytes}
          />
        )}
      </div>
      {isFailed && (
        <button type="button" class="small" onClick={() => uploads.retry(upload)}>
          {translate("send.again")}
        </button>
      )}
      {state.at !== "offering" && (
        <button
          type="button"
          class="small"
          aria-label={`${stop}: ${parcel.name}`}
          onClick={() => uploads.stop(upload)}
        >
          {stop}
        </button>
      )}
    </div>
  );
}

function formatUploadState({ state, parcel, doneBytes }: Upload): string {
  if (state.at === "failed") return state.problem;
  if (state.at === "waiting") return translate("send.waiting");
  const tag = region.value;
  const sizes = { done: formatFileSize(doneBytes, tag), size: formatFileSize(parcel.sizeBytes, tag) };
  return translate(`send.${state.at}`, sizes);
}

/** Handlers for files that are dragged over a conversation. */
export interface DropTarget {
  readonly isOver: boolean;
  readonly on: {
    onDragEnter(event: DragEvent): void;
    onDragOver(event: DragEvent): void;
    onDragLeave(event: DragEvent): void;
    onDrop(event: DragEvent): void;
  };
}

/** Accepts dropped files, if the user may write in the conversation. */
export function useDrop({ to, isOpen }: { readonly to: string; readonly isOpen: boolean }): DropTarget {
  const { uploads } = useApp();
  const isOver = useSignal(false);
  /** Each inner element sends its own events. */
  const depth = useRef(0);
  const isOurs = (event: DragEvent) => isOpen && hasFiles(event.dataTransfer);
  const leave = () => {
    depth.current = 0;
    isOver.value = false;
  };
  return {
    isOver: isOver.value,
    on: {
      onDragEnter(event) {
        if (!isOurs(event)) return;
        depth.current++;
        isOver.value = true;
      },
      onDragOver(event) {
        if (!isOurs(event) || event.dataTransfer === null) return;
        event.preventDefault();
        event.stopPropagation();
        event.dataTransfer.dropEffect = "copy";
      },
      onDragLeave(event) {
        if (isOurs(event) && --depth.current <= 0) leave();
      },
      onDrop(event) {
        leave();
        if (!isOurs(event)) return;
        event.preventDefault();
        event.stopPropagation();
        void readDrop(event.dataTransfer).then((parcels) =>
          parcels.length > 0 && uploads.choose(to, parcels)
        );
      },
    },
  };
}

/** While the dialog is open, files that are dropped or pasted anywhere are added to it. */
function useDialogDrops(to: string): void {
  const { uploads } = useApp();
  useEffect(() => {
    const take = (parcels: readonly Parcel[]) => parcels.length > 0 && uploads.choose(to, parcels);
    const onDragOver = (event: DragEvent) => {
      // Runs after `useNoStrayDrops`, which refuses drops beside a conversation.
      if (hasFiles(event.dataTransfer) && event.dataTransfer !== null) event.dataTransfer.dropEffect = "copy";
    };
    const onDrop = (event: DragEvent) => void readDrop(event.dataTransfer).then(take);
    const onPaste = (event: ClipboardEvent) => take(readPaste(event.clipboardData));
    addEventListener("dragover", onDragOver);
    addEventListener("drop", onDrop);
    addEventListener("paste", onPaste);
    return () => {
      removeEventListener("dragover", onDragOver);
      removeEventListener("drop", onDrop);
      removeEventListener("paste", onPaste);
    };
  }, [to]);
}

/** Refuses drops beside a conversation: the browser would open the file in place of the page. */
export function useNoStrayDrops(): void {
  useEffect(() => {
    const refuse = (event: DragEvent) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = "none";
    };
    addEventListener("dragover", refuse);
    addEventListener("drop", refuse);
    return () => {
      removeEventListener("dragover", refuse);
      removeEventListener("drop", refuse);
    };
  }, []);
}

/** An offer of files: its name, progress and actions. Names are foreign text. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { FileRow } from "../../../api/files.ts";
import {
  formatDuration,
  formatFileSize,
  formatRate,
  hasPicture,
  isUnderWay,
  listFileActions,
  splitName,
} from "../state/offers.ts";
import { region, translate, translateTold } from "../i18n/i18n.ts";
import { useApp } from "./app_context.ts";
import { Dialog } from "./dialog.tsx";
import { Badge, Icon } from "./parts.tsx";

/** The offer in a conversation. */
export function OfferCard(
  { file, isSmall = false }: { readonly file: FileRow; readonly isSmall?: boolean },
): JSX.Element {
  const { isHidden } = splitName(file);
  return (
    <div class="offer" data-is={file.state} data-small={isSmall}>
      {!isSmall && hasPicture(file) && <Picture file={file} />}
      <div class="offer-about">
        <Icon is={file.isFolder ? "folder" : file.isPicture ? "picture" : "file"} />
        <div class="offer-text">
          <p class="offer-name">
            <FileName file={file} />
          </p>
          <p class="offer-facts">{formatFacts(file, isSmall)}</p>
        </div>
      </div>
      {(file.isProgram || isHidden) && (
        <p>
          <Badge
            icon="warn"
            kind="warn"
            text={file.isProgram
              ? translate("file.program", { ending: file.ending })
              : translate("file.really", { ending: file.ending })}
          />
        </p>
      )}
      {isUnderWay(file) && (
        <progress
          class="bar"
          aria-label={translate("file.progress", { name: file.name })}
          max={Math.max(file.sizeBytes, 1)}
          value={file.gotBytes}
        />
      )}
      {file.problem !== null && (
        <p class="problem">
          <Icon is="warn" />
          <span>{translateTold(file.problem, file.problemMessage)}</span>
        </p>
      )}
      <FileActions file={file} />
    </div>
  );
}

function FileActions({ file }: { readonly file: FileRow }): JSX.Element | null {
  const { offers } = useApp();
  const doings = listFileActions(file);
  if (doings.length === 0) return null;
  return (
    <div class="offer-doings">
      {doings.map((doing) => (
        <button
          // One key, so that the focus stays when one action replaces another.
          key={["get", "getAgain", "pause", "goOn"].includes(doing) ? "on" : doing}
          type="button"
          class={doing === "get"
            ? "small primary"
            : ["copyPath", "withdraw", "cancel"].includes(doing)
            ? "quiet"
            : "small"}
          aria-label={`${translate(`file.${doing}`)}: ${file.name}`}
          onClick={() => void offers.act(file, doing)}
        >
          {translate(`file.${doing}`)}
        </button>
      ))}
    </div>
  );
}

/** The name and its ending, each with its own direction. */
function FileName({ file }: { readonly file: FileRow }): JSX.Element {
  const { stem, ending, isHidden } = splitName(file);
  return (
    <>
      <bdi>{stem}</bdi>
      {!isHidden && ending !== "" && <bdi class="offer-ending">{ending}</bdi>}
    </>
  );
}

function formatFacts(file: FileRow, isSmall: boolean): string {
  const facts = [
    ...isSmall ? [file.mine ? translate("app.you") : file.from] : [],
    formatFileSize(file.sizeBytes, region.value),
    ...file.isFolder ? [translate("file.count", { count: file.filesCount })] : [],
    formatFileState(file),
  ];
  return facts.filter((fact) => fact !== "").join(" · ");
}

function formatFileState(file: FileRow): string {
  const { state, mine, gotBytes, bytesPerSecond, leftMs, sources } = file;
  const tag = region.value;
  switch (state) {
    case "receiving": {
      const parts = [translate("file.got", { size: formatFileSize(gotBytes, tag) })];
      if (bytesPerSecond > 0) parts.push(formatRate(bytesPerSecond, tag));
      if (leftMs !== null) parts.push(translate("file.left", { time: formatDuration(leftMs, tag) }));
      if (sources.some((name) => name !== file.from)) {
        parts.push(translate("file.sources", { names: sources.join(", ") }));
      }
      return parts.join(" · ");
    }
    case "paused":
      return gotBytes > 0
        ? translate("file.pausedAt", { size: formatFileSize(gotBytes, tag) })
        : translate("file.paused");
    case "here":
      return mine ? translate("file.mine") : translate("file.here");
    case "gone":
      return mine ? translate("file.mineGone") : translate("file.gone");
    case "offered":
    case "seeking":
    case "checking":
    case "failed":
      return translate(`file.${state}`);
  }
}

/** A picture in a place of fixed height, so that nothing moves when it arrives. */
function Picture({ file }: { readonly file: FileRow }): JSX.Element {
  const { state } = useApp();
  const isHere = file.state === "here";
  const open = () => state.dialog.value = { is: "picture", file };
  return (
    <div class="picture">
      {isHere && (
        <button
          type="button"
          class="picture-button"
          aria-label={translate("file.enlarge", { name: file.name })}
          onClick={open}
        >
          <PictureImage file={file} />
        </button>
      )}
    </div>
  );
}

function PictureImage({ file }: { readonly file: FileRow }): JSX.Element | null {
  const { offers, state } = useApp();
  const address = useSignal<string | null>(null);
  const isBroken = useSignal(false);
  const start = state.instance.value;
  useEffect(() => {
    if (start === null) return;
    isBroken.value = false;
    let isWanted = true;
    void offers.findPicture(file.id, start).then((found) => isWanted && (address.value = found));
    return () => isWanted = false;
  }, [file.id, start]);
  if (isBroken.value) return <span class="picture-broken">{translate("file.notShown")}</span>;
  if (address.value === null) return null;
  return (
    <img
      src={address.value}
      alt={translate("file.picture", { name: file.name, from: file.from })}
      loading="lazy"
      decoding="async"
      draggable={false}
      onError={() => isBroken.value = true}
    />
  );
}

/** A picture as large as the window allows. */
export function PictureDialog({ file }: { readonly file: FileRow }): JSX.Element {
  const { offers } = useApp();
  return (
    <Dialog title={file.name} class="picture-dialog">
      <div class="picture-large">
        <PictureImage file={file} />
      </div>
      <div class="buttons">
        <button type="button" onClick={() => void offers.act(file, "save")}>{translate("file.save")}</button>
      </div>
    </Dialog>
  );
}

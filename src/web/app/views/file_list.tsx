/** All files of a conversation, newest first. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { RoomRow } from "../../../api/commands.ts";
import { listRoomFiles } from "../state/offers.ts";
import { translate } from "../i18n/i18n.ts";
import { useApp } from "./app_context.ts";
import { Section } from "./lists.tsx";
import { OfferCard } from "./offer.tsx";
import { Empty } from "./parts.tsx";

/** Files that are shown before the user asks for all. */
const SHOWN_MAX = 20;

/** The list of the conversation's files. */
export function FileList({ room }: { readonly room: RoomRow }): JSX.Element {
  const { state } = useApp();
  const isAll = useSignal(false);
  const files = listRoomFiles(state.files.value, room.id);
  const shown = isAll.value ? files : files.slice(0, SHOWN_MAX);
  return (
    <Section title={translate("file.list")} id="details-files" count={files.length}>
      {files.length === 0 && <Empty>{translate("file.none")}</Empty>}
      <ul class="files">
        {shown.map((file) => (
          <li key={file.id}>
            <OfferCard file={file} isSmall />
          </li>
        ))}
      </ul>
      {shown.length < files.length && (
        <button type="button" class="quiet" onClick={() => isAll.value = true}>
          {translate("file.more", { count: files.length - shown.length })}
        </button>
      )}
    </Section>
  );
}

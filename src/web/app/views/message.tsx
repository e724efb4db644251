/** A row of a conversation: a message or a notice. Foreign text is always a text node. */

import type { ComponentChildren, JSX } from "preact";
import type { LogRow, RoomRow } from "../../../api/commands.ts";
import type { LogItem } from "../state/items.ts";
import { linkify } from "../state/linkify.ts";
import { findInvitation, parseNotice } from "../state/notice.ts";
import { pickHue } from "../state/roster.ts";
import { shortenText } from "../state/text_size.ts";
import { formatClockTime } from "../state/times.ts";
import { formatNotice, region, translate } from "../i18n/i18n.ts";
import { useApp } from "./app_context.ts";
import { OfferCard } from "./offer.tsx";
import { HUES, Icon, Name, Time } from "./parts.tsx";

interface MessageProps {
  readonly item: Extract<LogItem, { kind: "message" | "offer" }>;
  readonly room: RoomRow;
  readonly isMarked: boolean;
}

/** A message. */
export function Message(props: MessageProps): JSX.Element {
  const { row, key } = props.item;
  return (
    <MessageFrame {...props}>
      <MessageText text={row.text} of={key} />
    </MessageFrame>
  );
}

/** An offer of files. */
export function OfferMessage(props: MessageProps): JSX.Element {
  const { state } = useApp();
  const { row } = props.item;
  const file = state.files.value.get(row.file ?? "");
  return (
    <MessageFrame {...props}>
      {file === undefined
        ? <p class="said-text">{formatNotice(parseNotice(row))}</p>
        : <OfferCard file={file} />}
    </MessageFrame>
  );
}

/** The frame of a message: author, time, and state of delivery. */
function MessageFrame(
  { item, room, isMarked, children }: MessageProps & { readonly children: ComponentChildren },
): JSX.Element {
  const { row, isFirst, isStateShown } = item;
  const isMine = row.state !== null;
  const time = formatClockTime(row.time, region.value);
  return (
    <article
      class="said"
      data-mine={isMine}
      data-first={isFirst}
      data-marked={isMarked}
      data-hue={pickHue(row.author, HUES)}
    >
      <span class="said-time">
        <Time time={row.time} text={time} />
      </span>
      <h3 class={isFirst ? "said-by" : "unseen"}>
        <Name of={row.name} />
        {isMine && <span class="you">({translate("app.you")})</span>}
      </h3>
      {children}
      {isMine && (
        <p class={isStateShown ? "said-state" : "unseen"} data-is={row.state}>
          {row.state === "everywhere" && <Icon is="check" />}
          {formatReceiptState(row, room)}
        </p>
      )}
    </article>
  );
}

/** A notice: a member joined, left, or changed their name. */
export function NoticeLine(
  { row, isMarked }: { readonly row: LogRow; readonly isMarked: boolean },
): JSX.Element {
  const { app, lists, node, state } = useApp();
  const invitation = findInvitation(state.requests.value.invitations, row);
  const join = (roomId: string) =>
    node.tryRun(async () => {
      await app.join(roomId);
      await lists.read("requests");
    });
  return (
    <p class="noticed" data-marked={isMarked}>
      <span class="said-time">
        <Time time={row.time} text={formatClockTime(row.time, region.value)} />
      </span>
      <span>
        <Name of={row.name} /> {formatNotice(parseNotice(row))}
        {invitation !== null && (
          <>
            {" "}
            <button type="button" class="quiet inline" onClick={() => void join(invitation.roomId)}>
              {translate("room.joinTitle", { title: invitation.title })}
            </button>
          </>
        )}
      </span>
    </p>
  );
}

/** The state of delivery of the user's own message. */
export function formatReceiptState({ state }: LogRow, { direct, title }: RoomRow): string {
  if (state === null) return "";
  if (state === "everywhere" && direct) return translate("state.everywhereDirect", { name: title });
  return translate(`state.${state}`);
}

function MessageText({ text, of }: { readonly text: string; readonly of: string }): JSX.Element {
  const { state: { expandedRows } } = useApp();
  const short = shortenText(text);
  const isOpen = short === null || expandedRows.value.has(of);
  const toggle = () => {
    const next = new Set(expandedRows.value);
    if (!next.delete(of)) next.add(of);
    expandedRows.value = next;
  };
  return (
    <div class="said-text">
      <p dir="auto">
        <Linked text={isOpen ? text : `${short ?? ""}…`} />
      </p>
      {short !== null && (
        <button type="button" class="quiet" aria-expanded={isOpen} onClick={toggle}>
          {isOpen ? translate("log.less") : translate("log.more")}
        </button>
      )}
    </div>
  );
}

/** Text with its links. They open without a referrer; one to a room opens the dialog that joins it. */
export function Linked({ text }: { readonly text: string }): JSX.Element {
  const { state: { dialog } } = useApp();
  return (
    <>
      {linkify(text).map(({ text: piece, href, isRoom }, index) => {
        if (isRoom) {
          return (
            <button
              key={index}
              type="button"
              class="quiet inline"
              dir="ltr"
              onClick={() => dialog.value = { is: "join", link: piece }}
            >
              {piece}
            </button>
          );
        }
        return href === null
          ? piece
          : (
            <a key={index} href={href} target="_blank" rel="noopener noreferrer nofollow" dir="ltr">
              {piece}
            </a>
          );
      })}
    </>
  );
}

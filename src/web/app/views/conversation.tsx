/** The pane of a conversation: its head, what was said, and where to write. */

import type { JSX } from "preact";
import type { RoomRow } from "../../../api/commands.ts";
import { run, tryRun } from "../controllers/node_client.ts";
import { readPaste } from "../browser/file_picking.ts";
import { setPreference as chooseLook } from "../controllers/preferences.ts";
import { join, lookAgain } from "../controllers/app_controller.ts";
import { go, goBack } from "../controllers/routing.ts";
import { chooseFiles } from "../controllers/upload_controller.ts";
import * as store from "../state/app_state.ts";
import { translate } from "../i18n/i18n.ts";
import { Composer } from "./composer.tsx";
import { useAsyncAction } from "./use_async_action.ts";
import { Log } from "./log.tsx";
import { Uploads, useDrop } from "./sending.tsx";
import { Empty, formatPresence, Icon, IconButton, Marks, Name, Presence, Problem } from "./parts.tsx";

/** Window width from which the details stand beside the conversation; page.css has the same. */
export const WIDE = "(min-width: 70rem)";

/** The open conversation, or why there is none. */
export function ConversationPane(): JSX.Element {
  const { conversation: talk, conversationProblem: talkProblem, openId: openTo } = store;
  if (talk.value === null || talk.value.to !== openTo.value) {
    return (
      <section class="pane main-pane" aria-label={translate("room.kind")}>
        <header class="pane-head">
          <BackButton />
        </header>
        {talkProblem.value === null
          ? <p class="waiting" role="status">{translate("log.loading")}</p>
          : (
            <div class="pane-body">
              <Problem text={talkProblem.value} />
            </div>
          )}
      </section>
    );
  }
  return <Conversation key={talk.value.to} talk={talk.value} />;
}

function Conversation({ talk }: { readonly talk: store.OpenConversation }): JSX.Element {
  const { room, to, stretch } = talk;
  const isOurs = room.joined || room.direct;
  const isOpen = isOurs && !isBlocked(room);
  const { isOver, on } = useDrop({ to, isOpen });
  const onPaste = (event: ClipboardEvent) => {
    const parcels = isOpen ? readPaste(event.clipboardData) : [];
    if (parcels.length === 0) return;
    event.preventDefault();
    chooseFiles(to, parcels);
  };
  return (
    <section class="pane main-pane talk" aria-labelledby="talk-title" onPaste={onPaste} {...on}>
      <ConversationHead room={room} to={to} isLeft={!isOurs && stretch.rows.length > 0} />
      {stretch.rows.length === 0 && isOurs && (
        <div class="log-nothing">
          <Empty>
            {room.direct ? translate("log.emptyDirect", { title: room.title }) : translate("log.empty")}
          </Empty>
        </div>
      )}
      {stretch.rows.length > 0 && <Log key={to} talk={talk} />}
      {isOurs
        ? <ConversationFoot room={room} to={to} />
        : <JoinBar room={room} hasLog={stretch.rows.length > 0} />}
      {isOver && (
        <div class="drop-here">
          <p>
            <Icon is="clip" />
            {translate("send.dropHere", { title: room.title })}
          </p>
        </div>
      )}
    </section>
  );
}

/** Back to the list, on screens where it is covered. */
export function BackButton(): JSX.Element {
  return <IconButton icon="back" class="back" label={translate("app.back")} onClick={goBack} />;
}

function ConversationHead(
  { room, to, isLeft }: { readonly room: RoomRow; readonly to: string; readonly isLeft: boolean },
): JSX.Element {
  const peer = room.peer === null ? null : store.findPeer(room.peer);
  const { preferences: choices, dialog, route } = store;
  const isWide = matchMedia(WIDE).matches;
  const isShown = isWide ? choices.value.areDetailsShown : route.value.at === "details";
  const toggle = () =>
    isWide ? chooseLook({ areDetailsShown: !isShown }) : isShown ? goBack() : go({ at: "details", to });
  return (
    <header class="pane-head">
      <BackButton />
      <div class="pane-title">
        <h1 id="talk-title">
          {room.direct ? <Name of={room.title} id={room.peer ?? room.id} /> : <bdi>{room.title}</bdi>}
          {peer !== null && <Presence peer={peer} />}
        </h1>
        <p class="pane-sub">
          {room.direct ? peer === null ? translate("room.private") : formatPresence(peer) : formatRoom(room)}
        </p>
      </div>
      {peer !== null && <Marks peer={peer} />}
      {!room.direct && room.joined && (
        <button
          type="button"
          class="small"
          aria-label={translate("invite.title", { title: room.title })}
          onClick={() => dialog.value = { is: "invite", room }}
        >
          {translate("invite.word")}
        </button>
      )}
      {(room.direct || room.joined || isLeft) && (
        <IconButton
          icon="details"
          label={isShown ? translate("room.hideDetails") : translate("room.details")}
          aria-expanded={isShown}
          onClick={toggle}
        />
      )}
    </header>
  );
}

function formatRoom({ members, host, joined, invited }: RoomRow): string {
  const parts = [translate("room.members", { count: members })];
  if (invited) parts.push(translate("room.invited"));
  if (joined || host !== null) parts.push(formatHost(host));
  return parts.join(" · ");
}

/** Who relays a room. */
export function formatHost(host: string | null): string {
  if (host === null) return translate("room.relayedByNobody");
  return host === store.status.value?.name && store.members.value.some(({ me, relays }) => me && relays)
    ? translate("room.relayedByYou")
    : translate("room.relayedBy", { name: host });
}

function isBlocked({ peer }: RoomRow): boolean {
  return peer !== null && store.findPeer(peer)?.blocked === true;
}

function ConversationFoot({ room, to }: { readonly room: RoomRow; readonly to: string }): JSX.Element {
  const peer = room.peer === null ? null : store.findPeer(room.peer);
  if (peer?.blocked === true) {
    const unblock = () =>
      tryRun(async () => {
        await run({ do: "block", peer: peer.id, isBlocked: false });
        await lookAgain("peers", "contacts");
      });
    return (
      <div class="not-in">
        <p>{translate("room.blockedText", { name: peer.name })}</p>
        <button type="button" onClick={() => void unblock()}>{translate("room.unblock")}</button>
      </div>
    );
  }
  return (
    <>
      <Uploads to={to} />
      <Typing room={room} />
      <Composer key={to} to={to} room={room} />
    </>
  );
}

function Typing({ room }: { readonly room: RoomRow }): JSX.Element {
  const names = store.typists.value.filter(({ roomId }) => roomId === room.id).map(({ name }) => name);
  const [name = "", other = ""] = names;
  const text = names.length === 0
    ? ""
    : names.length === 1
    ? translate("typing.one", { name })
    : names.length === 2
    ? translate("typing.two", { name, other })
    : translate("typing.many", { count: names.length });
  return (
    <p class="typing" data-is={names.length > 0}>
      {text !== "" && (
        <span class="typing-dots" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
      )}
      {text}
    </p>
  );
}

function JoinBar({ room, hasLog }: { readonly room: RoomRow; readonly hasLog: boolean }): JSX.Element {
  const { isBusy, problem, run: does } = useAsyncAction();
  return (
    <div class="not-in" data-is={hasLog ? "left" : "nearby"}>
      <p>{hasLog ? translate("room.leftText") : translate("room.nearbyText")}</p>
      <button
        type="button"
        class="primary"
        disabled={isBusy.value}
        onClick={() => void does(() => join(room.id))}
      >
        {isBusy.value
          ? translate("app.working")
          : hasLog
          ? translate("room.joinAgain")
          : translate("room.join")}
      </button>
      <Problem text={problem.value} />
    </div>
  );
}

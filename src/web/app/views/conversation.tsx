/** The pane of a conversation: its head, its log, and the composer. */

import type { JSX } from "preact";
import type { RoomRow } from "../../../api/commands.ts";
import { readPaste } from "../browser/file_picking.ts";
import { type AppState, findPeer, type OpenConversation } from "../state/app_state.ts";
import { translate } from "../i18n/i18n.ts";
import { useApp } from "./app_context.ts";
import { Composer } from "./composer.tsx";
import { useAsyncAction } from "./use_async_action.ts";
import { Log } from "./log.tsx";
import { Uploads, useDrop } from "./sending.tsx";
import { Empty, formatPresence, Icon, IconButton, Marks, Name, Presence, Problem } from "./parts.tsx";

/** Window width from which the details stand beside the conversation; layout.css has the same. */
export const WIDE = "(min-width: 70rem)";

/** The open conversation, or why it cannot be shown. */
export function ConversationPane(): JSX.Element {
  const { state } = useApp();
  const { conversation, conversationProblem, openId } = state;
  if (conversation.value === null || conversation.value.to !== openId.value) {
    return (
      <section class="pane main-pane" aria-label={translate("room.kind")}>
        <header class="pane-head">
          <BackButton />
        </header>
        {conversationProblem.value === null
          ? <p class="waiting" role="status">{translate("log.loading")}</p>
          : (
            <div class="pane-body">
              <Problem text={conversationProblem.value} />
            </div>
          )}
      </section>
    );
  }
  return <Conversation key={conversation.value.to} conversation={conversation.value} />;
}

function Conversation({ conversation }: { readonly conversation: OpenConversation }): JSX.Element {
  const { state, uploads } = useApp();
  const { room, to, section } = conversation;
  const isOurs = room.joined || room.direct;
  const isOpen = isOurs && !isBlocked(state, room);
  const { isOver, on } = useDrop({ to, isOpen });
  const onPaste = (event: ClipboardEvent) => {
    const parcels = isOpen ? readPaste(event.clipboardData) : [];
    if (parcels.length === 0) return;
    event.preventDefault();
    uploads.choose(to, parcels);
  };
  return (
    <section
      class="pane main-pane conversation"
      aria-labelledby="conversation-title"
      onPaste={onPaste}
      {...on}
    >
      <ConversationHead room={room} to={to} isLeft={!isOurs && section.rows.length > 0} />
      {section.rows.length === 0 && isOurs && (
        <div class="log-nothing">
          <Empty>
            {room.direct ? translate("log.emptyDirect", { title: room.title }) : translate("log.empty")}
          </Empty>
        </div>
      )}
      {section.rows.length > 0 && <Log key={to} conversation={conversation} />}
      {isOurs
        ? <ConversationFoot room={room} to={to} />
        : <JoinBar room={room} hasLog={section.rows.length > 0} />}
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

/** Goes back to the list, on screens that show one pane at a time. */
export function BackButton(): JSX.Element {
  const { routing } = useApp();
  return <IconButton icon="back" class="back" label={translate("app.back")} onClick={routing.goBack} />;
}

function ConversationHead(
  { room, to, isLeft }: { readonly room: RoomRow; readonly to: string; readonly isLeft: boolean },
): JSX.Element {
  const { preferences, routing, state } = useApp();
  const peer = room.peer === null ? null : findPeer(state, room.peer);
  const { dialog, route } = state;
  const isWide = matchMedia(WIDE).matches;
  const isShown = isWide ? state.preferences.value.areDetailsShown : route.value.at === "details";
  const toggle = () =>
    isWide
      ? preferences.change({ areDetailsShown: !isShown })
      : isShown
      ? routing.goBack()
      : routing.go({ at: "details", to });
  return (
    <header class="pane-head">
      <BackButton />
      <div class="pane-title">
        <h1 id="conversation-title">
          {room.direct ? <Name of={room.title} id={room.peer ?? room.id} /> : <bdi>{room.title}</bdi>}
          {peer !== null && <Presence peer={peer} />}
        </h1>
        <p class="pane-sub">
          {room.direct
            ? peer === null ? translate("room.private") : formatPresence(peer, state)
            : formatRoom(room, state)}
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

function formatRoom({ members, host, joined, invited }: RoomRow, state: AppState): string {
  const parts = [translate("room.members", { count: members })];
  if (invited) parts.push(translate("room.invited"));
  if (joined || host !== null) parts.push(formatHost(host, state));
  return parts.join(" · ");
}

/** The room's host, such as "hosted by bob". */
export function formatHost(host: string | null, { status, members }: AppState): string {
  if (host === null) return translate("room.hostedByNobody");
  return host === status.value?.name && members.value.some(({ me, relays }) => me && relays)
    ? translate("room.hostedByYou")
    : translate("room.hostedBy", { name: host });
}

function isBlocked(state: AppState, { peer }: RoomRow): boolean {
  return peer !== null && findPeer(state, peer)?.blocked === true;
}

function ConversationFoot({ room, to }: { readonly room: RoomRow; readonly to: string }): JSX.Element {
  const { lists, node, state } = useApp();
  const peer = room.peer === null ? null : findPeer(state, room.peer);
  if (peer?.blocked === true) {
    const unblock = () =>
      node.tryRun(async () => {
        await node.run({ do: "block", peer: peer.id, isBlocked: false });
        await lists.read("peers", "contacts");
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
  const { state } = useApp();
  const names = state.typists.value.filter(({ roomId }) => roomId === room.id).map(({ name }) => name);
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
  const { app } = useApp();
  const { isBusy, problem, run: runAction } = useAsyncAction();
  return (
    <div class="not-in" data-is={hasLog ? "left" : "nearby"}>
      <p>{hasLog ? translate("room.leftText") : translate("room.nearbyText")}</p>
      <button
        type="button"
        class="primary"
        disabled={isBusy.value}
        onClick={() => void runAction(() => app.join(room.id))}
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

/** The first pane: the user's name, conversations, people and rooms nearby. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { PeerRow, RoomRow } from "../../../api/commands.ts";
import { parseNotice } from "../state/notice.ts";
import { isLeft, listConversations, listNearbyRooms, listPeople } from "../state/roster.ts";
import { type AppState, findPeer, findRoom, toConversationId } from "../state/app_state.ts";
import { formatShortTime } from "../state/times.ts";
import { formatNotice, region, translate } from "../i18n/i18n.ts";
import { useApp } from "./app_context.ts";
import { onArrowKeys, RowLink, Section } from "./lists.tsx";
import {
  Empty,
  formatPresence,
  Icon,
  IconButton,
  Initial,
  Mark,
  Marks,
  Name,
  Presence,
  Time,
} from "./parts.tsx";
import { GiveButton } from "./give_dialog.tsx";

/** People that are shown at first, so that rooms stay in reach. */
const PEOPLE_SHOWN = 30;

/** The pane. */
export function Sidebar(): JSX.Element {
  return (
    <nav class="pane list-pane" aria-label={translate("app.nav")} onKeyDown={onArrowKeys}>
      <Head />
      <div class="list-scroll">
        <Requests />
        <Conversations />
        <People />
        <Nearby />
      </div>
      <Foot />
    </nav>
  );
}

function Head(): JSX.Element {
  const { routing, state } = useApp();
  const { status } = state;
  const name = status.value?.name ?? "";
  return (
    <header class="list-head">
      <h1 class="unseen">earshot</h1>
      <RowLink class="me-link" to={{ at: "me" }} isCurrent={state.route.value.at === "me"}>
        <Mark />
        <span class="me-text">
          <span class="me-name">
            <span class="unseen">{translate("me.title")}:</span>
            <bdi>{name}</bdi>
          </span>
          {status.value?.away !== null && status.value?.away !== undefined && (
            <span class="me-away">
              {formatPresence({ here: true, connected: true, away: status.value.away }, state)}
            </span>
          )}
        </span>
      </RowLink>
      <IconButton
        icon="search"
        label={translate("nav.search")}
        onClick={() => routing.go({ at: "search" })}
      />
      <IconButton
        icon="link"
        label={translate("nav.join")}
        onClick={() => state.dialog.value = { is: "join" }}
      />
      <IconButton
        icon="plus"
        class="primary"
        label={translate("nav.start")}
        onClick={() => state.dialog.value = { is: "start" }}
      />
    </header>
  );
}

function Requests(): JSX.Element | null {
  const { state } = useApp();
  const { requests, invitations } = state.requests.value;
  const count = requests.length + invitations.length;
  if (count === 0) return null;
  return (
    <RowLink class="requests-link" to={{ at: "requests" }} isCurrent={state.route.value.at === "requests"}>
      <Icon is="people" />
      {translate("nav.requestsCount", { count })}
    </RowLink>
  );
}

function Conversations(): JSX.Element {
  const { state } = useApp();
  const rooms = listConversations(state.rooms.value, state.latestRows.value)
    .filter((room) => !isLeft(room) || state.latestRows.value.has(room.id));
  return (
    <Section title={translate("list.rooms")} id="list-rooms">
      {rooms.length === 0
        ? state.isLoaded.value ? <Empty>{translate("list.noRooms")}</Empty> : <Skeleton />
        : (
          <ul>
            {rooms.map((room) => (
              <li key={room.id}>
                <ConversationRow room={room} />
              </li>
            ))}
          </ul>
        )}
    </Section>
  );
}

function ConversationRow({ room }: { readonly room: RoomRow }): JSX.Element {
  const { state } = useApp();
  const to = toConversationId(room);
  const last = state.latestRows.value.get(room.id);
  const peer = room.peer === null ? null : findPeer(state, room.peer);
  return (
    <RowLink to={{ at: "conversation", to }} isCurrent={state.openId.value === to}>
      {room.direct ? <Initial of={room.title} id={room.peer ?? room.id} /> : <RoomMark room={room} />}
      <span class="row-text">
        <span class="row-first">
          <span class="row-name">
            {room.direct ? <Name of={room.title} /> : <bdi>{room.title}</bdi>}
            {peer !== null && <Presence peer={peer} />}
          </span>
          {last !== undefined && (
            <Time
              time={last.time}
              text={formatShortTime(last.time, { tag: region.value, nowMs: state.nowMs.value })}
            />
          )}
        </span>
        <span class="row-second">
          <span class="row-last">{renderLatest(room, state)}</span>
          {room.unread > 0 && (
            <span class="unread">
              <span aria-hidden="true">{room.unread > 99 ? "99+" : room.unread}</span>
              <span class="unseen">{translate("list.unread", { count: room.unread })}</span>
            </span>
          )}
        </span>
      </span>
    </RowLink>
  );
}

function renderLatest(room: RoomRow, state: AppState): JSX.Element | string {
  const draft = state.drafts.value.get(toConversationId(room));
  if (draft !== undefined && state.openId.value !== toConversationId(room)) {
    return <span class="draft">{translate("list.draft", { text: toOneLine(draft) })}</span>;
  }
  const typist = state.typists.value.find(({ roomId }) => roomId === room.id);
  if (typist !== undefined) return <em>{translate("typing.one", { name: typist.name })}</em>;
  if (isLeft(room)) return translate("list.left");
  const row = state.latestRows.value.get(room.id);
  if (row === undefined) return "";
  if (row.notice) return `${row.name} ${formatNotice(parseNotice(row))}`;
  const text = toOneLine(row.text);
  if (row.state !== null) return <bdi>{translate("list.you", { text })}</bdi>;
  return <bdi>{room.direct ? text : translate("log.said", { name: row.name, text })}</bdi>;
}

function toOneLine(text: string): string {
  return text.slice(0, 200).replaceAll(/\s+/g, " ");
}

/** A room's icon, with a lock for an invite-only room. */
function RoomMark({ room }: { readonly room: RoomRow }): JSX.Element {
  return (
    <span class="initial room-mark" aria-hidden="true">
      {room.invited ? <Icon is="lock" /> : "#"}
    </span>
  );
}

function People(): JSX.Element {
  const { state } = useApp();
  const isAll = useSignal(false);
  const people = listPeople(state.peers.value);
  const shown = isAll.value ? people : people.slice(0, PEOPLE_SHOWN);
  return (
    <Section title={translate("list.people")} id="list-people" count={people.length}>
      {people.length === 0 && state.isLoaded.value && (
        <Empty>
          {translate("list.nobody")} <GiveButton />
        </Empty>
      )}
      <ul>
        {shown.map((peer) => (
          <li key={peer.id}>
            <PersonRow peer={peer} />
          </li>
        ))}
      </ul>
      {shown.length < people.length && (
        <button
          type="button"
          class="quiet"
          data-row
          onClick={() => isAll.value = true}
        >
          {translate("list.morePeople", { count: people.length - shown.length })}
        </button>
      )}
    </Section>
  );
}

function PersonRow({ peer }: { readonly peer: PeerRow }): JSX.Element {
  const { state } = useApp();
  return (
    <RowLink
      to={{ at: "conversation", to: peer.id }}
      isCurrent={state.openId.value === peer.id && findRoom(state, peer.id) === null}
      class="row person-row"
    >
      <Initial of={peer.name} id={peer.id} />
      <span class="row-text">
        <span class="row-name">
          <Name of={peer.name} />
          <Presence peer={peer} />
        </span>
        {peer.away !== null && <span class="row-second">{formatPresence(peer, state)}</span>}
        <Marks peer={peer} />
      </span>
    </RowLink>
  );
}

function Nearby(): JSX.Element | null {
  const { app, node, state } = useApp();
  const rooms = listNearbyRooms(state.rooms.value, state.latestRows.value);
  if (rooms.length === 0) return null;
  return (
    <Section title={translate("list.nearby")} id="list-nearby" count={rooms.length}>
      <ul>
        {rooms.map((room) => (
          <li key={room.id} class="nearby-row">
            <RowLink to={{ at: "conversation", to: room.id }} isCurrent={state.openId.value === room.id}>
              <RoomMark room={room} />
              <span class="row-text">
                <span class="row-name">
                  <bdi>{room.title}</bdi>
                </span>
                <span class="row-second">
                  {translate("room.members", { count: room.members })}
                  {room.host !== null && ` · ${translate("room.hostedBy", { name: room.host })}`}
                </span>
              </span>
            </RowLink>
            <button
              type="button"
              class="small"
              aria-label={translate("room.joinTitle", { title: room.title })}
              onClick={() => void node.tryRun(() => app.join(room.id))}
            >
              {translate("room.join")}
            </button>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Foot(): JSX.Element {
  const { state } = useApp();
  const at = state.route.value.at;
  return (
    <footer class="list-foot">
      <RowLink class="foot-link" to={{ at: "contacts" }} isCurrent={at === "contacts"}>
        <Icon is="contacts" />
        {translate("nav.contacts")}
      </RowLink>
      <RowLink class="foot-link" to={{ at: "network" }} isCurrent={at === "network"}>
        <Icon is="network" />
        {translate("nav.network")}
      </RowLink>
      <RowLink class="foot-link" to={{ at: "settings" }} isCurrent={at === "settings"}>
        <Icon is="settings" />
        {translate("nav.settings")}
      </RowLink>
    </footer>
  );
}

function Skeleton(): JSX.Element {
  return (
    <div class="skeleton" aria-hidden="true">
      <i />
      <i />
      <i />
    </div>
  );
}

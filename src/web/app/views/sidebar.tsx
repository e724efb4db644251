/** The first pane: who one is, conversations, people and rooms nearby. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { PeerRow, RoomRow } from "../../../api/commands.ts";
import { tryRun } from "../controllers/node_client.ts";
import { join } from "../controllers/app_controller.ts";
import { go } from "../controllers/routing.ts";
import { parseNotice } from "../state/notice.ts";
import { isLeft, listConversations, listNearbyRooms, listPeople } from "../state/roster.ts";
import * as store from "../state/app_state.ts";
import { formatShortTime } from "../state/times.ts";
import { formatNotice, region, translate } from "../i18n/i18n.ts";
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

/** People who are shown at first; however many there are, rooms stay in reach. */
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
  const { status } = store;
  const name = status.value?.name ?? "";
  return (
    <header class="list-head">
      <h1 class="unseen">earshot</h1>
      <RowLink class="me-link" to={{ at: "me" }} isCurrent={store.route.value.at === "me"}>
        <Mark />
        <span class="me-text">
          <span class="me-name">
            <span class="unseen">{translate("me.title")}:</span>
            <bdi>{name}</bdi>
          </span>
          {status.value?.away !== null && status.value?.away !== undefined && (
            <span class="me-away">
              {formatPresence({ here: true, connected: true, away: status.value.away })}
            </span>
          )}
        </span>
      </RowLink>
      <IconButton icon="search" label={translate("nav.search")} onClick={() => go({ at: "search" })} />
      <IconButton
        icon="link"
        label={translate("nav.join")}
        onClick={() => store.dialog.value = { is: "join" }}
      />
      <IconButton
        icon="plus"
        class="primary"
        label={translate("nav.start")}
        onClick={() => store.dialog.value = { is: "start" }}
      />
    </header>
  );
}

function Requests(): JSX.Element | null {
  const { requests, invitations } = store.requests.value;
  const count = requests.length + invitations.length;
  if (count === 0) return null;
  return (
    <RowLink class="requests-link" to={{ at: "requests" }} isCurrent={store.route.value.at === "requests"}>
      <Icon is="people" />
      {translate("nav.requestsCount", { count })}
    </RowLink>
  );
}

function Conversations(): JSX.Element {
  const rooms = listConversations(store.rooms.value, store.latestRows.value)
    .filter((room) => !isLeft(room) || store.latestRows.value.has(room.id));
  return (
    <Section title={translate("list.rooms")} id="list-rooms">
      {rooms.length === 0
        ? store.isLoaded.value ? <Empty>{translate("list.noRooms")}</Empty> : <Skeleton />
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
  const to = store.toConversationId(room);
  const last = store.latestRows.value.get(room.id);
  const peer = room.peer === null ? null : store.findPeer(room.peer);
  return (
    <RowLink to={{ at: "talk", to }} isCurrent={store.openId.value === to}>
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
              text={formatShortTime(last.time, { tag: region.value, nowMs: store.nowMs.value })}
            />
          )}
        </span>
        <span class="row-second">
          <span class="row-last">{renderLatest(room)}</span>
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

function renderLatest(room: RoomRow): JSX.Element | string {
  const draft = store.drafts.value.get(store.toConversationId(room));
  if (draft !== undefined && store.openId.value !== store.toConversationId(room)) {
    return <span class="draft">{translate("list.draft", { text: toOneLine(draft) })}</span>;
  }
  const typist = store.typists.value.find(({ roomId }) => roomId === room.id);
  if (typist !== undefined) return <em>{translate("typing.one", { name: typist.name })}</em>;
  if (isLeft(room)) return translate("list.left");
  const row = store.latestRows.value.get(room.id);
  if (row === undefined) return "";
  if (row.notice) return `${row.name} ${formatNotice(parseNotice(row))}`;
  const text = toOneLine(row.text);
  if (row.state !== null) return <bdi>{translate("list.you", { text })}</bdi>;
  return <bdi>{room.direct ? text : translate("log.said", { name: row.name, text })}</bdi>;
}

function toOneLine(text: string): string {
  return text.slice(0, 200).replaceAll(/\s+/g, " ");
}

/** A room's sign: a ring, with a lock for one by invitation. */
function RoomMark({ room }: { readonly room: RoomRow }): JSX.Element {
  return (
    <span class="initial room-mark" aria-hidden="true">
      {room.invited ? <Icon is="lock" /> : "#"}
    </span>
  );
}

function People(): JSX.Element {
  const isAll = useSignal(false);
  const people = listPeople(store.peers.value);
  const shown = isAll.value ? people : people.slice(0, PEOPLE_SHOWN);
  return (
    <Section title={translate("list.people")} id="list-people" count={people.length}>
      {people.length === 0 && store.isLoaded.value && (
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
  return (
    <RowLink
      to={{ at: "talk", to: peer.id }}
      isCurrent={store.openId.value === peer.id && store.findRoom(peer.id) === null}
      class="row person-row"
    >
      <Initial of={peer.name} id={peer.id} />
      <span class="row-text">
        <span class="row-name">
          <Name of={peer.name} />
          <Presence peer={peer} />
        </span>
        {peer.away !== null && <span class="row-second">{formatPresence(peer)}</span>}
        <Marks peer={peer} />
      </span>
    </RowLink>
  );
}

function Nearby(): JSX.Element | null {
  const rooms = listNearbyRooms(store.rooms.value, store.latestRows.value);
  if (rooms.length === 0) return null;
  return (
    <Section title={translate("list.nearby")} id="list-nearby" count={rooms.length}>
      <ul>
        {rooms.map((room) => (
          <li key={room.id} class="nearby-row">
            <RowLink to={{ at: "talk", to: room.id }} isCurrent={store.openId.value === room.id}>
              <RoomMark room={room} />
              <span class="row-text">
                <span class="row-name">
                  <bdi>{room.title}</bdi>
                </span>
                <span class="row-second">
                  {translate("room.members", { count: room.members })}
                  {room.host !== null && ` · ${translate("room.relayedBy", { name: room.host })}`}
                </span>
              </span>
            </RowLink>
            <button
              type="button"
              class="small"
              aria-label={translate("room.joinTitle", { title: room.title })}
              onClick={() => void tryRun(() => join(room.id))}
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
  const at = store.route.value.at;
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

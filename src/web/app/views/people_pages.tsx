/** The pages of people: contacts and requests. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { InvitationRow, PeerRow, PlaceRow, RequestRow } from "../../../api/commands.ts";
import { compareNames } from "../state/collation.ts";
import { parseNotice } from "../state/notice.ts";
import { isMessage } from "../state/rows.ts";
import { formatNotice, translate } from "../i18n/i18n.ts";
import { useApp } from "./app_context.ts";
import { useAsyncAction } from "./use_async_action.ts";
import { RowLink, Section } from "./lists.tsx";
import { Linked } from "./message.tsx";
import { Empty, formatPresence, Initial, Marks, Name, Presence, Problem } from "./parts.tsx";
import { Page } from "./page_frame.tsx";

/** From this number of contacts on there is a field to filter them. */
const FILTER_FROM = 8;

/** The user's contacts. */
export function ContactsPage(): JSX.Element {
  const { state } = useApp();
  const filter = useSignal("");
  const { contacts, places, broken } = state.contacts.value;
  const wanted = filter.value.trim().toLocaleLowerCase();
  const shown = contacts.filter(({ name, note }) => `${name} ${note}`.toLocaleLowerCase().includes(wanted))
    .toSorted((left, right) =>
      Number(left.blocked) - Number(right.blocked) || compareNames(left.name, right.name)
    );
  return (
    <Page title={translate("contacts.title")}>
      {contacts.length === 0 && places.length === 0 && <Empty>{translate("contacts.empty")}</Empty>}
      {contacts.length >= FILTER_FROM && (
        <label class="field">
          <span>{translate("contacts.filter")}</span>
          <input
            type="search"
            value={filter.value}
            onInput={(event) => filter.value = event.currentTarget.value}
          />
        </label>
      )}
      {contacts.length > 0 && shown.length === 0 && <Empty>{translate("contacts.noMatch")}</Empty>}
      <ul>
        {shown.map((peer) => (
          <li key={peer.id}>
            <ContactRow peer={peer} />
          </li>
        ))}
      </ul>
      {places.length > 0 && (
        <Section title={translate("contacts.places")} id="places">
          <ul>
            {places.map((place) => (
              <li key={`${place.address} ${place.port} ${place.name}`}>
                <PlaceView place={place} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      {broken.map(({ line, reason }) => (
        <p key={line} class="problem">{translate("contacts.broken", { line: String(line), reason })}</p>
      ))}
      <button type="button" class="quiet" onClick={() => state.dialog.value = { is: "import" }}>
        {translate("contacts.import")}
      </button>
    </Page>
  );
}

function ContactRow({ peer }: { readonly peer: PeerRow }): JSX.Element {
  const { state } = useApp();
  return (
    <RowLink to={{ at: "conversation", to: peer.id }}>
      <Initial of={peer.name} id={peer.id} />
      <span class="row-text">
        <span class="row-name">
          <Name of={peer.name} />
          <Presence peer={peer} />
        </span>
        <span class="row-second">
          {formatPresence(peer, state)}
          {peer.note !== "" && (
            <>
              · <bdi>{peer.note}</bdi>
            </>
          )}
        </span>
        <Marks peer={peer} />
      </span>
    </RowLink>
  );
}

function PlaceView({ place }: { readonly place: PlaceRow }): JSX.Element {
  const { app, lists, node, showToast } = useApp();
  const { isBusy, problem, run: runAction } = useAsyncAction();
  const connect = () =>
    runAction(async () => {
      const { peer } = await node.run({ do: "connect", to: place.address, port: place.port });
      await lists.read("peers", "contacts");
      showToast(translate("join.connected", { name: peer.name }));
      app.openConversation(peer.id);
    });
  return (
    <>
      <div class="row">
        <span class="row-text">
          <bdi class="row-name">{place.name}</bdi>
          <span class="row-second">
            {place.address} · {translate("network.port", { port: String(place.port) })}
          </span>
        </span>
        <button type="button" class="small" disabled={isBusy.value} onClick={() => void connect()}>
          {isBusy.value ? translate("app.working") : translate("contacts.connect")}
        </button>
      </div>
      <Problem text={problem.value} />
    </>
  );
}

/** Requests of strangers, and invitations to rooms. */
export function RequestsPage(): JSX.Element {
  const { state } = useApp();
  const { requests, invitations } = state.requests.value;
  return (
    <Page title={translate("requests.title")}>
      {requests.length + invitations.length === 0 && <Empty>{translate("requests.empty")}</Empty>}
      {requests.map((request) => <Request key={request.roomId} request={request} />)}
      {invitations.map((invitation) => <Invitation key={invitation.roomId} invitation={invitation} />)}
    </Page>
  );
}

function Request({ request: { peer, rows } }: { readonly request: RequestRow }): JSX.Element {
  const { app, lists, node, state } = useApp();
  const { isBusy, problem, run: runAction } = useAsyncAction();
  const answer = (how: "accept" | "ignore" | "block") =>
    runAction(async () => {
      if (how === "block") await node.run({ do: "block", peer: peer.id, isBlocked: true });
      else await node.run({ do: how, peer: peer.id });
      await Promise.all([lists.read("requests", "peers", "contacts"), lists.read("rooms")]);
      if (how === "accept") app.openConversation(peer.id);
    });
  return (
    <article class="card" aria-labelledby={`request-${peer.id}`}>
      <h2 id={`request-${peer.id}`}>{translate("requests.says", { name: peer.name })}</h2>
      <p class="pane-sub">
        {formatPresence(peer, state)} · <code>{peer.id.slice(0, 8)}</code>
      </p>
      <Marks peer={peer} />
      {rows.filter(isMessage).map((row) => (
        <blockquote key={row.number} dir="auto">
          {row.notice ? formatNotice(parseNotice(row)) : <Linked text={row.text} />}
        </blockquote>
      ))}
      <Problem text={problem.value} />
      <div class="buttons">
        <button type="button" class="primary" disabled={isBusy.value} onClick={() => void answer("accept")}>
          {translate("requests.accept")}
        </button>
        <button
          type="button"
          disabled={isBusy.value}
          title={translate("requests.ignoreText")}
          onClick={() => void answer("ignore")}
        >
          {translate("requests.ignore")}
        </button>
        <button type="button" class="grave" disabled={isBusy.value} onClick={() => void answer("block")}>
          {translate("requests.block")}
        </button>
      </div>
    </article>
  );
}

function Invitation({ invitation }: { readonly invitation: InvitationRow }): JSX.Element {
  const { app, lists, node } = useApp();
  const { roomId, title, from } = invitation;
  const { isBusy, problem, run: runAction } = useAsyncAction();
  const accept = () =>
    runAction(async () => {
      await app.join(roomId);
      await node.tryRun(() => lists.read("requests"));
    });
  return (
    <article class="card" aria-labelledby={`invitation-${roomId}`}>
      <h2 id={`invitation-${roomId}`}>{translate("requests.invites", { name: from.name, title })}</h2>
      <Marks peer={from} />
      <Problem text={problem.value} />
      <div class="buttons">
        <button type="button" class="primary" disabled={isBusy.value} onClick={() => void accept()}>
          {isBusy.value ? translate("app.working") : translate("room.join")}
        </button>
      </div>
    </article>
  );
}

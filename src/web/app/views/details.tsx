/** The third pane: members and actions of a room, or details and actions of a peer. */

import type { ComponentChildren, JSX } from "preact";
import type { MemberRow, PeerRow, RoomRow } from "../../../api/commands.ts";
import { findPeer } from "../state/app_state.ts";
import { compareNames } from "../state/collation.ts";
import { translate } from "../i18n/i18n.ts";
import { useApp } from "./app_context.ts";
import { onArrowKeys, RowLink, Section } from "./lists.tsx";
import { Badge, formatPresence, IconButton, Initial, Marks, Name, Presence } from "./parts.tsx";
import { FileList } from "./file_list.tsx";
import { formatHost, WIDE } from "./conversation.tsx";

/** The pane of the open conversation. */
export function DetailsPane(): JSX.Element | null {
  const { preferences, routing, state } = useApp();
  const { value: conversation } = state.conversation;
  if (conversation === null) return null;
  const { room } = conversation;
  const close = () =>
    matchMedia(WIDE).matches ? preferences.change({ areDetailsShown: false }) : routing.goBack();
  return (
    <aside class="pane details-pane" aria-label={translate("room.details")} onKeyDown={onArrowKeys}>
      <header class="pane-head">
        <h2 class="pane-title">{translate("room.details")}</h2>
        <IconButton icon="close" label={translate("room.hideDetails")} onClick={close} />
      </header>
      <div class="pane-body">
        {room.direct ? <PersonDetails room={room} /> : <RoomDetails room={room} />}
        <FileList key={room.id} room={room} />
      </div>
    </aside>
  );
}

function RoomDetails({ room }: { readonly room: RoomRow }): JSX.Element {
  const { state } = useApp();
  const members = state.members.value.toSorted((left, right) =>
    Number(right.me) - Number(left.me) || Number(right.here) - Number(left.here) ||
    compareNames(left.name, right.name)
  );
  const open = (is: "invite" | "renew" | "export" | "leave") => () => state.dialog.value = { is, room };
  return (
    <>
      <div class="about">
        <h3 class="about-name">
          <bdi>{room.title}</bdi>
        </h3>
        <p class="pane-sub">
          {room.invited ? translate("room.invited") : translate("room.open")} · {formatHost(room.host, state)}
        </p>
      </div>
      {members.length > 0 && (
        <Section title={translate("room.people")} id="details-members" count={members.length}>
          <ul>
            {members.map((member) => (
              <li key={member.id}>
                <Member member={member} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Actions>
        {room.joined && <Action text={translate("invite.menu")} onClick={open("invite")} />}
        <Action text={translate("export.menu")} onClick={open("export")} />
        {room.joined && <Action text={translate("invite.renewGo")} onClick={open("renew")} />}
        {room.joined && <Action text={translate("leave.menu")} isGrave onClick={open("leave")} />}
      </Actions>
    </>
  );
}

function Member({ member }: { readonly member: MemberRow }): JSX.Element {
  const { state } = useApp();
  const content = (
    <>
      <Initial of={member.name} id={member.id} />
      <span class="row-text">
        <span class="row-name">
          <Name of={member.name} />
          {member.me ? <span class="you">({translate("app.you")})</span> : <Presence peer={member} />}
        </span>
        <span class="row-second">
          {[
            ...member.relays ? [translate("who.hosts")] : [],
            ...member.me ? [] : [formatPresence(member, state)],
          ]
            .join(
              " · ",
            )}
        </span>
        {!member.me && <Marks peer={member} />}
        {member.forked && (
          <span class="marks">
            <Badge
              icon="warn"
              kind="warn"
              text={translate("who.forkedShort")}
              title={translate("who.forked")}
            />
          </span>
        )}
      </span>
    </>
  );
  if (member.me) return <div class="row">{content}</div>;
  return <RowLink to={{ at: "conversation", to: member.id }}>{content}</RowLink>;
}

function PersonDetails({ room }: { readonly room: RoomRow }): JSX.Element {
  const { state } = useApp();
  const peer = room.peer === null ? null : findPeer(state, room.peer);
  const exported = (
    <Action
      text={translate("export.menu")}
      onClick={() => state.dialog.value = { is: "export", room }}
    />
  );
  if (peer === null) return <Actions>{exported}</Actions>;
  return (
    <>
      <div class="about">
        <Initial of={peer.name} id={peer.id} />
        <h3 class="about-name">
          <Name of={peer.name} id={peer.id} />
        </h3>
        <p class="pane-sub">
          {formatPresence(peer, state)}
          {peer.contact && ` · ${translate("who.contact")}`}
        </p>
        <Marks peer={peer} />
        {peer.note !== "" && <p class="note" dir="auto">{peer.note}</p>}
      </div>
      <PersonActions peer={peer}>{exported}</PersonActions>
      <dl class="facts">
        {peer.address !== null && (
          <>
            <dt>{translate("person.address")}</dt>
            <dd>
              <code>{peer.address}</code>
              {peer.port !== null && ` · ${translate("network.port", { port: String(peer.port) })}`}
            </dd>
          </>
        )}
        <dt>{translate("person.id")}</dt>
        <dd>
          <code class="key">{groupKeyLetters(peer.id)}</code>
        </dd>
      </dl>
    </>
  );
}

function PersonActions(
  { peer, children }: { readonly peer: PeerRow; readonly children: ComponentChildren },
): JSX.Element {
  const { lists, node, state } = useApp();
  const open = (is: "verify" | "edit" | "block" | "forget") => () => state.dialog.value = { is, peer };
  const runAction = (command: Parameters<typeof node.run>[0]) => () =>
    void node.tryRun(async () => {
      await node.run(command);
      await lists.read("peers", "contacts");
    });
  return (
    <Actions>
      <Action
        text={peer.verified ? translate("person.verifyAgain") : translate("person.verify")}
        onClick={open("verify")}
      />
      <Action text={translate("person.edit")} onClick={open("edit")} />
      {children}
      {!peer.contact && (
        <Action text={translate("person.keep")} onClick={runAction({ do: "save", peer: peer.id })} />
      )}
      {peer.connected && (
        <Action
          text={translate("person.disconnect")}
          onClick={runAction({ do: "disconnect", peer: peer.id })}
        />
      )}
      {peer.contact && !peer.blocked && (
        <Action text={translate("person.forget")} isGrave onClick={open("forget")} />
      )}
      {peer.blocked
        ? (
          <Action
            text={translate("person.unblock")}
            onClick={runAction({ do: "block", peer: peer.id, isBlocked: false })}
          />
        )
        : <Action text={translate("person.block")} isGrave onClick={open("block")} />}
    </Actions>
  );
}

function Actions({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return <div class="actions">{children}</div>;
}

function Action(
  { text, isGrave = false, onClick }: { readonly text: string; readonly isGrave?: boolean; onClick(): void },
): JSX.Element {
  return (
    <button type="button" class={isGrave ? "action grave" : "action"} data-row onClick={onClick}>
      {text}
    </button>
  );
}

/** Splits a key into groups of four letters, for reading it aloud. */
export function groupKeyLetters(id: string): string {
  return id.match(/.{1,4}/g)?.join(" ") ?? id;
}

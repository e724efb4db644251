/** Dialogs about rooms: open, join, invite, move, leave, export. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { ExportFormat, PeerRow, RoomRow } from "../../../api/commands.ts";
import { copyText, download } from "../browser/browser_window.ts";
import { toFileName } from "../state/file_name.ts";
import { listPeople } from "../state/roster.ts";
import { translate } from "../i18n/i18n.ts";
import { useApp } from "./app_context.ts";
import { useAsyncAction } from "./use_async_action.ts";
import { Dialog, useCloseDialog } from "./dialog.tsx";
import { Form, TextField } from "./form.tsx";
import { GiveButton } from "./give_dialog.tsx";
import { Icon, Name, Problem } from "./parts.tsx";
import { QrCode } from "./qr_code.tsx";

/** The default rendezvous port. */
const QUICK_PORT = 9999;
/** UTF-16 units of a title in the field. The node decides which titles are valid. */
const TITLE_UNITS_MAX = 128;

/** Opens a room. */
export function StartDialog(): JSX.Element {
  const { app, lists, node, state } = useApp();
  const closeDialog = useCloseDialog();
  const title = useSignal("");
  const isInvited = useSignal(false);
  const action = useAsyncAction();
  const open = async () => {
    const { room } = await node.run({ do: "host", title: title.value, isInvited: isInvited.value });
    await lists.read("rooms");
    app.openConversation(room.id);
    if (isInvited.value) state.dialog.value = { is: "invite", room };
    else closeDialog();
  };
  const kinds = [
    [false, translate("start.open"), translate("start.openText")],
    [true, translate("start.invited"), translate("start.invitedText")],
  ] as const;
  return (
    <Dialog title={translate("start.title")}>
      <Form action={action} go={translate("start.go")} isReady={title.value.trim() !== ""} onGo={open}>
        <TextField
          label={translate("start.name")}
          value={title}
          isFirst
          placeholder={translate("start.example")}
          maxLength={TITLE_UNITS_MAX}
        />
        <fieldset class="cards">
          <legend>{translate("start.who")}</legend>
          {kinds.map(([value, text, help]) => (
            <label key={String(value)}>
              <input
                type="radio"
                name="access"
                checked={isInvited.value === value}
                onChange={() => isInvited.value = value}
              />
              <span>
                {text}
                <small>{help}</small>
              </span>
            </label>
          ))}
        </fieldset>
      </Form>
    </Dialog>
  );
}

/** Joins a room by link, or connects to a peer by address. `link`: the text that the field has at first. */
export function JoinDialog({ link: firstLink }: { readonly link: string }): JSX.Element {
  const { app, lists, node, showToast } = useApp();
  const closeDialog = useCloseDialog();
  const link = useSignal(firstLink);
  const address = useSignal("");
  const port = useSignal(String(QUICK_PORT));
  const byLink = useAsyncAction();
  const byAddress = useAsyncAction();
  const connect = async () => {
    const number = Number(port.value.trim());
    if (!/^\d+$/.test(port.value.trim()) || number < 1 || number > 65_535) {
      byAddress.problem.value = translate("join.noPort");
      return;
    }
    const named = address.value.trim();
    // A port in the address wins over the other field.
    const hasPort = /^[\d.]+:\d+$|\]:\d+$/.test(named);
    const reply = await node.run({ do: "connect", to: named, ...!hasPort && { port: number } });
    await Promise.all([lists.read("peers", "contacts"), lists.read("rooms")]);
    closeDialog();
    showToast(translate("join.connected", { name: reply.peer.name }));
    const [only] = reply.rooms;
    app.openConversation(reply.rooms.length === 1 && only !== undefined ? only.id : reply.peer.id);
  };
  const enter = async () => {
    if (!link.value.trim().toLowerCase().includes("earshot://")) {
      byLink.problem.value = translate("join.notLink");
      return;
    }
    await app.join(link.value.trim());
    closeDialog();
  };
  return (
    <Dialog title={translate("join.title")}>
      <Form
        action={byLink}
        go={translate("join.linkGo")}
        isReady={link.value.trim() !== ""}
        onGo={enter}
        heading={translate("join.link")}
      >
        <TextField
          label={translate("join.linkLabel")}
          value={link}
          isFirst
          placeholder="earshot://"
          maxLength={1_000}
          isCode
          help={translate("join.linkText")}
        />
      </Form>
      <Form
        action={byAddress}
        go={port.value.trim() === String(QUICK_PORT)
          ? translate("join.quick", { port: String(QUICK_PORT) })
          : translate("join.addressGo")}
        isReady={address.value.trim() !== ""}
        onGo={connect}
        heading={translate("join.address")}
      >
        <p class="help">{translate("join.addressText")}</p>
        <div class="field-pair">
          <TextField
            label={translate("join.addressLabel")}
            value={address}
            placeholder="192.168.43.1"
            maxLength={200}
            isCode
          />
          <TextField
            label={translate("join.portLabel")}
            value={port}
            maxLength={5}
            isCode
            inputMode="numeric"
          />
        </div>
      </Form>
    </Dialog>
  );
}

/** The room's link as text and QR code, and the peers to send it to. */
export function InviteDialog({ room }: { readonly room: RoomRow }): JSX.Element {
  const { node, state } = useApp();
  const link = useSignal<string | null>(null);
  const isCopied = useSignal(false);
  const { problem, run: runAction } = useAsyncAction();
  useEffect(() => {
    void runAction(async () => {
      link.value = (await node.run({ do: "invite", room: room.id, peers: [] })).link;
    });
  }, []);
  const inside = new Set(state.members.value.map(({ id }) => id));
  const guests = listPeople(state.peers.value).filter(({ id }) => !inside.has(id));
  return (
    <Dialog title={translate("invite.title", { title: room.title })}>
      <Problem text={problem.value} />
      {link.value !== null && (
        <div class="invite">
          <QrCode text={link.value.toUpperCase()} label={translate("invite.qr")} />
          <div class="invite-link">
            <p class="help">{translate("invite.text")}</p>
            <label class="field">
              <span>{translate("invite.link")}</span>
              <input
                class="code"
                readOnly
                value={link.value}
                onFocus={(event) => event.currentTarget.select()}
              />
            </label>
            <button
              type="button"
              class="primary"
              onClick={() => void copyText(link.value ?? "").then((isDone) => isCopied.value = isDone)}
            >
              {isCopied.value
                ? (
                  <>
                    <Icon is="check" />
                    {translate("app.copied")}
                  </>
                )
                : translate("app.copy")}
            </button>
          </div>
        </div>
      )}
      {guests.length > 0 && (
        <section class="section">
          <h3>{translate("invite.people")}</h3>
          <ul class="guests">
            {guests.map((peer) => (
              <li key={peer.id}>
                <Guest peer={peer} room={room} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <p class="help">
        {translate("give.nobody")} <GiveButton />
      </p>
      <p class="help">
        {translate("invite.renew")}{" "}
        <button type="button" class="quiet inline" onClick={() => state.dialog.value = { is: "renew", room }}>
          {translate("invite.renewGo")}
        </button>
      </p>
    </Dialog>
  );
}

function Guest({ peer, room }: { readonly peer: PeerRow; readonly room: RoomRow }): JSX.Element {
  const { node } = useApp();
  const isSent = useSignal(false);
  const { isBusy, problem, run: runAction } = useAsyncAction();
  const send = () =>
    runAction(async () => {
      await node.run({ do: "invite", room: room.id, peers: [peer.id] });
      isSent.value = true;
    });
  return (
    <>
      <div class="guest">
        <Name of={peer.name} id={peer.id} />
        {isSent.value
          ? (
            <span role="status" class="sent">
              <Icon is="check" />
              {translate("invite.sent", { name: peer.name })}
            </span>
          )
          : (
            <button type="button" class="small" disabled={isBusy.value} onClick={() => void send()}>
              {translate("invite.send", { name: peer.name })}
            </button>
          )}
      </div>
      <Problem text={problem.value} />
    </>
  );
}

/** Moves the room without some members. */
export function RenewDialog({ room }: { readonly room: RoomRow }): JSX.Element {
  const { app, lists, node, state } = useApp();
  const closeDialog = useCloseDialog();
  const left = useSignal<ReadonlySet<string>>(new Set());
  const action = useAsyncAction();
  const move = async () => {
    const reply = await node.run({ do: "renew", room: room.id, without: [...left.value] });
    await lists.read("rooms");
    closeDialog();
    app.openConversation(reply.room.id);
  };
  const toggle = (id: string) => {
    const next = new Set(left.value);
    if (!next.delete(id)) next.add(id);
    left.value = next;
  };
  return (
    <Dialog title={translate("renew.title")}>
      <Form action={action} go={translate("renew.go")} isReady onGo={move}>
        <p class="help">{translate("invite.renewText")}</p>
        <fieldset class="checks">
          <legend>{translate("renew.text")}</legend>
          {state.members.value.filter(({ me }) => !me).map((member) => (
            <label key={member.id}>
              <input type="checkbox" checked={left.value.has(member.id)} onChange={() => toggle(member.id)} />
              <Name of={member.name} id={member.id} />
            </label>
          ))}
        </fieldset>
      </Form>
    </Dialog>
  );
}

/** Leaves a room. */
export function LeaveDialog({ room }: { readonly room: RoomRow }): JSX.Element {
  const { lists, node } = useApp();
  const closeDialog = useCloseDialog();
  const action = useAsyncAction();
  const leave = async () => {
    await node.run({ do: "leave", room: room.id });
    await lists.read("rooms");
    closeDialog();
  };
  return (
    <Dialog title={translate("leave.title", { title: room.title })}>
      <Form action={action} go={translate("leave.go")} isReady isGrave onGo={leave}>
        <p>{translate("leave.text")}</p>
      </Form>
    </Dialog>
  );
}

const TYPES: Readonly<Record<ExportFormat, string>> = {
  txt: "text/plain",
  md: "text/markdown",
  json: "application/json",
};

/** Saves the conversation as a file. */
export function ExportDialog({ room }: { readonly room: RoomRow }): JSX.Element {
  const { node, showToast } = useApp();
  const closeDialog = useCloseDialog();
  const format = useSignal<ExportFormat>("txt");
  const action = useAsyncAction();
  const formats = [["txt", translate("export.txt")], ["md", translate("export.md")], [
    "json",
    translate("export.json"),
  ]] as const;
  const save = async () => {
    const { title, text, count } = await node.run({ do: "export", to: room.id, format: format.value });
    download(`${toFileName(title)}.${format.value}`, { text, type: TYPES[format.value] });
    closeDialog();
    showToast(translate("export.done", { count }));
  };
  return (
    <Dialog title={translate("export.title", { title: room.title })}>
      <Form action={action} go={translate("export.go")} isReady onGo={save}>
        <p class="help">{translate("export.text")}</p>
        <fieldset class="checks">
          <legend>{translate("export.format")}</legend>
          {formats.map(([value, text]) => (
            <label key={value}>
              <input
                type="radio"
                name="format"
                checked={format.value === value}
                onChange={() => format.value = value}
              />
              <span>{text}</span>
            </label>
          ))}
        </fieldset>
      </Form>
    </Dialog>
  );
}

/** Dialogs about rooms: open one, come into one, invite, move on, leave, export. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { ExportFormat, PeerRow, RoomRow } from "../../../node/vocabulary.ts";
import { run, tell } from "../asking.ts";
import { copyText, download } from "../browser/desktop.ts";
import { join, lookAgain, readRooms, talkTo } from "../desk.ts";
import { fileNameOf } from "../state/file_name.ts";
import { peopleOf } from "../state/roster.ts";
import * as store from "../state/store.ts";
import { say } from "../words.ts";
import { useDeed } from "./deed.ts";
import { closeDialog, Dialog } from "./dialog.tsx";
import { Form, TextField } from "./form.tsx";
import { GiveButton } from "./give_dialog.tsx";
import { Icon, Name, Problem } from "./parts.tsx";
import { QrCode } from "./qr_code.tsx";

/** The port where everybody looks first. */
const QUICK_PORT = 9999;
/** UTF-16 units of a title that a field takes; the node says which titles are none. */
const TITLE_UNITS_MAX = 128;

/** Opens a room. */
export function StartDialog(): JSX.Element {
  const title = useSignal("");
  const isInvited = useSignal(false);
  const deed = useDeed();
  const open = async () => {
    const { room } = await run({ do: "host", title: title.value, isInvited: isInvited.value });
    await readRooms();
    talkTo(room.id);
    if (isInvited.value) store.dialog.value = { is: "invite", room };
    else closeDialog();
  };
  const kinds = [
    [false, say("start.open"), say("start.openText")],
    [true, say("start.invited"), say("start.invitedText")],
  ] as const;
  return (
    <Dialog title={say("start.title")}>
      <Form deed={deed} go={say("start.go")} isReady={title.value.trim() !== ""} onGo={open}>
        <TextField
          label={say("start.name")}
          value={title}
          isFirst
          placeholder={say("start.example")}
          maxLength={TITLE_UNITS_MAX}
        />
        <fieldset class="cards">
          <legend>{say("start.who")}</legend>
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

/** Comes into a room by link, or to somebody by address. */
export function JoinDialog(): JSX.Element {
  const link = useSignal("");
  const address = useSignal("");
  const port = useSignal(String(QUICK_PORT));
  const byLink = useDeed();
  const byAddress = useDeed();
  const connect = async () => {
    const number = Number(port.value.trim());
    if (!/^\d+$/.test(port.value.trim()) || number < 1 || number > 65_535) {
      byAddress.problem.value = say("join.noPort");
      return;
    }
    const named = address.value.trim();
    // A port within the address is what was meant, whatever stands in the other field.
    const hasPort = /^[\d.]+:\d+$|\]:\d+$/.test(named);
    const reply = await run({ do: "connect", to: named, ...!hasPort && { port: number } });
    await Promise.all([lookAgain("peers", "contacts"), readRooms()]);
    closeDialog();
    tell(say("join.connected", { name: reply.peer.name }));
    const [only] = reply.rooms;
    talkTo(reply.rooms.length === 1 && only !== undefined ? only.id : reply.peer.id);
  };
  const enter = async () => {
    if (!link.value.trim().toLowerCase().includes("earshot://")) {
      byLink.problem.value = say("join.notLink");
      return;
    }
    await join(link.value.trim());
    closeDialog();
  };
  return (
    <Dialog title={say("join.title")}>
      <Form
        deed={byLink}
        go={say("join.linkGo")}
        isReady={link.value.trim() !== ""}
        onGo={enter}
        heading={say("join.link")}
      >
        <TextField
          label={say("join.linkLabel")}
          value={link}
          isFirst
          placeholder="earshot://"
          maxLength={1_000}
          isCode
          help={say("join.linkText")}
        />
      </Form>
      <Form
        deed={byAddress}
        go={port.value.trim() === String(QUICK_PORT)
          ? say("join.quick", { port: String(QUICK_PORT) })
          : say("join.addressGo")}
        isReady={address.value.trim() !== ""}
        onGo={connect}
        heading={say("join.address")}
      >
        <p class="help">{say("join.addressText")}</p>
        <div class="field-pair">
          <TextField
            label={say("join.addressLabel")}
            value={address}
            placeholder="192.168.43.1"
            maxLength={200}
            isCode
          />
          <TextField label={say("join.portLabel")} value={port} maxLength={5} isCode inputMode="numeric" />
        </div>
      </Form>
    </Dialog>
  );
}

/** The room's link, as text and as a code, and whom to send it to. */
export function InviteDialog({ room }: { readonly room: RoomRow }): JSX.Element {
  const link = useSignal<string | null>(null);
  const isCopied = useSignal(false);
  const { problem, run: does } = useDeed();
  useEffect(() => {
    void does(async () => {
      link.value = (await run({ do: "invite", room: room.id, peers: [] })).link;
    });
  }, []);
  const inside = new Set(store.members.value.map(({ id }) => id));
  const guests = peopleOf(store.peers.value).filter(({ id }) => !inside.has(id));
  return (
    <Dialog title={say("invite.title", { title: room.title })}>
      <Problem text={problem.value} />
      {link.value !== null && (
        <div class="invite">
          <QrCode text={link.value.toUpperCase()} label={say("invite.qr")} />
          <div class="invite-link">
            <p class="help">{say("invite.text")}</p>
            <label class="field">
              <span>{say("invite.link")}</span>
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
                    {say("app.copied")}
                  </>
                )
                : say("app.copy")}
            </button>
          </div>
        </div>
      )}
      {guests.length > 0 && (
        <section class="section">
          <h3>{say("invite.people")}</h3>
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
        {say("give.nobody")} <GiveButton />
      </p>
      <p class="help">
        {say("invite.renew")}{" "}
        <button type="button" class="quiet inline" onClick={() => store.dialog.value = { is: "renew", room }}>
          {say("invite.renewGo")}
        </button>
      </p>
    </Dialog>
  );
}

function Guest({ peer, room }: { readonly peer: PeerRow; readonly room: RoomRow }): JSX.Element {
  const isSent = useSignal(false);
  const { isBusy, problem, run: does } = useDeed();
  const send = () =>
    does(async () => {
      await run({ do: "invite", room: room.id, peers: [peer.id] });
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
              {say("invite.sent", { name: peer.name })}
            </span>
          )
          : (
            <button type="button" class="small" disabled={isBusy.value} onClick={() => void send()}>
              {say("invite.send", { name: peer.name })}
            </button>
          )}
      </div>
      <Problem text={problem.value} />
    </>
  );
}

/** Moves to a new room, without some. */
export function RenewDialog({ room }: { readonly room: RoomRow }): JSX.Element {
  const left = useSignal<ReadonlySet<string>>(new Set());
  const deed = useDeed();
  const move = async () => {
    const reply = await run({ do: "renew", room: room.id, without: [...left.value] });
    await readRooms();
    closeDialog();
    talkTo(reply.room.id);
  };
  const toggle = (id: string) => {
    const next = new Set(left.value);
    if (!next.delete(id)) next.add(id);
    left.value = next;
  };
  return (
    <Dialog title={say("renew.title")}>
      <Form deed={deed} go={say("renew.go")} isReady onGo={move}>
        <p class="help">{say("invite.renewText")}</p>
        <fieldset class="checks">
          <legend>{say("renew.text")}</legend>
          {store.members.value.filter(({ me }) => !me).map((member) => (
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
  const deed = useDeed();
  const leave = async () => {
    await run({ do: "leave", room: room.id });
    await readRooms();
    closeDialog();
  };
  return (
    <Dialog title={say("leave.title", { title: room.title })}>
      <Form deed={deed} go={say("leave.go")} isReady isGrave onGo={leave}>
        <p>{say("leave.text")}</p>
      </Form>
    </Dialog>
  );
}

const TYPES: Readonly<Record<ExportFormat, string>> = {
  txt: "text/plain",
  md: "text/markdown",
  json: "application/json",
};

/** Gives the user the conversation as a file. */
export function ExportDialog({ room }: { readonly room: RoomRow }): JSX.Element {
  const format = useSignal<ExportFormat>("txt");
  const deed = useDeed();
  const formats = [["txt", say("export.txt")], ["md", say("export.md")], [
    "json",
    say("export.json"),
  ]] as const;
  const save = async () => {
    const { title, text, count } = await run({ do: "export", to: room.id, format: format.value });
    download(`${fileNameOf(title)}.${format.value}`, { text, type: TYPES[format.value] });
    closeDialog();
    tell(say("export.done", { count }));
  };
  return (
    <Dialog title={say("export.title", { title: room.title })}>
      <Form deed={deed} go={say("export.go")} isReady onGo={save}>
        <p class="help">{say("export.text")}</p>
        <fieldset class="checks">
          <legend>{say("export.format")}</legend>
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

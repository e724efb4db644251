/** Dialogs about a peer: verify, edit, block, remove. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { PeerRow } from "../../../api/commands.ts";
import { translate } from "../i18n/i18n.ts";
import { useApp } from "./app_context.ts";
import { useAsyncAction } from "./use_async_action.ts";
import { Dialog, useCloseDialog } from "./dialog.tsx";
import { Form, TextField } from "./form.tsx";
import { Problem } from "./parts.tsx";

/** Characters of a name in the field. The node decides which names are valid. */
const LABEL_UNITS_MAX = 64;
/** A note is one line in contacts.dat. */
const NOTE_UNITS_MAX = 400;

/** The six words that two users compare. */
export function VerifyDialog({ peer }: { readonly peer: PeerRow }): JSX.Element {
  const { lists, node, showToast } = useApp();
  const closeDialog = useCloseDialog();
  const words = useSignal<readonly string[]>([]);
  const { isBusy, problem, run: runAction } = useAsyncAction();
  useEffect(() => {
    void runAction(async () => {
      words.value = (await node.run({ do: "words", peer: peer.id })).words;
    });
  }, []);
  const answer = (isVerified: boolean) =>
    runAction(async () => {
      await node.run({ do: "verify", peer: peer.id, isVerified });
      await lists.read("peers", "contacts");
      closeDialog();
      if (isVerified) showToast(translate("verify.done", { name: peer.name }));
      else showToast(translate("verify.bad"), { isProblem: true });
    });
  return (
    <Dialog title={translate("verify.title", { name: peer.name })}>
      <p>{translate("verify.text")}</p>
      <ol class="six-words" aria-label={translate("verify.words", { name: peer.name })} translate={false}>
        {words.value.map((word) => <li key={word} lang="en">{word}</li>)}
      </ol>
      <Problem text={problem.value} />
      <div class="buttons">
        <button
          type="button"
          class="grave"
          disabled={isBusy.value || words.value.length === 0}
          onClick={() => void answer(false)}
        >
          {translate("verify.differ")}
        </button>
        <button
          type="button"
          class="primary"
          disabled={isBusy.value || words.value.length === 0}
          onClick={() => void answer(true)}
        >
          {translate("verify.same")}
        </button>
      </div>
    </Dialog>
  );
}

/** The user's own name for a peer, and a note. */
export function EditDialog({ peer }: { readonly peer: PeerRow }): JSX.Element {
  const { lists, node } = useApp();
  const closeDialog = useCloseDialog();
  const label = useSignal(peer.label);
  const note = useSignal(peer.note);
  const action = useAsyncAction();
  const save = async () => {
    await node.run({ do: "save", peer: peer.id, label: label.value.trim() });
    await node.run({ do: "note", peer: peer.id, text: note.value.trim() });
    await Promise.all([lists.read("peers", "contacts"), lists.read("rooms")]);
    closeDialog();
  };
  return (
    <Dialog title={translate("person.editTitle", { name: peer.name })}>
      <Form action={action} go={translate("app.save")} isReady onGo={save}>
        <TextField
          label={translate("person.label")}
          value={label}
          isFirst
          placeholder={peer.name}
          maxLength={LABEL_UNITS_MAX}
          help={translate("person.labelHelp")}
        />
        <TextField label={translate("person.note")} value={note} maxLength={NOTE_UNITS_MAX} />
      </Form>
    </Dialog>
  );
}

/** Blocks a peer. */
export function BlockDialog({ peer }: { readonly peer: PeerRow }): JSX.Element {
  const { lists, node } = useApp();
  const closeDialog = useCloseDialog();
  const action = useAsyncAction();
  const block = async () => {
    await node.run({ do: "block", peer: peer.id, isBlocked: true });
    await lists.read("peers", "contacts", "requests");
    closeDialog();
  };
  return (
    <Dialog title={translate("person.blockTitle", { name: peer.name })}>
      <Form action={action} go={translate("person.blockGo")} isReady isGrave onGo={block}>
        <p>{translate("person.blockText")}</p>
      </Form>
    </Dialog>
  );
}

/** Removes a contact. */
export function ForgetDialog({ peer }: { readonly peer: PeerRow }): JSX.Element {
  const { lists, node, routing } = useApp();
  const closeDialog = useCloseDialog();
  const action = useAsyncAction();
  const forget = async () => {
    await node.run({ do: "forget", peer: peer.id });
    await Promise.all([lists.read("peers", "contacts"), lists.read("rooms")]);
    closeDialog();
    routing.go({ at: "contacts" });
  };
  return (
    <Dialog title={translate("person.forgetTitle", { name: peer.name })}>
      <Form action={action} go={translate("person.forgetGo")} isReady isGrave onGo={forget}>
        <p>{translate("person.forgetText")}</p>
      </Form>
    </Dialog>
  );
}

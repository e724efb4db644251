/** Imports contacts of other programs. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { translate, translateTold } from "../i18n/i18n.ts";
import { useApp } from "./app_context.ts";
import { useAsyncAction } from "./use_async_action.ts";
import { Dialog, useCloseDialog } from "./dialog.tsx";
import { Form } from "./form.tsx";

/** UTF-16 units of the list, as the node takes them. */
const UNITS_MAX = 128 * 1024;

/** The dialog. */
export function ImportDialog(): JSX.Element {
  const { lists, node, showToast } = useApp();
  const closeDialog = useCloseDialog();
  const text = useSignal("");
  const action = useAsyncAction();
  const take = async () => {
    const { added, contacts = [], broken } = await node.run({ do: "import", text: text.value });
    const count = added.length + contacts.length;
    await lists.read("contacts");
    const [first] = broken;
    if (count === 0 && first !== undefined) {
      action.problem.value = translate("contacts.importLeftOut", {
        line: String(first.line),
        reason: translateTold(first.reason, first.reasonMessage),
      });
      return;
    }
    closeDialog();
    const imported = translate("contacts.imported", { count });
    const skipped = translate("contacts.importSkipped", { count: broken.length });
    showToast(first === undefined ? imported : `${imported} ${skipped}`);
  };
  return (
    <Dialog title={translate("contacts.importTitle")}>
      <Form
        action={action}
        go={translate("contacts.importGo")}
        isReady={text.value.trim() !== ""}
        onGo={take}
      >
        <label class="field">
          <span>{translate("contacts.importText")}</span>
          <textarea
            autofocus
            class="code"
            rows={6}
            maxLength={UNITS_MAX}
            spellcheck={false}
            placeholder="192.168.43.7 9999 bob"
            value={text.value}
            onInput={(event) => text.value = event.currentTarget.value}
          />
        </label>
      </Form>
    </Dialog>
  );
}

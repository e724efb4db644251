/** Takes over the contacts of older programs. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { run, tell } from "../controllers/node_client.ts";
import { lookAgain } from "../controllers/app_controller.ts";
import { translate } from "../i18n/i18n.ts";
import { useAsyncAction } from "./use_async_action.ts";
import { closeDialog, Dialog } from "./dialog.tsx";
import { Form } from "./form.tsx";

/** UTF-16 units of the list, as the node takes them. */
const UNITS_MAX = 128 * 1024;

/** The dialog. */
export function ImportDialog(): JSX.Element {
  const text = useSignal("");
  const deed = useAsyncAction();
  const take = async () => {
    const { added, broken } = await run({ do: "import", text: text.value });
    await lookAgain("contacts");
    const [first] = broken;
    if (added.length === 0 && first !== undefined) {
      deed.problem.value = translate("contacts.broken", { line: String(first.line), reason: first.reason });
      return;
    }
    closeDialog();
    tell(translate("contacts.imported", { count: added.length }));
  };
  return (
    <Dialog title={translate("contacts.importTitle")}>
      <Form deed={deed} go={translate("contacts.importGo")} isReady={text.value.trim() !== ""} onGo={take}>
        <label class="field">
          <span>{translate("contacts.importText")}</span>
          <textarea
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

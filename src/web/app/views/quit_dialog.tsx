/** The dialog that ends earshot. After a start by double click there is no terminal to end it in. */

import type { JSX } from "preact";
import { translate } from "../i18n/i18n.ts";
import { useApp } from "./app_context.ts";
import { useAsyncAction } from "./use_async_action.ts";
import { Dialog, useCloseDialog } from "./dialog.tsx";
import { Form } from "./form.tsx";

/** Asks before the node ends. */
export function QuitDialog(): JSX.Element {
  const { node } = useApp();
  const closeDialog = useCloseDialog();
  const action = useAsyncAction();
  const quit = async () => {
    await node.run({ do: "stop" });
    closeDialog();
  };
  return (
    <Dialog title={translate("quit.title")}>
      <Form action={action} go={translate("quit.go")} isReady isGrave onGo={quit}>
        <p>{translate("quit.text")}</p>
      </Form>
    </Dialog>
  );
}

/** A button that opens the dialog. */
export function QuitButton(): JSX.Element {
  const { state } = useApp();
  return (
    <button type="button" onClick={() => state.dialog.value = { is: "quit" }}>
      {translate("quit.title")}
    </button>
  );
}

/** The dialog that ends earshot: where a double click started it, there is no terminal to end it in. */

import type { JSX } from "preact";
import { translate } from "../i18n/i18n.ts";
import { useApp } from "./app_context.ts";
import { useAsyncAction } from "./use_async_action.ts";
import { Dialog, useCloseDialog } from "./dialog.tsx";
import { Form } from "./form.tsx";

/** Ends the node of this page. */
export function QuitDialog(): JSX.Element {
  const { node } = useApp();
  const closeDialog = useCloseDialog();
  const deed = useAsyncAction();
  const quit = async () => {
    await node.run({ do: "stop" });
    closeDialog();
  };
  return (
    <Dialog title={translate("quit.title")}>
      <Form deed={deed} go={translate("quit.go")} isReady isGrave onGo={quit}>
        <p>{translate("quit.text")}</p>
      </Form>
    </Dialog>
  );
}

/** Opens it. */
export function QuitButton(): JSX.Element {
  const { state } = useApp();
  return (
    <button type="button" onClick={() => state.dialog.value = { is: "quit" }}>
      {translate("quit.title")}
    </button>
  );
}

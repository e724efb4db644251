/** The dialog that ends earshot: where a double click started it, there is no terminal to end it in. */

import type { JSX } from "preact";
import { run } from "../controllers/node_client.ts";
import * as store from "../state/app_state.ts";
import { translate } from "../i18n/i18n.ts";
import { useAsyncAction } from "./use_async_action.ts";
import { closeDialog, Dialog } from "./dialog.tsx";
import { Form } from "./form.tsx";

/** Ends the node of this page. */
export function QuitDialog(): JSX.Element {
  const deed = useAsyncAction();
  const quit = async () => {
    await run({ do: "stop" });
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
  return (
    <button type="button" onClick={() => store.dialog.value = { is: "quit" }}>
      {translate("quit.title")}
    </button>
  );
}

/** The dialog that ends earshot: where a double click started it, there is no terminal to end it in. */

import type { JSX } from "preact";
import { run } from "../asking.ts";
import * as store from "../state/store.ts";
import { say } from "../words.ts";
import { useDeed } from "./deed.ts";
import { closeDialog, Dialog } from "./dialog.tsx";
import { Form } from "./form.tsx";

/** Ends the node of this page. */
export function QuitDialog(): JSX.Element {
  const deed = useDeed();
  const quit = async () => {
    await run({ do: "stop" });
    closeDialog();
  };
  return (
    <Dialog title={say("quit.title")}>
      <Form deed={deed} go={say("quit.go")} isReady isGrave onGo={quit}>
        <p>{say("quit.text")}</p>
      </Form>
    </Dialog>
  );
}

/** Opens it. */
export function QuitButton(): JSX.Element {
  return (
    <button type="button" onClick={() => store.dialog.value = { is: "quit" }}>
      {say("quit.title")}
    </button>
  );
}

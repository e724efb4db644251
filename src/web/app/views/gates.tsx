/** What stands before or above everything: not let in, who are you, the connection is lost. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { connectNow, run } from "../controllers/node_client.ts";
import { setPreference } from "../controllers/preferences.ts";
import { readStatus } from "../controllers/app_controller.ts";
import * as store from "../state/app_state.ts";
import { translate } from "../i18n/i18n.ts";
import { useAsyncAction } from "./use_async_action.ts";
import { Form, TextField } from "./form.tsx";
import { Mark } from "./parts.tsx";

/** Nothing of the node is shown to a browser that it does not know. */
export function NotEntered(
  { why }: { readonly why: "not-entered" | "somebody-else" | "outdated" },
): JSX.Element {
  return (
    <main class="gate">
      <div class="gate-box">
        <Mark />
        <h1>{why === "outdated" ? translate("link.outdated") : translate("enter.title")}</h1>
        {why === "somebody-else" && <p class="problem">{translate("enter.other")}</p>}
        {why === "not-entered" && store.isTokenRefused.value && (
          <p class="problem">{translate("enter.used")}</p>
        )}
        {why !== "outdated" && (
          <>
            <p>{translate("enter.why")}</p>
            <p>{translate("enter.how")}</p>
            <p>
              <code class="command">{translate("enter.command")}</code>
            </p>
          </>
        )}
        <button type="button" onClick={connectNow}>{translate("link.retry")}</button>
      </div>
    </main>
  );
}

/** The first time: a name, and then who is here. */
export function Welcome(): JSX.Element {
  const name = useSignal(store.status.value?.name ?? "");
  const deed = useAsyncAction();
  const begin = async () => {
    if (name.value.trim() !== store.status.value?.name) {
      await run({ do: "nick", name: name.value.trim() });
      await readStatus();
    }
    setPreference({ isWelcomed: true });
  };
  return (
    <main class="gate">
      <div class="gate-box">
        <Mark />
        <h1>{translate("welcome.title")}</h1>
        <Form
          deed={deed}
          go={translate("welcome.go")}
          isReady={name.value.trim() !== ""}
          onGo={begin}
          isInDialog={false}
        >
          <TextField
            label={translate("welcome.name")}
            value={name}
            isFirst
            maxLength={64}
            help={translate("welcome.text")}
          />
        </Form>
        <p class="help">{translate("welcome.private")}</p>
      </div>
    </main>
  );
}

/** Above everything while the node cannot be reached; what was read stays in sight. */
export function LinkBanner(): JSX.Element {
  const { value: state } = store.connection;
  const outage = state.at === "waiting" ? state.outage : state.at === "connecting" ? state.outage : null;
  return (
    <div class="banner-place" role="status">
      {outage !== null && (
        <div class="banner">
          <p>{translate(`link.${outage}`)}</p>
          <button type="button" class="small" onClick={connectNow}>{translate("link.retry")}</button>
        </div>
      )}
    </div>
  );
}

/** Screens before the page, and the banner above it: not signed in, first start, no connection. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { translate } from "../i18n/i18n.ts";
import { useApp } from "./app_context.ts";
import { useAsyncAction } from "./use_async_action.ts";
import { Form, TextField } from "./form.tsx";
import { Mark } from "./parts.tsx";

/** The screen of a browser that is not signed in. It shows nothing of the node. */
export function NotEntered(
  { why }: { readonly why: "not-entered" | "somebody-else" | "outdated" },
): JSX.Element {
  const { node, state } = useApp();
  return (
    <main class="gate">
      <div class="gate-box">
        <Mark />
        <h1>{why === "outdated" ? translate("link.outdated") : translate("enter.title")}</h1>
        {why === "somebody-else" && <p class="problem">{translate("enter.other")}</p>}
        {why === "not-entered" && state.isTokenRefused.value && (
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
        <button type="button" onClick={node.connect}>{translate("link.retry")}</button>
      </div>
    </main>
  );
}

/** The first start: the user chooses a name. */
export function Welcome(): JSX.Element {
  const { lists, node, preferences, state } = useApp();
  const name = useSignal(state.status.value?.name ?? "");
  const action = useAsyncAction();
  const begin = async () => {
    if (name.value.trim() !== state.status.value?.name) {
      await node.run({ do: "nick", name: name.value.trim() });
      await lists.read("status");
    }
    preferences.change({ isWelcomed: true });
  };
  return (
    <main class="gate">
      <div class="gate-box">
        <Mark />
        <h1>{translate("welcome.title")}</h1>
        <Form
          action={action}
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

/** The banner while the node cannot be reached. The page below stays as it was. */
export function LinkBanner(): JSX.Element {
  const { node, state } = useApp();
  const { value: connection } = state.connection;
  const outage = connection.at === "waiting" || connection.at === "connecting" ? connection.outage : null;
  return (
    <div class="banner-place" role="status">
      {outage !== null && (
        <div class="banner">
          <p>{translate(`link.${outage}`)}</p>
          <button type="button" class="small" onClick={node.connect}>{translate("link.retry")}</button>
        </div>
      )}
    </div>
  );
}

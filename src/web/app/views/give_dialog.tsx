/** The dialog for sharing earshot: the switch, the addresses, and the SHA-256 to compare. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Replies } from "../../../api/commands.ts";
import { region, translate, translateTold } from "../i18n/i18n.ts";
import { useApp } from "./app_context.ts";
import { useAsyncAction } from "./use_async_action.ts";
import { Dialog } from "./dialog.tsx";
import { Switch } from "./page_frame.tsx";
import { CopyButton, Problem } from "./parts.tsx";
import { QrCode } from "./qr_code.tsx";

type GiveStatus = Replies["give"];

/** Shares earshot with people nearby. */
export function GiveDialog(): JSX.Element {
  const { node } = useApp();
  const giving = useSignal<GiveStatus | null>(null);
  const { isBusy, problem, run: runAction } = useAsyncAction();
  const ask = (turn: { readonly isOn?: boolean; readonly withOthers?: boolean } = {}) =>
    runAction(async () => {
      giving.value = await node.run({ do: "give", ...turn });
    });
  useEffect(() => void ask(), []);
  const { isOn = false, problem: why = null } = giving.value ?? {};
  return (
    <Dialog title={translate("give.title")}>
      <p>{translate("give.ways")}</p>
      <Switch
        label={translate("give.switch")}
        help={translate("give.switchText")}
        isOn={isOn}
        isFixed={isBusy.value || why !== null}
        onChange={(wanted) => void ask({ isOn: wanted })}
      />
      {why !== null && (
        <p class="help">
          {translate("give.cannot", { why: translateTold(why, giving.value?.problemMessage) })}
        </p>
      )}
      <p class="help" role="status">{isBusy.value ? translate("app.working") : ""}</p>
      <Problem text={problem.value} />
      {giving.value !== null && isOn && (
        <GivePlaces
          giving={giving.value}
          isBusy={isBusy.value}
          onAll={() => void ask({ isOn: true, withOthers: true })}
        />
      )}
    </Dialog>
  );
}

function GivePlaces({ giving: { addresses, port, files, found }, isBusy, onAll }: {
  readonly giving: GiveStatus;
  readonly isBusy: boolean;
  onAll(): void;
}): JSX.Element {
  return (
    <>
      <section class="section" aria-labelledby="give-where">
        <h3 id="give-where">{translate("give.where")}</h3>
        {addresses.length === 0 && <p>{translate("network.none")}</p>}
        {addresses.map((address) => (
          <div key={address} class="give-place">
            <QrCode text={address.toUpperCase()} label={translate("give.qr", { address })} />
            <p>
              <code class="big">{address}</code> <CopyButton text={() => address} />
            </p>
          </div>
        ))}
      </section>
      <section class="section" aria-labelledby="give-compare">
        <h3 id="give-compare">{translate("give.compare")}</h3>
        <p>{translate("give.compareText")}</p>
        <ul class="give-files">
          {files.map(({ name, isOwn, system, sizeBytes, sha256, sumStart }) => (
            <li key={name}>
              <code class="big">{sumStart}</code>
              <p>
                {system} · <code>{name}</code> · {formatMegabytes(sizeBytes)}
              </p>
              <p class="help">
                <code>{sha256}</code>
              </p>
              {!isOwn && <p>{translate("give.unchecked")}</p>}
            </li>
          ))}
        </ul>
      </section>
      {found.length > 0 && (
        <section class="section" aria-labelledby="give-found">
          <h3 id="give-found">{translate("give.found")}</h3>
          <p>{translate("give.foundText")}</p>
          <ul>
            {found.map((name) => (
              <li key={name}>
                <code>{name}</code>
              </li>
            ))}
          </ul>
          <button type="button" disabled={isBusy} onClick={onAll}>{translate("give.all")}</button>
        </section>
      )}
      <p class="help">{translate("give.then", { port: String(port) })}</p>
    </>
  );
}

/** A button within a text that opens the dialog. */
export function GiveButton(): JSX.Element {
  const { state } = useApp();
  return (
    <button type="button" class="quiet inline" onClick={() => state.dialog.value = { is: "give" }}>
      {translate("give.button")}
    </button>
  );
}

function formatMegabytes(bytes: number): string {
  return new Intl.NumberFormat(region.value, {
    style: "unit",
    unit: "megabyte",
    maximumFractionDigits: 1,
  }).format(bytes / 1e6);
}

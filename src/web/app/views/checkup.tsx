/** The checkup: the findings of `doctor`, by their severity. */

import type { JSX } from "preact";
import { formatReport } from "../../../api/doctor_report.ts";
import type { Finding, FindingState } from "../../../api/commands.ts";
import { PAGE_CLOCK } from "../browser/clock.ts";
import { translate, translateAll, translateMessage } from "../i18n/i18n.ts";
import { useApp } from "./app_context.ts";
import { useAsyncAction } from "./use_async_action.ts";
import { CopyButton, Icon, Problem } from "./parts.tsx";

/** The worst first. */
const WEIGHTS: readonly FindingState[] = ["bad", "warn", "unknown"];
const ICONS = { bad: "close", warn: "warn", unknown: "details", ok: "check" } as const;

/** The section of a page with the checkup. */
export function Checkup(): JSX.Element {
  const { lists, state } = useApp();
  const { isBusy, problem, run: runAction } = useAsyncAction();
  const found = state.checkup.value;
  return (
    <section class="section" aria-labelledby="checkup">
      <h2 id="checkup">{translate("checkup.title")}</h2>
      {found === null && <p class="help">{translate("checkup.text")}</p>}
      <div class="buttons">
        <button
          type="button"
          class={found === null ? "primary" : ""}
          disabled={isBusy.value}
          onClick={() => void runAction(lists.checkUp)}
        >
          {isBusy.value
            ? translate("checkup.busy")
            : found === null
            ? translate("checkup.go")
            : translate("checkup.again")}
        </button>
        {found !== null && (
          <CopyButton
            text={() => formatReport(found, PAGE_CLOCK.nowMs()).join("\n")}
            label={translate("checkup.report")}
          />
        )}
      </div>
      <p class="unseen" role="status">{isBusy.value ? translate("checkup.busy") : ""}</p>
      <Problem text={problem.value} />
      {found !== null && <Findings findings={found.findings} isOld={isBusy.value} />}
    </section>
  );
}

function Findings(
  { findings, isOld }: { readonly findings: readonly Finding[]; readonly isOld: boolean },
): JSX.Element {
  const of = (wanted: FindingState) => findings.filter(({ state }) => state === wanted);
  const isWell = of("bad").length + of("warn").length === 0;
  return (
    <div class="findings" aria-busy={isOld}>
      {isWell && (
        <p class="finding-head" data-is="ok">
          <Icon is="check" />
          {translate("checkup.well")}
        </p>
      )}
      {WEIGHTS.map((state) =>
        of(state).length > 0 && <Weight key={state} state={state} findings={of(state)} />
      )}
      {of("ok").length > 0 && (
        <details>
          <summary>
            <h3>{translate("checkup.ok", { count: of("ok").length })}</h3>
          </summary>
          <Weight state="ok" findings={of("ok")} />
        </details>
      )}
      <p class="help">{translate("checkup.reportText")}</p>
    </div>
  );
}

function Weight(
  { state, findings }: { readonly state: FindingState; readonly findings: readonly Finding[] },
): JSX.Element {
  return (
    <>
      {state !== "ok" && (
        <h3 class="finding-head" data-is={state}>
          <Icon is={ICONS[state]} />
          {translate(`checkup.${state}`)}
        </h3>
      )}
      <ul class="finding-list">
        {findings.map((finding, index) => (
          <li key={index} class="finding" data-is={state}>
            <FindingText finding={finding} />
          </li>
        ))}
      </ul>
    </>
  );
}

function FindingText(
  { finding: { looked, found, advice, commands, messages } }: { readonly finding: Finding },
): JSX.Element {
  return (
    <>
      <h4>{messages === undefined ? looked : translateMessage(messages.looked)}</h4>
      <p>{messages === undefined ? found : translateAll(messages.found)}</p>
      {advice !== "" && (
        <p class="advice">{messages === undefined ? advice : translateAll(messages.advice)}</p>
      )}
      {commands.length > 0 && (
        <div class="commands">
          <pre dir="ltr" tabIndex={0}>{commands.join("\n")}</pre>
          <CopyButton text={() => commands.join("\n")} label={translate("checkup.copyLines")} />
        </div>
      )}
    </>
  );
}

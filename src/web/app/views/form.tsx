/** Forms of dialogs. */

import type { Signal } from "@preact/signals";
import type { ComponentChildren, InputHTMLAttributes, JSX } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { translate } from "../i18n/i18n.ts";
import type { AsyncAction } from "./use_async_action.ts";
import { useCloseDialog } from "./dialog.tsx";
import { Problem } from "./parts.tsx";

/** A form with one action. A problem is shown above its buttons. */
export function Form(
  { action, go, isReady, isGrave = false, heading, isInDialog = heading === undefined, onGo, children }: {
    readonly action: AsyncAction;
    /** The label of the button. */
    readonly go: string;
    readonly isReady: boolean;
    readonly isGrave?: boolean;
    readonly heading?: string;
    /** The form is the whole dialog, so it has a cancel button. */
    readonly isInDialog?: boolean;
    onGo(): Promise<unknown>;
    readonly children: ComponentChildren;
  },
): JSX.Element {
  const closeDialog = useCloseDialog();
  const { isBusy, problem, run } = action;
  return (
    <form
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) void run(onGo);
      }}
    >
      {heading !== undefined && <h3>{heading}</h3>}
      {children}
      <Problem text={problem.value} />
      <div class="buttons">
        {isInDialog && <button type="button" onClick={closeDialog}>{translate("app.cancel")}</button>}
        <button type="submit" class={isGrave ? "grave" : "primary"} disabled={!isReady || isBusy.value}>
          {isBusy.value ? translate("app.working") : go}
        </button>
      </div>
    </form>
  );
}

/** A text field of one line. */
export function TextField(
  { label, value, help, isFirst = false, isCode = false, ...rest }:
    & {
      readonly label: string;
      readonly value: Signal<string>;
      readonly help?: string;
      /** The field gets the focus, in a dialog too. */
      readonly isFirst?: boolean;
      readonly isCode?: boolean;
    }
    & Pick<InputHTMLAttributes, "placeholder" | "maxLength" | "inputMode">,
): JSX.Element {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (isFirst) field.current?.focus();
  }, []);
  return (
    <label class="field">
      <span>{label}</span>
      <input
        ref={field}
        autofocus={isFirst}
        class={isCode ? "code" : ""}
        dir={isCode ? "ltr" : "auto"}
        autocomplete="off"
        spellcheck={false}
        autocapitalize={isCode ? "off" : "sentences"}
        aria-describedby={help === undefined ? undefined : id}
        value={value.value}
        onInput={(event) => value.value = event.currentTarget.value}
        {...rest}
      />
      {help !== undefined && <small id={id}>{help}</small>}
    </label>
  );
}

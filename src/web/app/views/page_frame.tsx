/** The frame of a page in the second pane. */

import type { ComponentChildren, JSX } from "preact";
import { onArrowKeys } from "./lists.tsx";
import { BackButton } from "./conversation.tsx";

/** A page with its heading. */
export function Page(
  { title, children, action }: {
    readonly title: string;
    readonly children: ComponentChildren;
    readonly action?: ComponentChildren;
  },
): JSX.Element {
  return (
    <section class="pane main-pane" aria-labelledby="page-title">
      <header class="pane-head">
        <BackButton />
        <h1 class="pane-title" id="page-title" tabIndex={-1}>{title}</h1>
        {action}
      </header>
      <div class="pane-body" onKeyDown={onArrowKeys}>
        <div class="measure">{children}</div>
      </div>
    </section>
  );
}

/** A choice between a few options: radio buttons that look like one control. */
export function Choice<Value extends string>(
  { legend, name, value, options, onChoose }: {
    readonly legend: string;
    readonly name: string;
    readonly value: Value;
    readonly options: readonly (readonly [value: Value, text: string])[];
    onChoose(value: Value): void;
  },
): JSX.Element {
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      <div class="choice-options">
        {options.map(([each, text]) => (
          <label key={each}>
            <input type="radio" name={name} checked={each === value} onChange={() => onChoose(each)} />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** A switch. */
export function Switch(
  { label, help, isOn, isFixed = false, onChange }: {
    readonly label: string;
    readonly help?: string;
    readonly isOn: boolean;
    /** It cannot be changed now. */
    readonly isFixed?: boolean;
    onChange(isOn: boolean): void;
  },
): JSX.Element {
  return (
    <label class="switch">
      <input
        type="checkbox"
        role="switch"
        checked={isOn}
        disabled={isFixed}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span class="switch-text">{label}{help !== undefined && <small>{help}</small>}</span>
    </label>
  );
}

/** The frame of all dialogs: the browser's own <dialog>, which keeps the focus and gives it back. */

import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { dialog } from "../state/app_state.ts";
import { translate } from "../i18n/i18n.ts";
import { IconButton } from "./parts.tsx";

/** Closes whatever dialog is open. */
export function closeDialog(): void {
  dialog.value = null;
}

/** A dialog, open as long as it is there. */
export function Dialog(
  { title, children, class: name = "" }: {
    readonly title: string;
    readonly children: ComponentChildren;
    readonly class?: string;
  },
): JSX.Element {
  const ref = useRef<HTMLDialogElement>(null);
  const isThere = useRef(true);
  useLayoutEffect(() => {
    const { current } = ref;
    const before = document.activeElement;
    current?.showModal();
    return () => {
      isThere.current = false;
      // Once it is gone: what is focused while a modal dialog stands gets no keys in Chromium, though it has the focus.
      queueMicrotask(() => before instanceof HTMLElement && before.isConnected && before.focus());
    };
  }, []);
  return (
    <dialog
      ref={ref}
      class={`dialog ${name}`}
      aria-labelledby="dialog-title"
      // The event comes later: another dialog may stand in the place of this one by then.
      onClose={() => isThere.current && closeDialog()}
      onClick={(event) => {
        // The ground behind a dialog belongs to it; what is in it lies in the box.
        if (event.target === event.currentTarget) closeDialog();
      }}
    >
      <div class="dialog-box">
        <header class="dialog-head">
          <h2 id="dialog-title">{title}</h2>
          <IconButton icon="close" label={translate("app.close")} onClick={closeDialog} />
        </header>
        {children}
      </div>
    </dialog>
  );
}

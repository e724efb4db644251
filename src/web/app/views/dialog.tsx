/** The frame of all dialogs. The <dialog> of the browser keeps the focus inside. */

import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { translate } from "../i18n/i18n.ts";
import { useApp } from "./app_context.ts";
import { IconButton } from "./parts.tsx";

/** A function that closes the open dialog. */
export function useCloseDialog(): () => void {
  const { state } = useApp();
  return () => state.dialog.value = null;
}

/** A dialog that is open while it is rendered. Its part with `autofocus` has the focus, else its Close button. */
export function Dialog(
  { title, children, class: name = "" }: {
    readonly title: string;
    readonly children: ComponentChildren;
    readonly class?: string;
  },
): JSX.Element {
  const closeDialog = useCloseDialog();
  const ref = useRef<HTMLDialogElement>(null);
  const isThere = useRef(true);
  useLayoutEffect(() => {
    const { current } = ref;
    const before = document.activeElement;
    current?.showModal();
    return () => {
      isThere.current = false;
      // Not before the dialog is gone: in Chromium an element that is focused under a modal dialog gets no keys.
      queueMicrotask(() => before instanceof HTMLElement && before.isConnected && before.focus());
    };
  }, []);
  return (
    <dialog
      ref={ref}
      class={`dialog ${name}`}
      aria-labelledby="dialog-title"
      // The event comes late: another dialog may be open by then.
      onClose={() => isThere.current && closeDialog()}
      onClick={(event) => {
        // A click on the backdrop hits the dialog itself; a click inside hits the box.
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

/** Where messages are written. Enter sends, Shift+Enter begins a new line; what is typed survives a reload. */

import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import type { JSX, TargetedKeyboardEvent } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { RoomRow } from "../../../api/commands.ts";
import { tell } from "../controllers/node_client.ts";
import { keepDraft, keepSending, keepUnsent } from "../controllers/preferences.ts";
import { chooseFiles } from "../controllers/upload_controller.ts";
import { countBytes, TEXT_BYTES_MAX, TEXT_BYTES_SHOWN_FROM } from "../state/text_size.ts";
import { drafts, openId } from "../state/app_state.ts";
import { onTyped, sendText } from "../controllers/conversation_controller.ts";
import { region, translate } from "../i18n/i18n.ts";
import { useAsyncAction } from "./use_async_action.ts";
import { Icon, IconButton, Problem } from "./parts.tsx";

/** Pixels of the field before it scrolls. */
const HEIGHT_MAX = 220;

/** The composer of one conversation. */
export function Composer({ to, room }: { readonly to: string; readonly room: RoomRow }): JSX.Element {
  const field = useRef<HTMLTextAreaElement>(null);
  const text = useSignal(drafts.peek().get(to) ?? "");
  const { problem, run } = useAsyncAction();
  const sizeBytes = useComputed(() => countBytes(text.value));
  const isTooLong = sizeBytes.value > TEXT_BYTES_MAX;
  const label = translate("compose.label", { title: room.title });

  const grow = () => {
    const { current } = field;
    if (current === null) return;
    current.style.height = "auto";
    current.style.height = `${Math.min(current.scrollHeight, HEIGHT_MAX)}px`;
  };
  useLayoutEffect(grow, [text.value]);
  useLayoutEffect(() => {
    // On a phone the keyboard would cover half of what one came to read.
    if (!matchMedia("(pointer: coarse)").matches) field.current?.focus({ preventScroll: true });
  }, []);

  const take = (typed: string) => {
    text.value = typed;
    problem.value = null;
    onTyped(to, typed);
  };
  const send = async () => {
    const said = text.value;
    if (said.trim() === "" || isTooLong) return;
    text.value = "";
    const arrived = keepSending(to, said);
    keepDraft(to, "");
    const isSaid = await sendInTurn(to, () => run(() => sendText(to, said)));
    if (!isSaid) {
      keepUnsent(to, said);
      // Elsewhere by now: the field that shows it stands there no more.
      if (openId.value !== to) tell(problem.value ?? "", { isProblem: true });
    }
    arrived();
  };
  // What could not be sent comes back, and what another tab has kept.
  useSignalEffect(() => {
    const draft = drafts.value.get(to) ?? "";
    if (draft !== "" && draft.trim() !== text.peek().trim()) text.value = draft;
  });
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => {
    // 229: some browsers end a composition before they tell of the key that ended it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    void send();
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
        field.current?.focus();
      }}
    >
      <Problem text={isTooLong ? formatTooLong(sizeBytes.value) : problem.value} />
      <div class="composer-box">
        <IconButton
          icon="clip"
          class="clip"
          label={translate("send.menu")}
          onClick={() => chooseFiles(to, [])}
        />
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          value={text.value}
          aria-label={label}
          aria-describedby="compose-hint"
          aria-invalid={isTooLong}
          placeholder={translate("compose.placeholder", { title: room.title })}
          enterkeyhint="send"
          onInput={(event) => take(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <button
          type="submit"
          class="send"
          aria-label={translate("compose.send")}
          title={translate("compose.send")}
          disabled={text.value.trim() === "" || isTooLong}
        >
          <Icon is="send" />
        </button>
      </div>
      <p class="composer-hint" id="compose-hint">
        {sizeBytes.value > TEXT_BYTES_SHOWN_FROM && !isTooLong
          ? translate("compose.long", {
            size: formatKilobytes(sizeBytes.value),
            max: formatKilobytes(TEXT_BYTES_MAX),
          })
          : translate("compose.hint")}
      </p>
    </form>
  );
}

let before: Promise<unknown> = Promise.resolve();
const failures = new Map<string, number>();

/** Messages go in the order in which they were typed; what waits behind one that fails comes back with it. */
function sendInTurn(to: string, deed: () => Promise<boolean>): Promise<boolean> {
  const failed = failures.get(to) ?? 0;
  const next = before.then(async () => {
    if ((failures.get(to) ?? 0) !== failed) return false;
    const isSaid = await deed();
    if (!isSaid) failures.set(to, failed + 1);
    return isSaid;
  });
  // What goes wrong with one keeps the next from nothing.
  before = next.catch(() => {});
  return next;
}

function formatTooLong(sizeBytes: number): string {
  return translate("compose.tooLong", {
    size: formatKilobytes(sizeBytes),
    max: formatKilobytes(TEXT_BYTES_MAX),
  });
}

function formatKilobytes(bytes: number): string {
  const format = { style: "unit", unit: "kilobyte", maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(region.value, format).format(bytes / 1024);
}

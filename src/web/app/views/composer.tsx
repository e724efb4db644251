/** The field for messages. Enter sends, Shift+Enter begins a new line. The draft survives a reload. */

import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import type { JSX, TargetedKeyboardEvent } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { RoomRow } from "../../../api/commands.ts";
import { followDraft } from "../state/drafts.ts";
import { countBytes, TEXT_BYTES_MAX, TEXT_BYTES_SHOWN_FROM } from "../state/text_size.ts";
import { region, translate } from "../i18n/i18n.ts";
import { useApp } from "./app_context.ts";
import { Icon, IconButton, Problem } from "./parts.tsx";

/** Pixels of the field before it scrolls. */
const HEIGHT_MAX = 220;

/** The composer of a conversation. */
export function Composer({ to, room }: { readonly to: string; readonly room: RoomRow }): JSX.Element {
  const { messages, state, uploads } = useApp();
  const field = useRef<HTMLTextAreaElement>(null);
  const text = useSignal(state.drafts.peek().get(to) ?? "");
  const problem = useSignal<string | null>(null);
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
    // On a phone the keyboard would cover half of the conversation.
    if (!matchMedia("(pointer: coarse)").matches) field.current?.focus({ preventScroll: true });
  }, []);

  const take = (typed: string) => {
    text.value = typed;
    problem.value = null;
    messages.onTyped(to, typed);
  };
  const send = async () => {
    const { value: message } = text;
    if (message.trim() === "" || isTooLong) return;
    text.value = "";
    problem.value = null;
    const outcome = await messages.send(to, message);
    if (outcome.is === "failed") problem.value = outcome.problem;
  };
  const before = useRef(text.peek());
  // Shows an unsent message again, and follows the draft of another tab.
  useSignalEffect(() => {
    const draft = state.drafts.value.get(to) ?? "";
    const followed = followDraft(text.peek(), { before: before.current, draft });
    before.current = draft;
    if (followed !== null) text.value = followed;
  });
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => {
    // 229: some browsers end a composition before they report the key that ended it.
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
          onClick={() => uploads.choose(to, [])}
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

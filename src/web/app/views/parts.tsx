/** Small parts of all views. */

import { useSignal } from "@preact/signals";
import type { ButtonHTMLAttributes, ComponentChildren, JSX } from "preact";
import type { PeerRow } from "../../../api/commands.ts";
import { copyText } from "../browser/browser_window.ts";
import { pickHue, splitTag } from "../state/roster.ts";
import type { AppState } from "../state/app_state.ts";
import { formatFullTime, formatTimeAgo } from "../state/times.ts";
import { language, region, translate } from "../i18n/i18n.ts";
import { useApp } from "./app_context.ts";

/** Colours of peers; tokens.css has as many. */
export const HUES = 8;

const PATHS = {
  back: "M12.5 4 6.5 10l6 6",
  close: "m5 5 10 10M15 5 5 15",
  plus: "M10 4v12M4 10h12",
  search: "M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12Zm4.3-1.7L17 17",
  send: "M3.5 10h12m-5-5.5L16 10l-5.5 5.5",
  down: "m4.5 8 5.5 5.5L15.5 8",
  people:
    "M7.5 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm-5 6.5c0-3 2.2-4.5 5-4.5s5 1.500 5 4.500M13.500 10a2.500 2.500 0 1 0-1-4.800M14 12.200c2 .3 3.500 1.700 3.500 4.300",
  contacts:
    "M5 3h10a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1Zm5 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4Zm-3.500 4.500c.3-1.700 1.700-2.500 3.500-2.500s3.200.8 3.500 2.500",
  settings: "M4 6h7m4 0h1M4 14h1m4 0h7M13 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4Zm-6 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  network:
    "M10 15.500h.01M7 12.300a4.500 4.500 0 0 1 6 0M4.300 9.300a8.500 8.500 0 0 1 11.400 0M2 6.300a12 12 0 0 1 16 0",
  details: "M10 9v5m0-7.500v.01M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14Z",
  check: "m4.500 10.500 3.500 3.500 7.500-8",
  warn: "M10 7.500v3.500m0 2.500v.01M10 3 2.500 16.500h15L10 3Z",
  lock: "M5.500 9h9v7.500h-9V9ZM7 9V6.500a3 3 0 0 1 6 0V9",
  link:
    "M8.500 11.500a3 3 0 0 0 4.200 0l3-3a3 3 0 0 0-4.200-4.200l-1 1m1 3.200a3 3 0 0 0-4.200 0l-3 3a3 3 0 0 0 4.200 4.200l1-1",
  clip:
    "m15.5 9-5.6 5.600a3.500 3.500 0 0 1-5-5L11 3.500a2.300 2.300 0 0 1 3.300 3.300L8.300 12.800a1.100 1.100 0 0 1-1.600-1.600L12 6",
  file: "M5.500 2.500h6l3.500 3.500v11.500h-9.500v-15Zm6 0V6H15",
  folder: "M2.500 15.500v-11h5l2 2.500h8v8.500h-15Z",
  picture: "M3 4h14v12H3V4Zm0 9.500 4-4 3.500 3.500 2.500-2.500 4 4M13 8h.01",
} as const;

/** An icon beside a text, or in a button with a label. */
export function Icon({ is }: { readonly is: keyof typeof PATHS }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
      <path
        d={PATHS[is]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.6"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}

/** The logo of earshot: a speaker and the reach of the voice. */
export function Mark(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
      <circle cx="6" cy="12" r="3" fill="currentColor" />
      <path
        d="M11 6.500a8 8 0 0 1 0 11M15 3.500a12.500 12.500 0 0 1 0 17M19 .8a18 18 0 0 1 0 22.400"
        fill="none"
        stroke="currentColor"
        stroke-width="2"
        stroke-linecap="round"
      />
    </svg>
  );
}

/** A button with an icon. Its label is read aloud, and shown on hover. */
export function IconButton(
  { icon, label, onClick, class: name = "", ...rest }:
    & { readonly icon: keyof typeof PATHS; readonly label: string; readonly class?: string; onClick(): void }
    & Pick<ButtonHTMLAttributes, "aria-pressed" | "aria-expanded" | "id">,
): JSX.Element {
  return (
    <button
      type="button"
      class={`icon-button ${name}`}
      aria-label={label}
      title={label}
      onClick={onClick}
      {...rest}
    >
      <Icon is={icon} />
    </button>
  );
}

/** A button that copies a text. If the browser refuses, it shows the text for copying by hand. */
export function CopyButton(
  { text, label = translate("app.copy") }: { readonly label?: string; text(): string },
): JSX.Element {
  const isCopied = useSignal(false);
  const refused = useSignal<string | null>(null);
  const copy = async () => {
    isCopied.value = await copyText(text());
    refused.value = isCopied.value ? null : text();
  };
  return (
    <>
      <button type="button" class="small" onClick={() => void copy()}>
        {isCopied.value ? translate("app.copied") : label}
      </button>
      {refused.value !== null && (
        <textarea
          class="code"
          readOnly
          aria-label={label}
          rows={6}
          value={refused.value}
          onFocus={(event) => event.currentTarget.select()}
        />
      )}
    </>
  );
}

/** A foreign name with its own direction, and the letters that tell two peers of one name apart. */
export function Name({ of, id }: { readonly of: string; readonly id?: string }): JSX.Element {
  const { plain, tag } = splitTag(of);
  return (
    <bdi class="name" data-hue={id === undefined ? undefined : pickHue(id, HUES)}>
      {plain}
      {tag !== null && <span class="name-tag" title={translate("who.alike")}>·{tag}</span>}
    </bdi>
  );
}

/** The first letter of a name, in the peer's colour. */
export function Initial({ of, id }: { readonly of: string; readonly id: string }): JSX.Element {
  const [first = ""] = new Intl.Segmenter(language.value.tag).segment(of.replace(/^[#@]/, ""));
  const letter = first === "" ? "" : first.segment.toLocaleUpperCase(language.value.tag);
  return <span class="initial" data-hue={pickHue(id, HUES)} aria-hidden="true">{letter}</span>;
}

/** Presence as a dot, with its text for screen readers. */
export function Presence(
  { peer }: { readonly peer: Pick<PeerRow, "here" | "connected" | "away"> },
): JSX.Element {
  const { state } = useApp();
  const isHere = peer.here || peer.connected;
  const presence = !isHere ? "gone" : peer.away !== null ? "away" : "here";
  return (
    <span class="presence" data-is={presence}>
      <span class="unseen">{formatPresence(peer, state)}</span>
    </span>
  );
}

/** Presence as a text. */
export function formatPresence(
  { here, connected, away, seen = null }: Pick<PeerRow, "here" | "connected" | "away"> & {
    readonly seen?: string | null;
  },
  state: Pick<AppState, "nowMs">,
): string {
  if (!here && !connected) {
    return seen === null ? translate("who.notHere") : translate("who.seen", { when: formatAgo(seen, state) });
  }
  if (away !== null) {
    return away === "" || away === "away"
      ? translate("who.away")
      : translate("who.awayBecause", { text: away });
  }
  return translate("who.here");
}

/** A moment such as "2 hours ago". */
export function formatAgo(time: string, state: Pick<AppState, "nowMs">): string {
  return formatTimeAgo(time, { tag: region.value, nowMs: state.nowMs.value, now: translate("time.now") });
}

/** Badges about trust: verified, similar name, blocked. */
export function Marks({ peer }: { readonly peer: PeerRow }): JSX.Element | null {
  const isAlike = peer.alike !== null || splitTag(peer.name).tag !== null;
  if (!peer.verified && !isAlike && !peer.blocked) return null;
  return (
    <span class="marks">
      {peer.verified && <Badge icon="check" text={translate("who.verified")} kind="good" />}
      {isAlike && (
        <Badge icon="warn" text={translate("who.alikeShort")} kind="warn" title={translate("who.alike")} />
      )}
      {peer.blocked && <Badge icon="close" text={translate("who.blocked")} kind="warn" />}
    </span>
  );
}

/** A label with an icon. */
export function Badge(
  { icon, text, kind = "plain", title }: {
    readonly icon: keyof typeof PATHS;
    readonly text: string;
    readonly kind?: "plain" | "good" | "warn";
    readonly title?: string;
  },
): JSX.Element {
  return (
    <span class="badge" data-is={kind} title={title}>
      <Icon is={icon} />
      {text}
    </span>
  );
}

/** A moment. The full date is shown on hover. */
export function Time({ time, text }: { readonly time: string; readonly text: string }): JSX.Element {
  return <time dateTime={time} title={formatFullTime(time, region.value)}>{text}</time>;
}

/** A problem, shown where it arose. */
export function Problem({ text }: { readonly text: string | null }): JSX.Element {
  return (
    <div role="alert" class="problem-place">
      {text !== null && (
        <p class="problem">
          <Icon is="warn" />
          <span>{text}</span>
        </p>
      )}
    </div>
  );
}

/** The text of an empty list. */
export function Empty({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return <p class="empty">{children}</p>;
}

/** Lists, with the arrow keys for their rows. */

import type { ComponentChildren, JSX, TargetedKeyboardEvent } from "preact";
import { formatRoute, type Route } from "../state/route.ts";
import { useApp } from "./app_context.ts";

/** A list with a heading. */
export function Section(
  { title, id, count, children, action }: {
    readonly title: string;
    readonly id: string;
    readonly count?: number;
    readonly children: ComponentChildren;
    readonly action?: ComponentChildren;
  },
): JSX.Element {
  return (
    <section class="section" aria-labelledby={id}>
      <div class="section-head">
        <h2 id={id}>{title}{count !== undefined && count > 0 && <span class="count">{count}</span>}</h2>
        {action}
      </div>
      {children}
    </section>
  );
}

/** Moves the focus among the rows of an element; for its `onKeyDown`. */
export function onArrowKeys(event: TargetedKeyboardEvent<HTMLElement>): void {
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: 1,
    ArrowUp: -1,
    Home: -Infinity,
    End: Infinity,
  };
  const step = steps[event.key];
  if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-row]")];
  const at = rows.findIndex((row) => row === document.activeElement);
  if (at === -1) return;
  event.preventDefault();
  rows[Math.min(Math.max(at + step, 0), rows.length - 1)]?.focus();
}

/** A row that opens a route. It is a real link, so that it also opens in another tab. */
export function RowLink(
  { to, isCurrent = false, class: name = "row", children }: {
    readonly to: Route;
    readonly isCurrent?: boolean;
    readonly class?: string;
    readonly children: ComponentChildren;
  },
): JSX.Element {
  const { routing } = useApp();
  return (
    <a
      class={name}
      data-row
      href={formatRoute(to)}
      aria-current={isCurrent ? "page" : undefined}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        routing.go(to);
      }}
    >
      {children}
    </a>
  );
}

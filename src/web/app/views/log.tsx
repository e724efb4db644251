/** What was said: of a log without end, the rows that are in sight. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { estimateHeight } from "../state/heights.ts";
import { runLater } from "../browser/browser_window.ts";
import { buildItems, type LogItem } from "../state/items.ts";
import { files, nowMs, type OpenConversation, scrollTarget } from "../state/app_state.ts";
import { formatDayHeading, toDay } from "../state/times.ts";
import { goToEnd, loadNewer, loadOlder, setAtEnd } from "../controllers/conversation_controller.ts";
import { region, translate } from "../i18n/i18n.ts";
import { Message, NoticeLine, OfferMessage } from "./message.tsx";
import { Icon } from "./parts.tsx";
import { END_PIXELS, type Rows, useRows } from "./use_rows.ts";

/** Rows from the edge at which the next page is asked for: before somebody gets there. */
const EDGE_ROWS = 20;
/** Time to get where the conversation was told to be opened. */
const SCROLL_MS = 400;
/** Pixels of a row of which nothing is known yet. */
const ROW_PIXELS = 44;

/** The log of the open conversation. Made anew for each. */
export function Log({ talk }: { readonly talk: OpenConversation }): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const { stretch, newFrom, room } = talk;
  const items = useMemo(
    () => buildItems(stretch.rows, { isStart: stretch.isStart, newFrom, dayOf: toDay }),
    [stretch, newFrom],
  );
  const held = useRef({ items, talk });
  held.current = { items, talk };
  const rows = useRows({
    count: items.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => held.current.items[index]?.key ?? index,
    estimateSize: (index) => {
      const item = held.current.items[index];
      if (item === undefined) return ROW_PIXELS;
      const file = item.kind === "offer" ? files.peek().get(item.row.file ?? "") : undefined;
      return estimateHeight(item, { logWidth: scroller.current?.clientWidth ?? estimateLogWidth(), file });
    },
  }, (changed) => !isAiming.current && reportPosition(changed, held.current));
  const isAiming = useScrollTarget(rows, held);
  const isFar = useEndInSight(scroller);
  useEffect(() => {
    if (!isAiming.current) reportPosition(rows, held.current);
  }, [stretch]);
  const target = scrollTarget.value;
  const isMarked = (key: string) => target?.isMarked === true && target.key === key;
  return (
    <div class="log-frame">
      <div
        ref={scroller}
        class="log"
        role="log"
        aria-live="off"
        aria-label={translate("log.label", { title: room.title })}
        tabIndex={0}
      >
        <div class="log-all" style={{ height: `${Math.max(rows.getTotalSize(), 0)}px` }}>
          {rows.getVirtualItems().map(({ key, index, start }) => {
            const item = items[index];
            return item === undefined ? null : (
              <div
                key={key}
                data-index={index}
                ref={(element) => rows.measureElement(element)}
                class="log-item"
                style={{ transform: `translateY(${start}px)` }}
              >
                <ItemView item={item} talk={talk} isMarked={isMarked(item.key)} />
              </div>
            );
          })}
        </div>
      </div>
      {(isFar || !stretch.isEnd) && <EndButton talk={talk} />}
    </div>
  );
}

function ItemView(
  { item, talk, isMarked }: {
    readonly item: LogItem;
    readonly talk: OpenConversation;
    readonly isMarked: boolean;
  },
): JSX.Element {
  const { room } = talk;
  switch (item.kind) {
    case "start":
      return (
        <p class="log-start">
          {room.direct
            ? translate("log.startDirect", { title: room.title })
            : translate("log.start", { title: room.title })}
        </p>
      );
    case "day": {
      const words = { today: translate("log.today"), yesterday: translate("log.yesterday") };
      return (
        <h2 class="log-day">
          <span>{formatDayHeading(item.time, { tag: region.value, nowMs: nowMs.value, ...words })}</span>
        </h2>
      );
    }
    case "new":
      return (
        <p class="log-new">
          <span>{translate("log.unreadFrom")}</span>
        </p>
      );
    case "notice":
      return <NoticeLine row={item.row} isMarked={isMarked} />;
    case "offer":
      return <OfferMessage item={item} room={room} isMarked={isMarked} />;
    case "message":
      return <Message item={item} room={room} isMarked={isMarked} />;
  }
}

function EndButton({ talk: { belowCount } }: { readonly talk: OpenConversation }): JSX.Element {
  return (
    <button type="button" class="to-end" onClick={() => void goToEnd()}>
      <Icon is="down" />
      {belowCount > 0 ? translate("log.newBelow", { count: belowCount }) : translate("log.toEnd")}
    </button>
  );
}

/** How wide a log will be that is not there yet. */
function estimateLogWidth(): number {
  return document.getElementById("main")?.clientWidth ?? innerWidth;
}

/** Where the user is, and what that calls for. */
function reportPosition(
  rows: Rows,
  { items, talk }: { readonly items: readonly LogItem[]; readonly talk: OpenConversation },
): void {
  if (rows.scrollElement === null || rows.range === null) return;
  setAtEnd(talk.stretch.isEnd && rows.isAtEnd(END_PIXELS));
  const { startIndex, endIndex } = rows.range;
  if (!talk.stretch.isStart && startIndex < EDGE_ROWS) void loadOlder();
  if (!talk.stretch.isEnd && endIndex > items.length - EDGE_ROWS) void loadNewer();
}

/**
 * The end stays in sight when the pane gets lower: a keyboard comes, the composer grows, a problem is told.
 * Whether the end is out of sight.
 */
function useEndInSight(scroller: { readonly current: HTMLDivElement | null }): boolean {
  const isFar = useSignal(false);
  useLayoutEffect(() => {
    const { current: log } = scroller;
    if (log === null) return;
    // Only scrolling leaves the end: what grows or shrinks meanwhile does not.
    let isAtEnd = scrollTarget.peek()?.key === "end";
    const distance = () => log.scrollHeight - log.scrollTop - log.clientHeight;
    const onScroll = () => {
      isAtEnd = distance() <= END_PIXELS;
      isFar.value = distance() > END_PIXELS * 2;
    };
    const observer = new ResizeObserver(() => {
      if (isAtEnd) log.scrollTop = log.scrollHeight;
      isFar.value = distance() > END_PIXELS * 2;
    });
    log.addEventListener("scroll", onScroll, { passive: true });
    for (const part of [log, ...log.children]) observer.observe(part);
    return () => {
      log.removeEventListener("scroll", onScroll);
      observer.disconnect();
    };
  }, []);
  return isFar.value;
}

/** Goes where the conversation was told to be opened. Until it is there nothing is loaded: the place would move away. */
function useScrollTarget(
  rows: Rows,
  held: { readonly current: { readonly items: readonly LogItem[]; readonly talk: OpenConversation } },
): { readonly current: boolean } {
  const target = scrollTarget.value;
  // From the start on: the rows look around before the effect below.
  const isAiming = useRef(target !== null && target.key !== "end");
  useLayoutEffect(() => {
    if (target === null) return;
    const index = held.current.items.findIndex(({ key }) => key === target.key);
    if (target.key === "end" || index === -1) {
      isAiming.current = false;
      return rows.scrollToEnd();
    }
    isAiming.current = true;
    rows.scrollToIndex(index, { align: target.isMarked ? "center" : "start" });
    return runLater(SCROLL_MS, () => {
      isAiming.current = false;
      rows.cancelScroll();
      reportPosition(rows, held.current);
    });
  }, [target]);
  return isAiming;
}

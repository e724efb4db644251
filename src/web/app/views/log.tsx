/** The log of a conversation. It renders the rows in sight only. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { estimateHeight } from "../state/heights.ts";
import { PAGE_CLOCK } from "../browser/clock.ts";
import type { ConversationController } from "../controllers/conversation_controller.ts";
import { buildItems, type LogItem } from "../state/items.ts";
import type { OpenConversation } from "../state/app_state.ts";
import { formatDayHeading, toDay } from "../state/times.ts";
import { region, translate } from "../i18n/i18n.ts";
import { useApp } from "./app_context.ts";
import { Message, NoticeLine, OfferMessage } from "./message.tsx";
import { Icon } from "./parts.tsx";
import { END_PIXELS, type Rows, useRows } from "./use_rows.ts";

/** The next page is read when fewer rows than these remain out of sight. */
const EDGE_ROWS = 20;
/** Time for scrolling to a target. */
const SCROLL_MS = 400;
/** Pixels of a row that is not there any more. */
const ROW_PIXELS = 44;

/** The log of the open conversation. Each conversation has its own instance. */
export function Log({ conversation }: { readonly conversation: OpenConversation }): JSX.Element {
  const { state, conversation: controller } = useApp();
  const scroller = useRef<HTMLDivElement>(null);
  const { section, newFrom, room } = conversation;
  const items = useMemo(
    () => buildItems(section.rows, { isStart: section.isStart, newFrom, dayOf: toDay }),
    [section, newFrom],
  );
  const held = useRef({ items, conversation });
  held.current = { items, conversation };
  const rows = useRows({
    count: items.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => held.current.items[index]?.key ?? index,
    estimateSize: (index) => {
      const item = held.current.items[index];
      if (item === undefined) return ROW_PIXELS;
      const file = item.kind === "offer" ? state.files.peek().get(item.row.file ?? "") : undefined;
      return estimateHeight(item, { logWidth: scroller.current?.clientWidth ?? estimateLogWidth(), file });
    },
  }, (changed) => !isScrolling.current && reportPosition(changed, held.current, controller));
  const isScrolling = useScrollTarget(rows, held);
  const isFar = useEndInSight(scroller);
  useEffect(() => {
    if (!isScrolling.current) reportPosition(rows, held.current, controller);
  }, [section]);
  const target = state.scrollTarget.value;
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
                <ItemView item={item} conversation={conversation} isMarked={isMarked(item.key)} />
              </div>
            );
          })}
        </div>
      </div>
      {(isFar || !section.isEnd) && <EndButton conversation={conversation} />}
    </div>
  );
}

function ItemView(
  { item, conversation, isMarked }: {
    readonly item: LogItem;
    readonly conversation: OpenConversation;
    readonly isMarked: boolean;
  },
): JSX.Element {
  const { state } = useApp();
  const { room } = conversation;
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
          <span>
            {formatDayHeading(item.time, { tag: region.value, nowMs: state.nowMs.value, ...words })}
          </span>
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

function EndButton(
  { conversation: { belowCount } }: { readonly conversation: OpenConversation },
): JSX.Element {
  const { conversation: controller } = useApp();
  return (
    <button type="button" class="to-end" onClick={() => void controller.goToEnd()}>
      <Icon is="down" />
      {belowCount > 0 ? translate("log.newBelow", { count: belowCount }) : translate("log.toEnd")}
    </button>
  );
}

/** The width of the log before it is rendered. */
function estimateLogWidth(): number {
  return document.getElementById("main")?.clientWidth ?? innerWidth;
}

/** Tells the controller what is in sight: it then loads the next page, or marks the end as read. */
function reportPosition(
  rows: Rows,
  { items, conversation }: { readonly items: readonly LogItem[]; readonly conversation: OpenConversation },
  controller: ConversationController,
): void {
  if (rows.scrollElement === null || rows.range === null) return;
  controller.setAtEnd(conversation.section.isEnd && rows.isAtEnd(END_PIXELS));
  const { startIndex, endIndex } = rows.range;
  if (!conversation.section.isStart && startIndex < EDGE_ROWS) void controller.loadOlder();
  if (!conversation.section.isEnd && endIndex > items.length - EDGE_ROWS) void controller.loadNewer();
}

/**
 * Keeps the end in sight when the pane shrinks: a keyboard opens, the composer grows, a problem appears.
 * Returns whether the end is out of sight.
 */
function useEndInSight(scroller: { readonly current: HTMLDivElement | null }): boolean {
  const { state } = useApp();
  const isFar = useSignal(false);
  useLayoutEffect(() => {
    const { current: log } = scroller;
    if (log === null) return;
    // Only scrolling leaves the end. Rows that grow or shrink do not.
    let isAtEnd = state.scrollTarget.peek()?.key === "end";
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

/** Scrolls to the target. Nothing is loaded until then, because new rows would move the target away. */
function useScrollTarget(
  rows: Rows,
  held: { readonly current: { readonly items: readonly LogItem[]; readonly conversation: OpenConversation } },
): { readonly current: boolean } {
  const { state, conversation: controller } = useApp();
  const target = state.scrollTarget.value;
  // True from the first render: the rows report their position before the effect below.
  const isScrolling = useRef(target !== null && target.key !== "end");
  useLayoutEffect(() => {
    if (target === null) return;
    const index = held.current.items.findIndex(({ key }) => key === target.key);
    if (target.key === "end" || index === -1) {
      isScrolling.current = false;
      return rows.scrollToEnd();
    }
    isScrolling.current = true;
    rows.scrollToIndex(index, { align: target.isMarked ? "center" : "start" });
    return PAGE_CLOCK.runLater(SCROLL_MS, () => {
      isScrolling.current = false;
      rows.cancelScroll();
      reportPosition(rows, held.current, controller);
    });
  }, [target]);
  return isScrolling;
}

/** Search in all messages. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { LogRow } from "../../../api/commands.ts";
import { findExcerpt } from "../state/excerpt.ts";
import { toEntryPlace, toRowKey } from "../state/rows.ts";
import { findRoom, toConversationId } from "../state/app_state.ts";
import { formatShortTime } from "../state/times.ts";
import { region, translate } from "../i18n/i18n.ts";
import { useApp } from "./app_context.ts";
import { useAsyncAction } from "./use_async_action.ts";
import { Empty, Name, Problem, Time } from "./parts.tsx";
import { Page } from "./page_frame.tsx";

/** Messages that are shown at most. */
const SHOWN_MAX = 200;

/** The page. */
export function SearchPage(): JSX.Element {
  const { node, state } = useApp();
  const { search } = state;
  const text = useSignal(search.value.text);
  const field = useRef<HTMLInputElement>(null);
  const { isBusy, problem, run: runAction } = useAsyncAction();
  useLayoutEffect(() => field.current?.focus(), []);
  const find = () =>
    runAction(async () => {
      const wanted = text.value.trim();
      const found = wanted === "" ? null : await node.run({ do: "search", text: wanted, last: SHOWN_MAX });
      search.value = { text: wanted, found };
    });
  return (
    <Page title={translate("search.title")}>
      <form
        role="search"
        class="search-form"
        onSubmit={(event) => {
          event.preventDefault();
          void find();
        }}
      >
        <label class="unseen" for="search-field">{translate("search.label")}</label>
        <input
          ref={field}
          id="search-field"
          type="search"
          dir="auto"
          maxLength={1000}
          placeholder={translate("search.label")}
          value={text.value}
          onInput={(event) => text.value = event.currentTarget.value}
        />
        <button type="submit" class="primary" disabled={isBusy.value}>{translate("search.go")}</button>
      </form>
      <Problem text={problem.value} />
      <Results />
    </Page>
  );
}

function Results(): JSX.Element {
  const { state } = useApp();
  const { text, found } = state.search.value;
  if (found === null) return <Empty>{translate("search.hint")}</Empty>;
  const rooms = Map.groupBy(found.rows.toReversed(), ({ roomId }) => roomId);
  const count = found.count > found.rows.length
    ? translate("search.limited", { count: found.count, shown: found.rows.length })
    : translate("search.count", { count: found.count });
  return (
    <>
      <p class="search-count" role="status">
        {found.count === 0 ? translate("search.none", { text }) : count}
      </p>
      {[...rooms].map(([roomId, rows]) => (
        <section key={roomId} class="section" aria-label={rows[0]?.room}>
          <h2>
            <bdi>{rows[0]?.room}</bdi>
            <span class="count">{rows.length}</span>
          </h2>
          <ul>
            {rows.map((row) => (
              <li key={toRowKey(row)}>
                <SearchHit row={row} text={text} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function SearchHit({ row, text }: { readonly row: LogRow; readonly text: string }): JSX.Element {
  const { conversation, state } = useApp();
  const room = findRoom(state, row.roomId);
  const to = room === null ? row.roomId : toConversationId(room);
  const { before, hit, after } = findExcerpt(row.text, text);
  return (
    <button
      type="button"
      class="row found"
      data-row
      onClick={() => conversation.openAt(to, toEntryPlace(row))}
    >
      <span class="row-text">
        <span class="row-first">
          <Name of={row.name} id={row.author} />
          <Time
            time={row.time}
            text={formatShortTime(row.time, { tag: region.value, nowMs: state.nowMs.value })}
          />
        </span>
        <span class="found-text" dir="auto">{before}{hit !== "" && <mark>{hit}</mark>}{after}</span>
      </span>
    </button>
  );
}

/** Renders the rows of a long list that are in sight: @tanstack/virtual-core for Preact. */

import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
} from "@tanstack/virtual-core";
import { useLayoutEffect, useReducer, useState } from "preact/hooks";

/** The virtualizer of a scrolling element with its rows. */
export type Rows = Virtualizer<HTMLDivElement, HTMLElement>;
type Given = Pick<
  VirtualizerOptions<HTMLDivElement, HTMLElement>,
  "count" | "getScrollElement" | "getItemKey" | "estimateSize"
>;

/** Rows on both sides that are rendered ahead of scrolling. */
const OVERSCAN = 8;
/** Within these pixels of the end, the list counts as at the end. */
export const END_PIXELS = 48;

/** Stays at the end when rows are added and the end is in sight. Keeps its place when rows are added above. */
export function useRows(given: Given, onChange: (rows: Rows) => void): Rows {
  const [, paint] = useReducer<number, void>((count) => count + 1, 0);
  const options: VirtualizerOptions<HTMLDivElement, HTMLElement> = {
    ...given,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    overscan: OVERSCAN,
    anchorTo: "end",
    followOnAppend: true,
    scrollEndThreshold: END_PIXELS,
    onChange: (rows) => {
      paint();
      onChange(rows);
    },
  };
  const [rows] = useState(() => new Virtualizer(options));
  rows.setOptions(options);
  useLayoutEffect(() => rows._didMount(), []);
  useLayoutEffect(() => rows._willUpdate());
  return rows;
}

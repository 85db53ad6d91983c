/** Rows of a list that is small enough to be here whole: sorted and filtered in the page. */

import { useMemo } from "react";
import type { Column, Filter, Rows, View } from "./columns";

export interface Whole<Row> {
  data: readonly Row[] | undefined;
  error: Error | null;
  refetch: () => unknown;
}

/** `textOf`: the words of a row that are searched; `valueOf`: what a filter's property is of a row. */
export function useWholeRows<Row>(
  whole: Whole<Row>,
  view: View,
  columns: readonly Column<Row>[],
  textOf: (row: Row) => string,
  valueOf: (row: Row, property: string) => string,
): Rows<Row> {
  const { data } = whole;
  const shown = useMemo(
    () => (data === undefined ? undefined : arranged(data, view, columns, textOf, valueOf)),
    // The functions are of the page and do not change what they say.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [data, view.text, view.filters, view.sort],
  );
  return {
    total: shown?.length,
    at: (index) => shown?.[index],
    seen: () => undefined,
    fresh: 0,
    showFresh: () => undefined,
    gone: () => false,
    changes: () => 0,
    error: data === undefined ? whole.error : null,
    again: () => void whole.refetch(),
  };
}

/** The rows that match, in the order asked for. */
export function arranged<Row>(
  rows: readonly Row[],
  view: Pick<View, "text" | "filters" | "sort">,
  columns: readonly Column<Row>[],
  textOf: (row: Row) => string,
  valueOf: (row: Row, property: string) => string,
): Row[] {
  const words = view.text.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const found = rows.filter((row) => {
    const text = words.length === 0 ? "" : textOf(row).toLowerCase();
    return words.every((word) => text.includes(word)) && view.filters.every((one) => holds(one, valueOf(row, one.property)));
  });
  const by = columns.find((column) => column.id === view.sort?.column)?.sort;
  if (view.sort === null || typeof by !== "function") return found;
  const sign = view.sort.descending ? -1 : 1;
  return found.sort((a, b) => sign * compared(by(a), by(b)));
}

function holds(filter: Filter, value: string): boolean {
  const [have, want] = [value.toLowerCase(), filter.value.toLowerCase()];
  return filter.operator === "Contains" ? have.includes(want) : have === want;
}

function compared(a: string | number | null, b: string | number | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), undefined, { sensitivity: "base", numeric: true });
}

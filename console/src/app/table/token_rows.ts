/**
 * Rows of a list that the site pages by tokens, newest first or sorted by it: read on as they are scrolled to. What
 * changes is changed in place; rows that began after the list was opened wait to be shown.
 */

import { type QueryKey, useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { useChanges } from "../live/live";
import { worthAsking } from "../queries";
import type { Rows } from "./columns";

/** Every page that is here is read again after a change, so not at each. */
const REFRESH_MS = 3000;

export interface TokenPage<Row> {
  items: Row[];
  continuationToken: string | null;
}

export interface Tokened<Row> {
  /** Under which pages are kept: everything that the question says. */
  name: QueryKey;
  /** The kind of the site's events that tells of these. */
  kind: string;
  read: (token: string | undefined) => Promise<TokenPage<Row>>;
  idOf: (row: Row) => string;
  /** When a row began, so that new ones are told; RFC 3339. */
  beganOf: (row: Row) => string | null;
}

export function useTokenRows<Row>(of: Tokened<Row>): Rows<Row> {
  const asked = JSON.stringify(of.name);
  const found = useInfiniteQuery({
    queryKey: of.name,
    queryFn: ({ pageParam }) => of.read(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.continuationToken ?? undefined,
  });
  const { data, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = found;
  const all = useMemo(() => data?.pages.flatMap((page) => page.items), [data]);
  const newest = useMemo(() => newestOf(all ?? [], of.beganOf), [all, of.beganOf]);
  // What had begun when the list was opened or last brought up to date.
  const [bound, setBound] = useState({ asked: "", at: "" });
  const at = bound.asked === asked ? bound.at : newest;
  if (all !== undefined && bound.asked !== asked) setBound({ asked, at: newest });
  const { shown, fresh } = useMemo(() => parted(all, at, of.beganOf), [all, at, of.beganOf]);
  const kept = useRef(new Map<string, { text: string; changes: number }>());
  useEffect(() => {
    for (const row of shown ?? []) {
      const text = JSON.stringify(row);
      const before = kept.current.get(of.idOf(row));
      if (before?.text !== text) kept.current.set(of.idOf(row), { text, changes: before === undefined ? 0 : before.changes + 1 });
    }
  }, [shown, of]);
  const { status, errorUpdatedAt } = found;
  useRefresh(of.kind, () => {
    if (worthAsking({ data, status, errorUpdatedAt })) void refetch();
  });
  return {
    total: shown?.length,
    more: hasNextPage,
    at: (index) => shown?.[index],
    seen: (_first, last) => {
      if (shown !== undefined && last >= shown.length - 20 && hasNextPage && !isFetchingNextPage && found.error === null) void fetchNextPage();
    },
    fresh,
    showFresh: () => setBound({ asked, at: newest }),
    gone: () => false,
    changes: (id) => kept.current.get(id)?.changes ?? 0,
    error: found.error,
    again: () => void refetch(),
  };
}

/** The latest moment at which one of them began; "" of none. */
export function newestOf<Row>(rows: readonly Row[], beganOf: (row: Row) => string | null): string {
  return rows.reduce((latest, row) => {
    const began = beganOf(row) ?? "";
    return began > latest ? began : latest;
  }, "");
}

/** The rows that had begun by then, and how many began since. With no bound all are shown. */
export function parted<Row>(
  rows: readonly Row[] | undefined,
  at: string,
  beganOf: (row: Row) => string | null,
): { shown: readonly Row[] | undefined; fresh: number } {
  if (rows === undefined || at === "") return { shown: rows, fresh: 0 };
  const shown = rows.filter((row) => (beganOf(row) ?? "") <= at);
  return { shown, fresh: rows.length - shown.length };
}

/** Tell of changes of a kind, every few seconds at most. */
function useRefresh(kind: string, refresh: () => void): void {
  const due = useRef<ReturnType<typeof setTimeout> | null>(null);
  const latest = useRef(refresh);
  useEffect(() => {
    latest.current = refresh;
  });
  useEffect(() => () => {
    if (due.current !== null) clearTimeout(due.current);
    due.current = null;
  }, []);
  useChanges((batch) => {
    const hit = batch?.some((one) => one.kind === kind) ?? true;
    if (!hit) return;
    due.current ??= setTimeout(() => {
      due.current = null;
      latest.current();
    }, REFRESH_MS);
  });
}

/**
 * Rows of a list that the site searches: pages are read by place as they are scrolled to. Nothing moves under the
 * pointer: rows that come after the list was opened wait (they have higher numbers), what changes is changed in
 * place, and what is over stays as a pale row until the list is read again.
 */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { SearchFilter, SearchRequest } from "../../api/wire.gen";
import { useChanges } from "../live/live";
import type { Column, Rows, View } from "./columns";
import { NEWEST, PAGE } from "./newest";
import { Pages } from "./pages";

const KEPT_PAGES = 30;
const PATCHED_AT_ONCE = 200;
const PATCH_MS = 300;
const COUNT_MS = 2000;
/** Rows before the edge at which the next page is read: half a second of quick scrolling. */
const AHEAD = 80;

export interface Found<Row> {
  items: Row[];
  total: number;
}

export interface Searched<Row> {
  /** First part of the keys under which pages are kept. */
  name: string;
  /** The kinds of the site's events that tell of these, by their ids. */
  kinds: readonly string[];
  search: (request: SearchRequest, limit: number, skip: number) => Promise<Found<Row>>;
  idOf: (row: Row) => string;
  /** The growing number by which new rows are told; the property of searches is `Uid`. */
  uidOf: (row: Row) => number;
}

/** The request for a view, without the bound. */
export function requestOf<Row>(view: Pick<View, "text" | "filters" | "sort">, columns: readonly Column<Row>[]): SearchRequest {
  const by = columns.find((column) => column.id === view.sort?.column)?.sort;
  return {
    ...(view.text.trim() === "" ? {} : { BasicSearchString: view.text.trim() }),
    SearchFilters: view.filters.map(({ property, operator, value }) => ({ Property: property, Operator: operator, Value: value })),
    SortCriteria:
      typeof by === "string"
        ? { Property: by, SortDirection: view.sort?.descending === true ? "Descending" : "Ascending" }
        : NEWEST.SortCriteria,
  };
}

function bounded(request: SearchRequest, ...more: SearchFilter[]): SearchRequest {
  return { ...request, SearchFilters: [...(request.SearchFilters ?? []), ...more] };
}

export function useSearchedRows<Row>(of: Searched<Row>, view: View, columns: readonly Column<Row>[]): Rows<Row> {
  const client = useQueryClient();
  const request = useMemo(() => requestOf(view, columns), [view, columns]);
  const asked = JSON.stringify(request);
  // The newest number there is when the list is opened or read again; rows above it wait.
  const [opened, setOpened] = useState(0);
  const bound = useQuery({
    queryKey: [of.name, "bound", asked, opened],
    queryFn: async () => {
      // Of a list that nothing narrows the first page itself says which row is the newest.
      const whole = asked === JSON.stringify(NEWEST);
      const found = await of.search(NEWEST, whole ? PAGE : 1, 0);
      const [row] = found.items;
      return { uid: row === undefined ? 0 : of.uidOf(row), first: whole ? found : null };
    },
    staleTime: Infinity,
    gcTime: 0,
  });
  const below = useMemo<SearchFilter | null>(
    () => (bound.data === undefined ? null : { Property: "Uid", Operator: "LessThanOrEquals", Value: String(bound.data.uid) }),
    [bound.data],
  );
  const [store] = useState(() => new Pages<Row>());
  const [, redraw] = useState(0);
  const [total, setTotal] = useState<number>();
  const [error, setError] = useState<Error | null>(null);
  const [fresh, setFresh] = useState({ of: "", count: 0 });
  const version = `${asked} ${bound.data?.uid ?? ""}`;
  const window = useRef({ first: 0, last: 0 });
  const epoch = useRef(0);
  const begun = useRef<{ request: SearchRequest; bound: typeof bound.data }>(null);

  const load = useCallback(
    (page: number) => {
      if (below === null || store.has(page)) return;
      const mine = epoch.current;
      store.begin(page);
      of.search(bounded(request, below), PAGE, page * PAGE).then(
        (found) => {
          if (mine !== epoch.current) return;
          store.put(page, found.items, of.idOf);
          setTotal((known) => (known === undefined || page === 0 ? found.total : known));
          setError(null);
          const { first, last } = window.current;
          if (page >= Math.floor(first / PAGE) && page <= Math.floor(last / PAGE)) redraw((n) => n + 1);
        },
        (reason: unknown) => {
          if (mine !== epoch.current) return;
          store.drop(page);
          setError(reason instanceof Error ? reason : new Error(String(reason)));
        },
      );
    },
    [below, of, request, store],
  );

  const first = bound.data;
  const begin = useCallback(() => {
    if (begun.current?.request === request && begun.current.bound === first) return;
    begun.current = { request, bound: first };
    epoch.current += 1;
    store.clear();
    if (first === undefined || first.first === null) return;
    store.put(0, first.first.items, of.idOf);
    setTotal(first.first.total);
    setError(null);
  }, [first, of, request, store]);

  const seen = useCallback(
    (from: number, to: number) => {
      begin();
      const step = from - window.current.first;
      window.current = { first: from, last: to };
      for (let page = Math.floor(from / PAGE); page <= Math.floor(to / PAGE); page++) load(page);
      // Who scrolls will see the next page; who has jumped may go anywhere.
      if (step > 0 && step < PAGE) load(Math.floor((to + AHEAD) / PAGE));
      if (step < 0 && step > -PAGE) load(Math.max(0, Math.floor((from - AHEAD) / PAGE)));
      store.keepNear(Math.floor(from / PAGE), KEPT_PAGES);
    },
    [begin, load, store],
  );

  useLayoutEffect(() => seen(window.current.first, window.current.last), [seen]);

  useFollowing(of, request, bound.data?.uid, store, {
    fresh: (count) => setFresh({ of: version, count }),
    redraw: () => redraw((n) => n + 1),
    shown: () => store.idsBetween(window.current.first, window.current.last, of.idOf),
  });

  const showFresh = (): void => {
    client.removeQueries({ queryKey: [of.name, "bound"] });
    setTotal(undefined);
    setOpened((n) => n + 1);
  };
  return {
    total,
    at: (index) => store.at(index),
    seen,
    fresh: fresh.of === version ? fresh.count : 0,
    showFresh,
    gone: (id) => store.isGone(id),
    changes: (id) => store.changesOf(id),
    error: bound.error ?? error,
    again: showFresh,
  };
}

interface Told {
  fresh: (count: number) => void;
  redraw: () => void;
  /** Ids of the rows that are seen. */
  shown: () => string[];
}

/** Changed rows that are here are read again in place; new ones are counted. */
function useFollowing<Row>(
  of: Searched<Row>,
  request: SearchRequest,
  bound: number | undefined,
  store: Pages<Row>,
  told: Told,
): void {
  const changed = useRef(new Set<string>());
  const unknown = useRef(false);
  const timers = useRef<{ patch?: ReturnType<typeof setTimeout>; count?: ReturnType<typeof setTimeout> }>({});
  useEffect(() => {
    const kept = timers.current;
    return () => {
      clearTimeout(kept.patch);
      clearTimeout(kept.count);
      timers.current = {};
    };
  }, []);

  const patch = async (): Promise<void> => {
    const ids = [...changed.current].slice(0, PATCHED_AT_ONCE);
    for (const id of ids) changed.current.delete(id);
    const uids = ids.flatMap((id) => {
      const row = store.of(id);
      return row === undefined ? [] : [of.uidOf(row)];
    });
    if (uids.length > 0) {
      const filter = { Property: "Uid", Operator: "In", Value: uids.join(",") };
      const { items } = await of.search({ SearchFilters: [filter] }, PATCHED_AT_ONCE, 0);
      store.patch(items, ids, of.idOf);
      told.redraw();
    }
    if (changed.current.size > 0) timers.current.patch = setTimeout(() => void patch().catch(() => undefined), PATCH_MS);
    else delete timers.current.patch;
  };
  const count = async (): Promise<void> => {
    delete timers.current.count;
    if (!unknown.current || bound === undefined) return;
    unknown.current = false;
    const above = { Property: "Uid", Operator: "GreaterThan", Value: String(bound) };
    told.fresh((await of.search(bounded(request, above), 1, 0)).total);
  };
  useChanges((batch) => {
    if (batch === null) unknown.current = true;
    const heard = batch ?? told.shown().flatMap((id) => of.kinds.map((kind) => ({ kind, id })));
    for (const { kind, id } of heard) {
      if (!of.kinds.includes(kind)) continue;
      if (store.of(id) === undefined) unknown.current = true;
      else changed.current.add(id);
    }
    if (changed.current.size > 0) {
      timers.current.patch ??= setTimeout(() => void patch().catch(() => delete timers.current.patch), PATCH_MS);
    }
    if (unknown.current) timers.current.count ??= setTimeout(() => void count().catch(() => undefined), COUNT_MS);
  });
}

/** A list's view and its address: `?q=ann&f=SessionState.Equals.Active&sort=-started&cols=user,state&open=ID`. */

import { useMemo } from "react";
import { useSearchParams } from "wouter";
import { useHere } from "../use_here";
import type { Filter, View } from "./columns";

const BETWEEN = ".";

export function readView(query: URLSearchParams): View {
  const sort = query.get("sort");
  const columns = query.get("cols");
  return {
    text: query.get("q") ?? "",
    filters: query.getAll("f").flatMap(readFilter),
    sort: sort === null || sort === "" ? null : { column: sort.replace(/^-/, ""), descending: sort.startsWith("-") },
    columns: columns === null || columns === "" ? null : columns.split(","),
    open: query.get("open"),
  };
}

function readFilter(text: string): Filter[] {
  const [property = "", operator = "", ...value] = text.split(BETWEEN);
  if (property === "" || operator === "" || value.length === 0) return [];
  return [{ property, operator, value: value.join(BETWEEN) }];
}

export function writeView(view: View, kept: URLSearchParams = new URLSearchParams()): URLSearchParams {
  const query = new URLSearchParams(kept);
  for (const name of ["q", "f", "sort", "cols", "open"]) query.delete(name);
  if (view.text !== "") query.set("q", view.text);
  for (const one of view.filters) query.append("f", [one.property, one.operator, one.value].join(BETWEEN));
  if (view.sort !== null) query.set("sort", (view.sort.descending ? "-" : "") + view.sort.column);
  if (view.columns !== null) query.set("cols", view.columns.join(","));
  if (view.open !== null) query.set("open", view.open);
  return query;
}

/** The view that the address holds, and what changes it. Typing replaces the address, all else can be gone back from. */
export function useView(): [View, (change: Partial<View>, replace?: boolean) => void] {
  const [query, setQuery] = useSearchParams();
  const here = useHere();
  const view = useMemo(() => readView(query), [query]);
  const change = (part: Partial<View>, replace = false): void => {
    if (here()) setQuery((now) => writeView({ ...readView(now), ...part }, now), { replace });
  };
  return [view, change];
}

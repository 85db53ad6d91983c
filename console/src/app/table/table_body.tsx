/** The rows of a table that are drawn now: selection and keyboard. Scrolling draws this part again and nothing else. */

import { useLayoutEffect, useMemo, useRef } from "react";
import { useNow } from "../parts/when";
import type { Column, Rows } from "./columns";
import { type Chosen, toggled } from "./selection";
import { type RowActs, TableRow } from "./table_row";
import { ROW_PX, useWindow } from "./window";

/** Bones while it is not known how many rows there are. */
const WAITING = 16;

interface TableBodyProps<Row> {
  columns: readonly Column<Row>[];
  rows: Rows<Row>;
  idOf: (row: Row) => string;
  /** Id of the row whose panel is open. */
  open: string | null;
  setOpen: (id: string | null) => void;
  chosen?: Chosen<Row>;
}

export function TableBody<Row>({ columns, rows, idOf, open, setOpen, chosen }: TableBodyProps<Row>): React.JSX.Element {
  const body = useRef<HTMLDivElement>(null);
  const now = useNow();
  const total = rows.total ?? 0;
  const count = rows.total ?? WAITING;
  const window = useWindow(body, count, rows.at(0) !== undefined);
  const { first, end, most, moving } = window;
  const { seen } = rows;
  useLayoutEffect(() => seen(first, end - 1), [first, end, seen]);
  const anchor = useRef<number | null>(null);

  const select = (index: number, many: boolean): void => {
    if (chosen === undefined) return;
    const from = many && anchor.current !== null ? anchor.current : index;
    const between: Row[] = [];
    for (let at = Math.min(from, index); at <= Math.max(from, index); at++) {
      const row = rows.at(at);
      if (row !== undefined) between.push(row);
    }
    anchor.current = index;
    chosen.set(toggled(chosen.rows, between, idOf));
  };
  const move = (event: React.KeyboardEvent, index: number): void => {
    const to = { ArrowDown: index + 1, ArrowUp: index - 1, j: index + 1, k: index - 1, Home: 0, End: total - 1 }[event.key];
    if (to !== undefined && to >= 0 && to < total) {
      event.preventDefault();
      window.show(to);
      requestAnimationFrame(() => body.current?.querySelector<HTMLElement>(`[data-index="${to}"]`)?.focus());
    } else if (event.key === " " && event.target === event.currentTarget) {
      event.preventDefault();
      select(index, event.shiftKey);
    }
  };
  const acts = useSteady({ open: (id) => setOpen(open === id ? null : id), pick: select, key: move });

  const drawn: React.JSX.Element[] = [];
  for (let index = first; index < end; index++) {
    const row = rows.at(index);
    const id = row === undefined ? null : idOf(row);
    // Elements in the order of rows, as who hears them needs it; while they are scrolled each keeps its place, since to
    // move an element costs as much as to make it.
    drawn[moving ? index % most : index - first] = (
      <TableRow
        key={index % most}
        index={index}
        columns={columns}
        row={row}
        id={id}
        now={now}
        open={id !== null && open === id}
        picked={id !== null && chosen?.rows.has(id) === true}
        pickable={chosen !== undefined}
        gone={id !== null && rows.gone(id)}
        changes={id === null ? 0 : rows.changes(id)}
        acts={acts}
      />
    );
  }
  return <div role="rowgroup" className="table-body" ref={body} style={{ height: count * ROW_PX }}>{drawn}</div>;
}

/** The same object at each drawing, which does what the newest one says. */
function useSteady(acts: RowActs): RowActs {
  const newest = useRef(acts);
  useLayoutEffect(() => {
    newest.current = acts;
  });
  return useMemo(() => ({
    open: (id) => newest.current.open(id),
    pick: (index, many) => newest.current.pick(index, many),
    key: (event, index) => newest.current.key(event, index),
  }), []);
}

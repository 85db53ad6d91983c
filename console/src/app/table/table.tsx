/** The table of all lists: its head, and a body of virtual rows. What it shows is in the list's address. */

import { ArrowDown, ArrowUp } from "lucide-react";
import { Failure } from "../parts/failure";
import { texts } from "../texts";
import type { Column, Rows, View } from "./columns";
import type { Chosen } from "./selection";
import { TableBody } from "./table_body";
import "./table.css";

export interface TableProps<Row> {
  /** What the rows are, for who can't see them. */
  label: string;
  columns: readonly Column<Row>[];
  rows: Rows<Row>;
  idOf: (row: Row) => string;
  view: View;
  change: (change: Partial<View>) => void;
  /** Absent: rows can't be selected. */
  chosen?: Chosen<Row>;
  empty: React.ReactNode;
}

export function Table<Row>(props: TableProps<Row>): React.JSX.Element {
  const { columns, rows, idOf, view, change, chosen } = props;
  const total = rows.total ?? 0;
  const waiting = rows.total === undefined && rows.error === null;
  const width = columns.reduce((sum, column) => sum + column.width, chosen === undefined ? 0 : 36);
  const template = (chosen === undefined ? "" : "36px ") + columns.map(widthOf).join(" ");
  if (rows.error !== null && rows.total === undefined) return <Failure error={rows.error} again={rows.again} />;
  if (rows.total === 0) return <>{props.empty}</>;
  return (
    <div className="table-scroll" role="table" aria-label={props.label} aria-rowcount={total + 1} aria-busy={waiting}>
      <div className="table-inner" style={{ minWidth: width, "--columns": template } as React.CSSProperties}>
        <div role="rowgroup" className="table-heads">
          <div className="table-head" role="row">
            {chosen === undefined ? null : (
              <span role="columnheader" className="table-pick">
                <SelectAll rows={rows} total={total} chosen={chosen} idOf={idOf} />
              </span>
            )}
            {columns.map((column) => (
              <Head key={column.id} column={column} view={view} change={change} />
            ))}
          </div>
        </div>
        <TableBody
          columns={columns}
          rows={rows}
          idOf={idOf}
          open={view.open}
          setOpen={(open) => change({ open })}
          {...(chosen === undefined ? {} : { chosen })}
        />
      </div>
    </div>
  );
}

function widthOf<Row>(column: Column<Row>): string {
  return column.grow === true ? `minmax(${column.width}px, 1fr)` : `${column.width}px`;
}

interface SelectAllProps<Row> {
  rows: Rows<Row>;
  total: number;
  chosen: Chosen<Row>;
  idOf: (row: Row) => string;
}

/** Takes all rows that are here: what is done to them is listed by them, not by a search. */
function SelectAll<Row>({ rows, total, chosen, idOf }: SelectAllProps<Row>): React.JSX.Element {
  const all = chosen.rows.size > 0;
  const press = (): void => {
    if (all) {
      chosen.set(new Map());
      return;
    }
    const found = new Map<string, Row>();
    for (let index = 0; index < Math.min(total, 5000); index++) {
      const row = rows.at(index);
      if (row !== undefined) found.set(idOf(row), row);
    }
    chosen.set(found);
  };
  return <input type="checkbox" checked={all} onChange={press} aria-label={all ? texts.table.selectNone : texts.table.selectAll} />;
}

interface HeadProps<Row> {
  column: Column<Row>;
  view: View;
  change: (change: Partial<View>) => void;
}

function Head<Row>({ column, view, change }: HeadProps<Row>): React.JSX.Element {
  const sorted = view.sort?.column === column.id ? view.sort : null;
  const order = sorted === null ? "none" : sorted.descending ? "descending" : "ascending";
  const className = column.align === "right" ? "table-title right" : "table-title";
  if (column.sort === undefined) {
    return <span role="columnheader" className={className}>{column.title}</span>;
  }
  // First down the alphabet, then up, then as the list has it.
  const next = sorted === null ? { column: column.id, descending: false } : sorted.descending ? null : { column: column.id, descending: true };
  return (
    <span role="columnheader" aria-sort={order} className={className}>
      <button type="button" onClick={() => change({ sort: next })}>
        {column.title}
        {sorted === null ? null : sorted.descending ? <ArrowDown size={12} aria-hidden /> : <ArrowUp size={12} aria-hidden />}
      </button>
    </span>
  );
}

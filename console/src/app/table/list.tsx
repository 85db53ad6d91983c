/** A list as pages have it: search, chips, columns, saved views, what is selected, and the table. */

import { Button } from "@mantine/core";
import { ArrowUp, X } from "lucide-react";
import { useMemo } from "react";
import { texts } from "../texts";
import { ColumnMenu } from "./column_menu";
import type { Column, Rows, View } from "./columns";
import { FilterChips, FilterMenu } from "./filters";
import { SavedViews } from "./saved_views";
import { SearchBox } from "./search_box";
import type { Chosen } from "./selection";
import { Table } from "./table";

export interface ListProps<Row> {
  /** Under which views are kept. */
  name: string;
  /** What the rows are, in words: "Sessions". */
  label: string;
  columns: readonly Column<Row>[];
  rows: Rows<Row>;
  idOf: (row: Row) => string;
  view: View;
  change: (change: Partial<View>, replace?: boolean) => void;
  chosen?: Chosen<Row>;
  /** What can be done to what is selected. */
  bulk?: React.ReactNode;
  /** Buttons beside the search, such as one that makes a new object. */
  tools?: React.ReactNode;
  /** The site can't search these by text. */
  unsearched?: boolean;
  /** More than search and filters says which rows are here. */
  narrowed?: boolean;
  /** While there is nothing at all. */
  empty: React.ReactNode;
}

export function shownColumns<Row>(columns: readonly Column<Row>[], view: View): Column<Row>[] {
  if (view.columns === null) return columns.filter((column) => column.extra !== true);
  const found = view.columns.flatMap((id) => columns.find((column) => column.id === id) ?? []);
  return found.length === 0 ? [...columns] : found;
}

export function List<Row>(props: ListProps<Row>): React.JSX.Element {
  const { columns, rows, view, change, chosen } = props;
  const shown = useMemo(() => shownColumns(columns, view), [columns, view]);
  const filtered = view.text !== "" || view.filters.length > 0;
  const nothing = filtered || props.narrowed === true ? (
    <div className="blank">
      <h2>{texts.table.noMatch}</h2>
      {filtered ? <Button variant="default" onClick={() => change({ text: "", filters: [] })}>{texts.table.clear}</Button> : null}
    </div>
  ) : props.empty;
  return (
    <section className="list" aria-label={props.label}>
      <div className="list-tools" role="search">
        {props.unsearched === true ? null : <SearchBox text={view.text} onText={(text) => change({ text }, true)} label={texts.table.search(props.label)} />}
        <FilterChips columns={columns} view={view} change={change} />
        <FilterMenu columns={columns} view={view} change={change} />
        <span className="grow" />
        <span className="list-count" role="status">
          {rows.total === undefined ? "" : rows.more === true ? texts.table.countMore(rows.total) : texts.table.count(rows.total)}
        </span>
        <SavedViews name={props.name} view={view} />
        <ColumnMenu columns={columns} view={view} change={change} />
        {props.tools}
      </div>
      {rows.fresh > 0 ? (
        <div className="list-fresh">
          <Button variant="subtle" size="compact-xs" leftSection={<ArrowUp size={13} aria-hidden />} onClick={rows.showFresh}>
            {texts.table.fresh(rows.fresh)}
          </Button>
        </div>
      ) : null}
      {chosen !== undefined && chosen.rows.size > 0 ? (
        <div className="list-picked" role="group" aria-label={texts.table.selected(chosen.rows.size)}>
          <strong className="num">{texts.table.selected(chosen.rows.size)}</strong>
          {props.bulk}
          <span className="grow" />
          <Button variant="subtle" size="compact-xs" leftSection={<X size={13} aria-hidden />} onClick={() => chosen.set(new Map())}>
            {texts.table.selectNone}
          </Button>
        </div>
      ) : null}
      <Table
        label={props.label}
        columns={shown}
        rows={rows}
        idOf={props.idOf}
        view={view}
        change={change}
        empty={nothing}
        {...(chosen === undefined ? {} : { chosen })}
      />
    </section>
  );
}

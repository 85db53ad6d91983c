/** What a list is made of. */

import type { ReactNode } from "react";

export interface Choice {
  value: string;
  label: string;
}

/** A choice may be about another property than its column, or about several values of it. */
export interface FilterChoice extends Choice {
  property?: string;
  operator?: "Equals" | "In";
}

/** How a column is filtered: by choices of a list, by text, or by how long ago. */
export type FilterKind =
  | { by: "choice"; property: string; choices: readonly FilterChoice[] }
  | { by: "text"; property: string }
  | { by: "time"; property: string };

/** What a column shows of a row: a text as it is, a dash where there is none, or what is drawn for it. */
export type Shown<Row> =
  | { text: (row: Row) => string | null | undefined; cell?: undefined; fits?: undefined }
  | {
      text?: undefined;
      /** `now` in ms, for times that say how long ago. */
      cell: (row: Row, now: number) => ReactNode;
      /** It is never wider than the column and so never clipped: clips cost much in scrolling. */
      fits?: true;
    };

export type Column<Row> = Shown<Row> & {
  id: string;
  title: string;
  /** In px; a column that grows takes what is left as well. */
  width: number;
  grow?: boolean;
  align?: "right";
  /** Not shown until somebody chooses it. */
  extra?: boolean;
  /** What the site sorts by, or what rows are compared by when all of them are here. */
  sort?: string | ((row: Row) => string | number | null);
  filter?: FilterKind;
};

/** Rows as a table asks for them: by place, so that any number can be there. */
export interface Rows<Row> {
  /** Undefined: not known yet. */
  total: number | undefined;
  /** There are more than `total`, how many is not known. */
  more?: boolean;
  /** Undefined: on its way. */
  at: (index: number) => Row | undefined;
  /** Which rows are seen now. */
  seen: (first: number, last: number) => void;
  /** How many have come since that wait to be shown. */
  fresh: number;
  showFresh: () => void;
  /** The object is over; its row stays until the list is read again. */
  gone: (id: string) => boolean;
  /** Counts the changes of a row, for the highlight. */
  changes: (id: string) => number;
  error: Error | null;
  again: () => void;
}

export interface Filter {
  property: string;
  operator: string;
  value: string;
}

/** What a list shows, as its address holds it. */
export interface View {
  text: string;
  filters: readonly Filter[];
  sort: { column: string; descending: boolean } | null;
  /** Ids of the columns shown; null: as the list has it. */
  columns: readonly string[] | null;
  /** Id of the row whose panel is open. */
  open: string | null;
}

/** The rows that are selected, by id: a row that is scrolled away stays selected. */

export interface Chosen<Row> {
  rows: ReadonlyMap<string, Row>;
  set: (rows: ReadonlyMap<string, Row>) => void;
}

/** Add these rows; if all of them are there, take them away. */
export function toggled<Row>(now: ReadonlyMap<string, Row>, rows: readonly Row[], idOf: (row: Row) => string): Map<string, Row> {
  const next = new Map(now);
  const all = rows.every((row) => next.has(idOf(row)));
  for (const row of rows) {
    if (all) next.delete(idOf(row));
    else next.set(idOf(row), row);
  }
  return next;
}

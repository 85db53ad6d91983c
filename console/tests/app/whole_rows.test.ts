import { describe, expect, it } from "vitest";
import type { Column } from "../../src/app/table/columns";
import { requestOf } from "../../src/app/table/searched_rows";
import { toggled } from "../../src/app/table/selection";
import { arranged } from "../../src/app/table/whole_rows";

interface Row {
  name: string;
  size: number | null;
}

const COLUMNS: Column<Row>[] = [
  { id: "name", title: "Name", width: 1, cell: () => null, sort: (row) => row.name },
  { id: "size", title: "Size", width: 1, cell: () => null, sort: (row) => row.size },
  { id: "there", title: "There", width: 1, cell: () => null, sort: "Name" },
];
const ROWS: Row[] = [{ name: "b 10", size: 2 }, { name: "B 9", size: null }, { name: "a", size: 10 }];
const names = (rows: Row[]): string[] => rows.map((row) => row.name);
const shown = (view: Parameters<typeof arranged<Row>>[1]): string[] =>
  names(arranged(ROWS, view, COLUMNS, (row) => row.name, (row) => row.name));

describe("rows that are all here", () => {
  it("are sorted as people count, what is unknown first", () => {
    const sorted = (column: string, descending = false): string[] => shown({ text: "", filters: [], sort: { column, descending } });
    expect(sorted("name")).toEqual(["a", "B 9", "b 10"]);
    expect(sorted("size")).toEqual(["B 9", "b 10", "a"]);
    expect(sorted("size", true)).toEqual(["a", "b 10", "B 9"]);
    expect(sorted("nothing")).toEqual(names(ROWS));
  });

  it("match every word and every filter", () => {
    expect(shown({ text: "b 1", filters: [], sort: null })).toEqual(["b 10"]);
    expect(shown({ text: "", filters: [{ property: "name", operator: "Contains", value: "B" }], sort: null })).toEqual(["b 10", "B 9"]);
    expect(shown({ text: "", filters: [{ property: "name", operator: "Equals", value: "A" }], sort: null })).toEqual(["a"]);
  });
});

describe("rows that the site searches", () => {
  it("are asked for by the view, the newest first unless sorted", () => {
    const view = { text: " ann ", filters: [{ property: "X", operator: "Equals", value: "1" }], sort: null };
    expect(requestOf(view, COLUMNS)).toEqual({
      BasicSearchString: "ann",
      SearchFilters: [{ Property: "X", Operator: "Equals", Value: "1" }],
      SortCriteria: { Property: "Uid", SortDirection: "Descending" },
    });
    expect(requestOf({ text: "", filters: [], sort: { column: "there", descending: false } }, COLUMNS)).toEqual({
      SearchFilters: [],
      SortCriteria: { Property: "Name", SortDirection: "Ascending" },
    });
  });
});

describe("a selection", () => {
  it("takes rows, and gives them back when all are taken", () => {
    const [a, b] = [{ name: "a", size: 1 }, { name: "b", size: 1 }];
    const idOf = (row: Row): string => row.name;
    const one = toggled(new Map(), [a], idOf);
    expect([...toggled(one, [a, b], idOf).keys()]).toEqual(["a", "b"]);
    expect([...toggled(toggled(one, [a, b], idOf), [a, b], idOf).keys()]).toEqual([]);
    expect([...one.keys()]).toEqual(["a"]);
  });
});

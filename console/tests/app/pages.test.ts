import { describe, expect, it } from "vitest";
import { PAGE } from "../../src/app/table/newest";
import { Pages } from "../../src/app/table/pages";

interface Row {
  id: string;
  state: string;
}

const idOf = (row: Row): string => row.id;
const rows = (from: number, count = PAGE): Row[] => Array.from({ length: count }, (_, at) => ({ id: String(from + at), state: "a" }));

function loaded(...pages: number[]): Pages<Row> {
  const store = new Pages<Row>();
  for (const page of pages) store.put(page, rows(page * PAGE), idOf);
  return store;
}

describe("the part of a long list that is here", () => {
  it("finds rows by place and by id", () => {
    const store = loaded(0, 7);
    expect(store.at(5)?.id).toBe("5");
    expect(store.at(PAGE)).toBeUndefined();
    expect(store.at(7 * PAGE + 3)?.id).toBe(String(7 * PAGE + 3));
    expect(store.of("704")?.id).toBe("704");
    expect(store.idsBetween(98, 101, idOf)).toEqual(["98", "99"]);
  });

  it("changes rows in place and counts it; what is not found is over, and stays", () => {
    const store = loaded(0);
    store.patch([{ id: "3", state: "b" }, { id: "4", state: "a" }], ["3", "4", "5", "999"], idOf);
    expect(store.at(3)).toEqual({ id: "3", state: "b" });
    expect([store.changesOf("3"), store.changesOf("4")]).toEqual([1, 0]);
    expect(store.at(5)?.id).toBe("5");
    expect([store.isGone("5"), store.isGone("3"), store.isGone("999")]).toEqual([true, false, false]);
  });

  it("forgets what is far", () => {
    const store = loaded(0, 1, 2, 50);
    store.keepNear(50, 2);
    expect([store.has(0), store.has(1), store.has(2), store.has(50)]).toEqual([false, false, true, true]);
    expect(store.of("3")).toBeUndefined();
  });
});

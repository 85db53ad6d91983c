import { describe, expect, it } from "vitest";
import type { View } from "../../src/app/table/columns";
import { readView, writeView } from "../../src/app/table/view";

const FULL: View = {
  text: "ann & co",
  filters: [
    { property: "SessionState", operator: "Equals", value: "Active" },
    { property: "MachineName", operator: "Contains", value: "a.b=c" },
  ],
  sort: { column: "started", descending: true },
  columns: ["state", "user"],
  open: "id-1",
};

describe("a list's address", () => {
  it("holds all of the view", () => {
    expect(readView(new URLSearchParams(writeView(FULL).toString()))).toEqual(FULL);
  });

  it("is empty for the view that the list begins with", () => {
    const plain = readView(new URLSearchParams());
    expect(plain).toEqual({ text: "", filters: [], sort: null, columns: null, open: null });
    expect(writeView(plain).toString()).toBe("");
  });

  it("keeps what is not of the view", () => {
    expect(writeView({ ...FULL, filters: [], columns: null, sort: null, open: null, text: "" }, new URLSearchParams("days=30&q=old")).toString()).toBe("days=30");
  });

  it("leaves out filters that can't be read", () => {
    expect(readView(new URLSearchParams("f=&f=State&f=State.Equals&f=A.B.C")).filters).toEqual([{ property: "A", operator: "B", value: "C" }]);
  });
});

import { describe, expect, it } from "vitest";
import { newestOf, parted } from "../../src/app/table/token_rows";

const rows = ["2026-03-05T12:00:02Z", "2026-03-05T12:00:01Z", null].map((began) => ({ began }));
const beganOf = (row: { began: string | null }): string | null => row.began;

describe("rows that came since a list was opened", () => {
  it("wait, and are counted", () => {
    const { shown, fresh } = parted(rows, "2026-03-05T12:00:01Z", beganOf);
    expect(shown).toEqual(rows.slice(1));
    expect(fresh).toBe(1);
  });

  it("are shown once the list is brought up to date", () => {
    expect(parted(rows, newestOf(rows, beganOf), beganOf)).toEqual({ shown: rows, fresh: 0 });
  });

  it("are shown in a list that had none", () => {
    expect(parted(rows, "", beganOf).fresh).toBe(0);
    expect(parted(undefined, "", beganOf).shown).toBeUndefined();
  });
});

import { describe, expect, it } from "vitest";
import { ROW_PX, SPARE, spanAt, topFor } from "../../src/app/table/window";

const HEIGHT = 600;

describe("the rows that are drawn", () => {
  it("are those in sight below the head", () => {
    const { first, end } = spanAt(0, HEIGHT, 100_000, 0);
    expect(first).toBe(0);
    expect(end * ROW_PX + 32).toBeGreaterThanOrEqual(HEIGHT);
    expect((end - 3) * ROW_PX + 32).toBeLessThan(HEIGHT);
  });

  it("are at any place those that can be seen there, with spare ones on either side", () => {
    for (const top of [0, 5, 33, 34, 35, 1000, 3_399_400]) {
      const bare = spanAt(top, HEIGHT, 100_000, 0);
      for (let index = Math.max(0, bare.first - 2); index < Math.min(100_000, bare.end + 2); index++) {
        const [from, to] = [index * ROW_PX + 32 - top, (index + 1) * ROW_PX + 32 - top];
        if (to > 32 && from < HEIGHT) expect(index >= bare.first && index < bare.end).toBe(true);
      }
      const more = spanAt(top, HEIGHT, 100_000, SPARE);
      expect(more.first).toBeLessThanOrEqual(Math.max(0, bare.first - SPARE));
      expect(more.end).toBeGreaterThanOrEqual(Math.min(100_000, bare.end + SPARE));
      // As many anywhere: elements are used again.
      expect(more.end - more.first).toBe(spanAt(0, HEIGHT, 100_000, SPARE).end);
    }
  });

  it("are never more than there are, also when the list has become shorter than what was scrolled to", () => {
    expect(spanAt(0, HEIGHT, 3, SPARE)).toEqual({ first: 0, end: 3 });
    expect(spanAt(50_000, HEIGHT, 3, 0)).toEqual({ first: 0, end: 3 });
    expect(spanAt(0, HEIGHT, 0, SPARE)).toEqual({ first: 0, end: 0 });
  });

  it("stay where they are for a row in sight, and move as little as they must for another", () => {
    expect(topFor(10, 200, HEIGHT)).toBe(200);
    expect(topFor(2, 200, HEIGHT)).toBe(2 * ROW_PX);
    const top = topFor(100, 200, HEIGHT);
    expect(32 + 101 * ROW_PX - top).toBe(HEIGHT);
  });
});

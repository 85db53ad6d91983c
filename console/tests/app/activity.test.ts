import { describe, expect, it } from "vitest";
import { barsOf } from "../../src/app/parts/activity";

describe("the activity strip", () => {
  it("has the busiest span of each bar, and nothing where nothing is known yet", () => {
    const bars = barsOf({ seconds: 1, pixels: [0, 10, 1_000_000, 0] }, 8000, 4);
    expect(bars[0]).toBeCloseTo(Math.log10(11) / 6.2);
    expect(bars[1]).toBeCloseTo(Math.log10(1_000_001) / 6.2);
    expect(bars.slice(2)).toEqual([0, 0]);
  });

  it("fills its bars when there are fewer spans than bars", () => {
    expect(barsOf({ seconds: 2, pixels: [200, 200] }, 4000, 8).every((height) => height > 0)).toBe(true);
  });

  it("is as high for the same change a second, however long a span is, and never higher than whole", () => {
    expect(barsOf({ seconds: 4, pixels: [4000] }, 4000, 1)).toEqual(barsOf({ seconds: 1, pixels: [1000] }, 1000, 1));
    expect(barsOf({ seconds: 1, pixels: [1e12] }, 1000, 1)).toEqual([1]);
  });
});

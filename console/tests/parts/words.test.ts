import { expect, test } from "vitest";

import { ago, bytesText, clockText, plain, span } from "../../src/parts/words";

test("spans in words people use", () => {
  const spans = [900, 59_000, 60_000, 8_040_000, 7_200_000, 260_000_000].map(span);
  expect(spans).toEqual(["1 s", "59 s", "1 min", "2 h 14 min", "2 h", "3 days"]);
});

test("how long ago", () => {
  const now = Date.parse("2026-11-22T10:00:00Z");
  expect(ago("2026-11-22T09:59:58Z", now)).toBe("just now");
  expect(ago("2026-11-22T09:55:00Z", now)).toBe("5 min ago");
  expect(ago(null, now)).toBe("");
});

test("places, sizes and codes", () => {
  expect([0, 7_900, 750_000, 3_723_000].map(clockText)).toEqual(["0:00", "0:07", "12:30", "1:02:03"]);
  expect([12, 45_400, 1_240_000].map(bytesText)).toEqual(["12 bytes", "45 kB", "1.2 MB"]);
  expect(["program-failed", "programFailed", "Logoff"].map(plain)).toEqual(["program failed", "program failed", "logoff"]);
  expect(plain("logged off by SITE\\Ann")).toBe("logged off by SITE\\Ann");
});

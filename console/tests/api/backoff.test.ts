import { expect, test } from "vitest";

import { Backoff } from "../../src/api/backoff";

test("waits double up to eight seconds, then it gives up; a success starts over", () => {
  const backoff = new Backoff();
  const waits = Array.from({ length: 12 }, () => backoff.next());
  expect(waits.slice(0, 6)).toEqual([500, 1000, 2000, 4000, 8000, 8000]);
  expect(waits.every((ms) => ms !== null && ms <= 8000)).toBe(true);
  expect(backoff.next()).toBeNull();
  backoff.succeeded();
  expect(backoff.next()).toBe(500);
});

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { ApiError } from "../../src/api/http";
import type { SessionView, ViewerView } from "../../src/api/wire.gen";
import { Line, lineText, LOOK_EACH_MS } from "../../src/app/pages/screen/line";

const VIEWER: ViewerView = {
  id: "v", userName: "S\\ada", own: true, mode: "interactive", address: "::1", platform: "Linux", attachedAt: "2026-01-01T00:00:00Z",
  toViewerBytesPerSecond: 34_000, fromViewerBytesPerSecond: 0, roundTripMs: 12,
};

let viewers: ViewerView[] = [];
let failure: Error | null = null;
let dead: string[] = [];
let measured: (ViewerView | null)[] = [];
let line: Line;

beforeEach(() => {
  vi.useFakeTimers();
  [viewers, failure, dead, measured] = [[VIEWER], null, [], []];
  line = new Line({
    look: () => (failure === null ? Promise.resolve({ viewers } as SessionView) : Promise.reject(failure)),
    measured: (viewer) => measured.push(viewer),
    dead: (why) => dead.push(why),
  });
  line.opened("v");
});

afterEach(() => vi.useRealTimers());

const looks = (count: number): Promise<unknown> => vi.advanceTimersByTimeAsync(count * LOOK_EACH_MS);

test("a line that lives is measured", async () => {
  await looks(3);
  expect(measured).toEqual([VIEWER, VIEWER, VIEWER]);
  expect(dead).toEqual([]);
});

test("a site that cannot be reached twice in a row is a dead line", async () => {
  failure = new ApiError("The site can't be reached.", 0);
  await looks(1);
  failure = null;
  await looks(1);
  failure = new ApiError("The site can't be reached.", 0);
  await looks(1);
  expect(dead).toEqual([]);
  await looks(3);
  expect(dead).toEqual(["The site can't be reached."]);
});

test("a site that no longer has the viewer has lost the line", async () => {
  viewers = [];
  await looks(2);
  expect(dead).toEqual(["The site has lost the connection."]);
});

test("a site that answers, whatever it is, is there", async () => {
  failure = new ApiError("Not signed in.", 401);
  await looks(5);
  expect(dead).toEqual([]);
});

test("a closed line is not looked at", async () => {
  line.closed();
  viewers = [];
  await looks(5);
  expect([measured, dead]).toEqual([[], []]);
});

test("what is known of a line in words", () => {
  expect(lineText(null)).toBe("");
  expect(lineText(VIEWER)).toBe("12 ms · 34 kB/s");
  expect(lineText({ ...VIEWER, roundTripMs: null })).toBe("34 kB/s");
  expect(lineText({ ...VIEWER, roundTripMs: 0 })).toBe("under 1 ms · 34 kB/s");
});

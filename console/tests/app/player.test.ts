import { describe, expect, test } from "vitest";

import { barsOf } from "../../src/app/pages/player/activity";
import { detailOf, matching, neighbour, placeAt, preRollOf, titleOf } from "../../src/app/pages/player/event_words";
import { actOf } from "../../src/app/pages/player/keys";
import { boxOf, pixelOf } from "../../src/app/pages/player/rectangle";

const EVENTS = [
  { atMs: 0, type: "recording-started", orderedBy: "FOOTLIGHT\\ada", preRollMs: 4000 },
  { atMs: 1000, type: "window-title", title: "Letter to Ben", application: "mousepad", window: 7 },
  { atMs: 1000, type: "display-resized", width: 800, height: 600 },
  { atMs: 5000, type: "marker", kind: "comment", text: "look", author: "ada", markerId: "m" },
];

describe("events", () => {
  test("are told by their kind and by what they say", () => {
    expect(EVENTS.map(titleOf)).toEqual(["recording started", "window title", "display resized", "comment"]);
    expect(EVENTS.map(detailOf)).toEqual(["FOOTLIGHT\\ada", "Letter to Ben · mousepad", "800 × 600", "look · ada"]);
  });

  test("are found by any word in them", () => {
    expect(matching(EVENTS, " BEN ")).toEqual([EVENTS[1]]);
    expect(matching(EVENTS, "resized")).toEqual([EVENTS[2]]);
    expect(matching(EVENTS, "").length).toBe(4);
    expect(matching(EVENTS, "nowhere")).toEqual([]);
  });

  test("follow the head and lie before and behind it", () => {
    expect([-5, 0, 998, 4000, 9999].map((at) => placeAt(EVENTS, at))).toEqual([-1, 0, 0, 2, 3]);
    expect(placeAt([], 5)).toBe(-1);
    expect(neighbour(EVENTS, 1000, 1)?.atMs).toBe(5000);
    expect(neighbour(EVENTS, 1000, -1)?.atMs).toBe(0);
    expect(neighbour(EVENTS, 5000, 1)).toBeNull();
    expect(neighbour(EVENTS, 0, -1)).toBeNull();
  });

  test("say what was kept from before", () => {
    expect([preRollOf(EVENTS), preRollOf([])]).toEqual([4000, 0]);
  });
});

test("a bar shows its busiest second", () => {
  const bars = barsOf([[0, 9], [1, 999_999], [9, 99_999_999_999]], 10_000, 5);
  expect(bars.map(({ left }) => left)).toEqual([0, 4]);
  expect(bars[0].high).toBeCloseTo(6 / 6.2, 3);
  expect(bars[1].high).toBe(1);
});

describe("a rectangle on the picture", () => {
  const room = { width: 400, height: 200 };
  const picture = { width: 1000, height: 1000 };

  test("is in pixels of the picture, which stands in the middle, and stays within it", () => {
    expect(pixelOf({ x: 100, y: 0 }, room, picture)).toEqual({ x: 0, y: 0 });
    expect(pixelOf({ x: 200, y: 100 }, room, picture)).toEqual({ x: 500, y: 500 });
    expect(pixelOf({ x: 399, y: 300 }, room, picture)).toEqual({ x: 1000, y: 1000 });
  });

  test("has its corners in any order, and some size", () => {
    expect(boxOf({ x: 9, y: 2 }, { x: 1, y: 8 })).toEqual({ left: 1, top: 2, right: 9, bottom: 8 });
    expect(boxOf({ x: 9, y: 2 }, { x: 1, y: 3 })).toBeNull();
  });
});

test("keys mean what the page says", () => {
  const plain = { shiftKey: false, ctrlKey: false, altKey: false, metaKey: false };
  expect(actOf({ ...plain, key: "ArrowLeft" })).toBe("back");
  expect(actOf({ ...plain, key: "ArrowLeft", shiftKey: true })).toBe("eventBefore");
  expect(actOf({ ...plain, key: "J" })).toBe("backMore");
  expect(actOf({ ...plain, key: "f", ctrlKey: true })).toBeNull();
  expect(actOf({ ...plain, key: "x" })).toBeNull();
});

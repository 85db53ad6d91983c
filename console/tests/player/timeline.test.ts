import { beforeEach, describe, expect, test } from "vitest";

import { Timeline } from "../../src/player/timeline";

let now = 0;
let timeline: Timeline;

beforeEach(() => {
  now = 1000;
  timeline = new Timeline(() => now);
  timeline.extend(60_000, false);
});

describe("Timeline", () => {
  test("stands still until played, then runs with the clock and its speed", () => {
    now += 5000;
    expect([timeline.position(), timeline.state]).toEqual([0, "paused"]);
    timeline.play();
    now += 2000;
    expect([timeline.position(), timeline.state]).toEqual([2000, "playing"]);
    timeline.setSpeed(4);
    now += 1000;
    timeline.pause();
    now += 9000;
    expect([timeline.position(), timeline.state]).toEqual([6000, "paused"]);
  });

  test("keeps speeds within half and sixteen times, stepping through the list", () => {
    timeline.setSpeed(99);
    expect(timeline.speed).toBe(16);
    timeline.stepSpeed(1);
    expect(timeline.speed).toBe(16);
    timeline.stepSpeed(-1);
    expect(timeline.speed).toBe(8);
    timeline.setSpeed(0.1);
    expect(timeline.speed).toBe(0.5);
  });

  test("stops at the end and plays from the beginning again", () => {
    timeline.seek(59_500);
    timeline.play();
    now += 2000;
    expect([timeline.position(), timeline.state]).toEqual([60_000, "ended"]);
    timeline.play();
    now += 100;
    expect([timeline.position(), timeline.state]).toEqual([100, "playing"]);
  });

  test("seeking stays within the recording and does not stop playing", () => {
    timeline.seek(-5);
    expect(timeline.position()).toBe(0);
    timeline.seek(99_999_999);
    expect(timeline.position()).toBe(60_000);
    timeline.seek(1000);
    timeline.play();
    timeline.seek(5000);
    now += 10;
    expect([timeline.position(), timeline.state]).toEqual([5010, "playing"]);
  });

  test("follows a running recording, leaves the edge by seeking, and catches up again", () => {
    timeline = new Timeline(() => now);
    timeline.extend(10_000, true);
    timeline.goLive();
    expect([timeline.position(), timeline.state]).toEqual([10_000, "live"]);
    now += 500;
    timeline.extend(10_500, true);
    expect(timeline.position()).toBe(10_500);
    timeline.seek(9000);
    expect(timeline.state).toBe("playing");
    now += 2000;
    expect([timeline.position(), timeline.state]).toEqual([10_500, "live"]);
    timeline.pause();
    timeline.extend(12_000, true);
    expect([timeline.position(), timeline.state]).toEqual([10_500, "paused"]);
  });

  test("ends at the edge when the recording ends", () => {
    timeline = new Timeline(() => now);
    timeline.extend(10_000, true);
    timeline.goLive();
    timeline.extend(11_000, false);
    expect([timeline.position(), timeline.state]).toEqual([11_000, "ended"]);
  });

  test("cannot go live on a finished recording", () => {
    timeline.goLive();
    expect([timeline.position(), timeline.state]).toEqual([0, "paused"]);
  });

  test("jumps over long quiet stretches only, and only when told to", () => {
    timeline.play();
    timeline.noteNextChange(0, 30_000);
    now += 100;
    expect(timeline.position()).toBe(100);
    timeline.skipIdle = true;
    now += 100;
    expect(timeline.position()).toBe(29_700);
    timeline.noteNextChange(29_700, 31_000);
    now += 100;
    expect(timeline.position()).toBe(29_800);
    timeline.noteNextChange(29_800, null);
    now += 1;
    expect([timeline.position(), timeline.state]).toEqual([60_000, "ended"]);
  });

  test("a stretch known from elsewhere is not jumped over after a seek back", () => {
    timeline.skipIdle = true;
    timeline.play();
    timeline.noteNextChange(20_000, 50_000);
    timeline.seek(1000);
    now += 50;
    expect(timeline.position()).toBe(1050);
  });
});

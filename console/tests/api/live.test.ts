import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { follow } from "../../src/api/live";

class FakeStream {
  static all: FakeStream[] = [];
  onopen: (() => void) | null = null;
  onmessage: (() => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;
  constructor() {
    FakeStream.all.push(this);
  }
  close(): void {
    this.closed = true;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeStream.all = [];
});
afterEach(() => vi.useRealTimers());

function started() {
  const refresh = vi.fn(() => Promise.resolve());
  const states: string[] = [];
  const stop = follow({
    refresh,
    onState: (state) => states.push(state),
    connect: () => new FakeStream() as unknown as EventSource,
  });
  return { refresh, states, stop };
}

test("many events in a row make one refresh", async () => {
  const { refresh, states, stop } = started();
  expect(refresh).toHaveBeenCalledTimes(1);
  const [stream] = FakeStream.all;
  stream.onopen?.();
  for (let i = 0; i < 20; i++) stream.onmessage?.();
  await vi.advanceTimersByTimeAsync(1000);
  expect(refresh).toHaveBeenCalledTimes(2);
  expect(states).toEqual(["streaming"]);
  stop();
  expect(stream.closed).toBe(true);
});

test("without a stream it looks each two seconds, until a stream comes back", async () => {
  const { refresh, states, stop } = started();
  FakeStream.all[0].onerror?.();
  await vi.advanceTimersByTimeAsync(6100);
  expect(refresh).toHaveBeenCalledTimes(4);
  await vi.advanceTimersByTimeAsync(4000);
  expect(FakeStream.all).toHaveLength(2);
  FakeStream.all[1].onopen?.();
  await vi.advanceTimersByTimeAsync(200);
  const calls = refresh.mock.calls.length;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(refresh).toHaveBeenCalledTimes(calls);
  expect(states).toEqual(["polling", "streaming"]);
  stop();
});

test("a change during a refresh is not lost, and no two refreshes overlap", async () => {
  let running = 0;
  let most = 0;
  const refresh = vi.fn(async () => {
    most = Math.max(most, ++running);
    await new Promise((done) => setTimeout(done, 500));
    running--;
  });
  const stop = follow({
    refresh,
    onState: () => undefined,
    connect: () => new FakeStream() as unknown as EventSource,
  });
  FakeStream.all[0].onmessage?.();
  await vi.advanceTimersByTimeAsync(3000);
  expect([refresh.mock.calls.length, most]).toEqual([2, 1]);
  stop();
});

test("a stream that ends is opened again at once, without polling", async () => {
  const { refresh, states, stop } = started();
  FakeStream.all[0].onopen?.();
  await vi.advanceTimersByTimeAsync(1000);
  FakeStream.all[0].onerror?.();
  await vi.advanceTimersByTimeAsync(600);
  expect(FakeStream.all).toHaveLength(2);
  FakeStream.all[1].onopen?.();
  await vi.advanceTimersByTimeAsync(1000);
  expect(states).toEqual(["streaming", "streaming"]);
  expect(refresh).toHaveBeenCalledTimes(3);
  stop();
});

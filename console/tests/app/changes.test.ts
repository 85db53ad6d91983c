import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Change, Changes } from "../../src/app/live/changes";

class Stream {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  readyState = 0;
  close = vi.fn();

  say(kind: string, id: string): void {
    this.onmessage?.({ data: JSON.stringify({ kind, id }) });
  }
}

let streams: Stream[];
let heard: (readonly Change[] | null)[];
let changes: Changes;
const stream = (): Stream => streams[streams.length - 1] ?? new Stream();

beforeEach(() => {
  vi.useFakeTimers();
  streams = [];
  heard = [];
  changes = new Changes(() => undefined, () => {
    streams.push(new Stream());
    return stream() as unknown as EventSource;
  });
  changes.listen((batch) => heard.push(batch));
  changes.start();
  stream().onopen?.();
});
afterEach(() => {
  changes.stop();
  vi.useRealTimers();
});

describe("the event stream", () => {
  it("tells changes in batches", () => {
    stream().say("session", "1");
    stream().say("job", "2");
    expect(heard).toEqual([]);
    vi.advanceTimersByTime(250);
    expect(heard).toEqual([[{ kind: "session", id: "1" }, { kind: "job", id: "2" }]]);
  });

  it("says of a gap that anything may have changed", () => {
    stream().say("session", "1");
    stream().say("gap", "");
    vi.advanceTimersByTime(250);
    expect(heard).toEqual([null]);
  });

  it("does not call a stream lost that the browser has back at once", () => {
    stream().onerror?.();
    vi.advanceTimersByTime(2000);
    stream().onopen?.();
    vi.advanceTimersByTime(20_000);
    expect(changes.lostSince).toBeNull();
    expect(heard).toEqual([]);
  });

  it("is lost after a while: pages look by themselves until it is back", () => {
    stream().onerror?.();
    vi.advanceTimersByTime(4000);
    expect(changes.lostSince).not.toBeNull();
    vi.advanceTimersByTime(10_000);
    expect(heard).toEqual([null, null]);
    stream().onopen?.();
    expect(changes.lostSince).toBeNull();
    expect(heard).toEqual([null, null, null]);
    vi.advanceTimersByTime(20_000);
    expect(heard).toHaveLength(3);
  });

  it("is opened anew when the browser has given it up", () => {
    stream().readyState = 2;
    stream().onerror?.();
    vi.advanceTimersByTime(3000);
    expect(streams).toHaveLength(2);
    stream().onopen?.();
    stream().say("session", "1");
    vi.advanceTimersByTime(250);
    expect(heard).toEqual([[{ kind: "session", id: "1" }]]);
  });
});

import { beforeEach, describe, expect, test } from "vitest";

import type { RecordingManifest } from "../../src/api/shapes";
import type { Source } from "../../src/player/source";
import { Tape } from "../../src/player/tape";
import { encrypted, gap, record, screen, segment, solid, withChecksum } from "../recording/segments";
import { blue, BLUE, green, GREEN, red, RED } from "../rfb/rectangles";

const SECOND = 1_000_000_000;
const paint = (atSeconds: number, colour: number[]): Buffer => record(2, atSeconds * SECOND, solid(2, 2, colour));
const FIRST = [record(1, 0, screen(2, 2)), paint(0, red), paint(4, green)];

/** A site whose manifest and segments a test changes under way. */
class Site implements Source {
  files = new Map<number, Uint8Array<ArrayBuffer>>();
  manifestNow: RecordingManifest = { open: false, durationMs: 0, segments: [] };
  fetched: [number, number][] = [];
  ranges = true;

  put(number: number, bytes: Uint8Array<ArrayBuffer>, startS: number, endS: number, open = false): void {
    this.files.set(number, bytes);
    const entry = { number, sizeBytes: bytes.length, open, width: 2, height: 2 };
    const segments = this.manifestNow.segments.filter((one) => one.number !== number);
    segments.push({ ...entry, startNs: startS * SECOND, endNs: endS * SECOND });
    segments.sort((a, b) => a.number - b.number);
    this.manifestNow = { open, durationMs: endS * 1000, segments };
  }

  key: Uint8Array<ArrayBuffer> | null = new Uint8Array(32);
  keysAsked = 0;

  dataKey = (): Promise<Uint8Array<ArrayBuffer> | null> => {
    this.keysAsked++;
    return this.key === null ? Promise.reject(new Error("no key")) : Promise.resolve(this.key);
  };

  manifest = (): Promise<RecordingManifest> => Promise.resolve(this.manifestNow);

  segment = (number: number, offset: number) => {
    this.fetched.push([number, offset]);
    const bytes = this.files.get(number);
    if (bytes === undefined) return Promise.reject(new Error("no such segment"));
    if (offset > 0 && !this.ranges) return Promise.resolve({ bytes, restarted: true });
    return Promise.resolve(offset >= bytes.length ? null : { bytes: bytes.subarray(offset), restarted: false });
  };
}

let site: Site;
let tape: Tape;

beforeEach(() => {
  site = new Site();
  tape = new Tape(site);
});

async function colourAt(ms: number): Promise<number | null> {
  const result = await tape.show(ms);
  return result === null ? null : result.frame.pixels[0];
}

describe("Tape", () => {
  test("shows the picture of any moment, forwards, backwards and between segments", async () => {
    site.put(0, segment(0, 0, FIRST), 0, 5);
    site.put(1, segment(1, 20 * SECOND, [record(1, 0, screen(2, 2)), paint(1, blue)]), 20, 25);
    await tape.refresh();
    expect(await colourAt(0)).toBe(RED);
    expect(await colourAt(3999)).toBe(RED);
    expect(await colourAt(4000)).toBe(GREEN);
    expect(await colourAt(19_999)).toBe(GREEN);
    expect(await colourAt(22_000)).toBe(BLUE);
    expect(await colourAt(100)).toBe(RED);
    expect(site.fetched).toEqual([[0, 0], [1, 0]]);
  });

  test("tells when the picture changes next", async () => {
    site.put(0, segment(0, 0, FIRST), 0, 5);
    site.put(1, segment(1, 20 * SECOND, [record(1, 0, screen(2, 2)), paint(0, blue)]), 20, 25);
    await tape.refresh();
    const next = async (ms: number) => (await tape.show(ms))?.shown.nextChangeMs;
    expect([await next(0), await next(4500), await next(21_000)]).toEqual([4000, 20_000, null]);
  });

  test("follows an open segment by its tail, and reads it anew when it is sealed", async () => {
    const whole = segment(0, 0, FIRST);
    site.put(0, whole.slice(0, 60), 0, 1, true);
    await tape.refresh();
    expect(await colourAt(1000)).toBeNull();
    site.put(0, whole.slice(0, 220), 0, 1, true);
    await tape.refresh();
    expect(site.fetched).toEqual([[0, 0], [0, 60]]);
    site.put(0, whole, 0, 5);
    await tape.refresh();
    expect(await colourAt(5000)).toBe(GREEN);
    expect(site.fetched.at(-1)).toEqual([0, 0]);
    expect(tape.durationMs).toBe(5000);
  });

  test("reads on from a site that ignores ranges", async () => {
    const whole = segment(0, 0, FIRST);
    site.ranges = false;
    site.put(0, whole.slice(0, 170), 0, 1, true);
    await tape.refresh();
    await tape.show(0);
    site.put(0, whole, 0, 5);
    await tape.refresh();
    expect(await colourAt(5000)).toBe(GREEN);
  });

  test("starts over when sealed bytes are not those that were read while open", async () => {
    const packed = segment(0, 0, FIRST);
    const other = segment(0, 0, FIRST, withChecksum);
    site.put(0, packed.slice(0, 175), 0, 1, true);
    await tape.refresh();
    await tape.show(0);
    site.put(0, new Uint8Array(5000).fill(0xff), 0, 5);
    const torn = site.segment;
    site.segment = (number, offset) => {
      if (offset === 0) site.put(0, other, 0, 5);
      return torn(number, offset);
    };
    await tape.refresh();
    expect(await colourAt(5000)).toBe(GREEN);
  });

  test("counts what the open segment holds beyond the manifest's word", async () => {
    site.put(0, segment(0, 0, FIRST), 0, 2, true);
    await tape.refresh();
    await tape.show(0);
    await tape.refresh();
    expect(tape.durationMs).toBe(4000);
  });

  test("shows what was before while a new segment has no key frame yet", async () => {
    site.put(0, segment(0, 0, FIRST), 0, 5);
    site.put(1, segment(1, 20 * SECOND, [record(1, 0, screen(2, 2))]), 20, 20, true);
    await tape.refresh();
    expect(await colourAt(20_500)).toBe(GREEN);
  });

  test("finds gaps in manifest and segments, each once", async () => {
    const start = [record(1, 0, screen(2, 2)), record(4, 0, gap(5 * SECOND, 9 * SECOND, "crash")), paint(0, red)];
    site.put(0, segment(0, 9 * SECOND, start), 9, 10);
    site.manifestNow.gaps = [{ fromNs: 1, toNs: 2, cause: "stop" }, { fromNs: 5 * SECOND, toNs: 9 * SECOND, cause: "crash" }];
    await tape.refresh();
    await tape.show(9500);
    expect(tape.gaps().map(({ cause }) => cause)).toEqual(["stop", "crash"]);
  });

  test("decrypts segments with one key, asked for once", async () => {
    const key = new Uint8Array(32);
    site.put(0, encrypted(0, 0, FIRST, key), 0, 5);
    site.put(1, encrypted(1, 20 * SECOND, [record(1, 0, screen(2, 2)), paint(1, blue)], key), 20, 25);
    site.key = null;
    await tape.refresh();
    await expect(tape.show(0)).rejects.toThrow("no key");
    site.key = key;
    expect(await colourAt(22_000)).toBe(BLUE);
    expect(await colourAt(4000)).toBe(GREEN);
    expect(site.keysAsked).toBe(2);
  });

  test("asks for no key that is not needed", async () => {
    site.put(0, segment(0, 0, FIRST), 0, 5);
    await tape.refresh();
    await tape.show(0);
    expect(site.keysAsked).toBe(0);
  });

  test("an encrypted segment takes the place of what was read while it was open", async () => {
    const open = segment(0, 0, FIRST);
    site.put(0, open.slice(0, 190), 0, 1, true);
    await tape.refresh();
    await tape.show(0);
    site.put(0, encrypted(0, 0, FIRST, new Uint8Array(32)), 0, 5);
    await tape.refresh();
    expect(await colourAt(5000)).toBe(GREEN);
  });

  test("says so when a segment can't be fetched, and tries it again", async () => {
    site.put(0, segment(0, 0, FIRST), 0, 5);
    await tape.refresh();
    const bytes = site.files.get(0) as Uint8Array<ArrayBuffer>;
    site.files.delete(0);
    await expect(tape.show(0)).rejects.toThrow("no such segment");
    site.files.set(0, bytes);
    expect(await colourAt(0)).toBe(RED);
  });

  test("goes from change to change, also into the segment before", async () => {
    site.put(0, segment(0, 0, FIRST), 0, 5);
    site.put(1, segment(1, 20 * SECOND, [record(1, 0, screen(2, 2)), paint(0, blue), paint(3, red)]), 20, 25);
    await tape.refresh();
    expect([await tape.change(0, 1), await tape.change(4000, 1), await tape.change(23_000, 1)]).toEqual([4000, 20_000, null]);
    expect([await tape.change(24_000, -1), await tape.change(20_500, -1), await tape.change(4000, -1)]).toEqual([20_000, 4000, 0]);
  });

  test("grows by what was waited for, unless it went on meanwhile", async () => {
    const whole = segment(0, 0, FIRST);
    site.put(0, whole.slice(0, 220), 0, 1, true);
    await tape.refresh();
    expect(tape.tail()).toBeNull();
    await tape.show(0);
    expect(tape.tail()).toEqual({ number: 0, offset: 220 });
    await tape.grow(0, 100, { bytes: whole.slice(100), restarted: false });
    expect(tape.tail()).toEqual({ number: 0, offset: 220 });
    await tape.grow(0, 220, { bytes: whole.slice(220), restarted: false });
    expect(tape.durationMs).toBe(4000);
    expect(await colourAt(4000)).toBe(GREEN);
  });

  test("keeps the next segment that was read ahead", async () => {
    site.put(0, segment(0, 0, FIRST), 0, 5);
    const next = segment(1, 20 * SECOND, [record(1, 0, screen(2, 2)), paint(0, blue)]);
    site.put(1, next, 20, 25);
    await tape.refresh();
    await tape.show(0);
    expect(tape.ahead(0)).toBe(1);
    await tape.hold(1, { bytes: next, restarted: false });
    expect(tape.ahead(0)).toBeNull();
    expect(await colourAt(21_000)).toBe(BLUE);
    expect(site.fetched).toEqual([[0, 0]]);
  });
});

import { describe, expect, test } from "vitest";

import type { RecordingManifest } from "../../src/api/shapes";
import { meet, nextChangeIn, type Box, type Search } from "../../src/player/region";
import type { Source } from "../../src/player/source";
import { Tape } from "../../src/player/tape";
import { record, screen, segment, solid } from "../recording/segments";
import { blue, green, red, rectangle, update, zrle } from "../rfb/rectangles";

const SECOND = 1_000_000_000;
const WHOLE: Box = { left: 0, top: 0, right: 4, bottom: 4 };
const RIGHT: Box = { left: 2, top: 0, right: 4, bottom: 4 };
const key = (atS: number): Buffer => record(2, atS * SECOND, solid(4, 4, red));

/** Paint the left half. */
const left = (atS: number, colour: number[]): Buffer =>
  record(2, atS * SECOND, update(rectangle(0, 0, 2, 4, 16, zrle([1, ...colour]))));

class Site implements Source {
  readonly read: number[] = [];
  private readonly files: Uint8Array<ArrayBuffer>[];

  constructor(
    segments: { startS: number; endS: number; records: Buffer[]; size?: number }[],
    private readonly damage: number[][] = [],
  ) {
    this.files = segments.map(({ startS, records, size = 4 }, number) => segment(number, startS * SECOND, [record(1, 0, screen(size, size)), ...records]));
    this.listed = segments.map(({ startS, endS, size = 4 }, number) => ({
      number, sizeBytes: this.files[number].length, open: false, startNs: startS * SECOND, endNs: endS * SECOND, width: size, height: size,
    }));
  }

  private readonly listed: RecordingManifest["segments"];
  dataKey = (): Promise<null> => Promise.resolve(null);
  manifest = (): Promise<RecordingManifest> =>
    Promise.resolve({ open: false, durationMs: (this.listed.at(-1)?.endNs ?? 0) / 1e6, segments: this.listed, damage: this.damage });
  segment = (number: number) => {
    this.read.push(number);
    return Promise.resolve({ bytes: this.files[number], restarted: false });
  };
}

const endless: Search = { stopped: () => false, pause: () => Promise.resolve() };

async function found(site: Site, box: Box, fromMs: number, search = endless): Promise<number | null> {
  const tape = new Tape(site);
  await tape.refresh();
  return nextChangeIn(tape, box, fromMs, search);
}

describe("nextChangeIn", () => {
  const one = (): Site => new Site([{ startS: 0, endS: 9, records: [key(0), left(2, green), left(3, green), left(5, blue)] }]);

  test("finds when the pixels are others, not when they are painted again", async () => {
    expect(await found(one(), WHOLE, 0)).toBe(2000);
    expect(await found(one(), WHOLE, 2000)).toBe(5000);
    expect(await found(one(), WHOLE, 5000)).toBeNull();
  });

  test("looks at the box alone", async () => {
    expect(await found(one(), RIGHT, 0)).toBeNull();
  });

  test("goes on in the next segment, whose key frame is a change only when it is another picture", async () => {
    const site = new Site([
      { startS: 0, endS: 10, records: [key(0)] },
      { startS: 10, endS: 20, records: [key(0), left(4, blue)] },
    ]);
    expect(await found(site, WHOLE, 1000)).toBe(14_000);
    const other = new Site([
      { startS: 0, endS: 10, records: [key(0)] },
      { startS: 10, endS: 20, records: [record(2, 0, solid(4, 4, blue))] },
    ]);
    expect(await found(other, RIGHT, 1000)).toBe(10_000);
  });

  test("takes another size for a change only where it shows others or further pixels", async () => {
    const parts = [
      { startS: 0, endS: 10, records: [key(0)] },
      { startS: 10, endS: 20, records: [record(2, 0, solid(6, 6, red)), left(4, blue)], size: 6 },
    ];
    expect(await found(new Site(parts), WHOLE, 0)).toBe(14_000);
    expect(await found(new Site(parts), RIGHT, 0)).toBeNull();
    expect(await found(new Site(parts), { ...WHOLE, right: 5 }, 0)).toBe(10_000);
  });

  test("passes over segments that the index says are quiet there, and over no others", async () => {
    const parts = [0, 10, 20, 30].map((startS) => ({ startS, endS: startS + 10, records: [key(0)] }));
    parts[1].records.push(left(3, blue), left(4, red));
    parts[2].records.push(left(3, green));
    const damage = [[0, 16, 0, 0, 4, 4], [10, 16, 0, 0, 4, 4], [13, 8, 0, 0, 2, 4], [14, 8, 0, 0, 2, 4], [20, 24, 0, 0, 4, 4], [23, 8, 0, 0, 2, 4], [30, 16, 0, 0, 4, 4]];
    const site = new Site(parts, damage);
    expect(await found(site, RIGHT, 0)).toBeNull();
    // The second is read since the third had more than its key frame in the second that they share; the last is not.
    expect(site.read).toEqual([0, 1, 2]);
    expect(await found(new Site(parts, damage), { left: 0, top: 0, right: 1, bottom: 1 }, 0)).toBe(13_000);
  });

  test("stops when it is told to", async () => {
    expect(await found(one(), WHOLE, 0, { ...endless, stopped: () => true })).toBeNull();
  });

  test("boxes that only touch have no pixel in common", () => {
    expect(meet(RIGHT, { left: 0, top: 0, right: 2, bottom: 4 })).toBe(false);
    expect(meet(RIGHT, { left: 1, top: 3, right: 3, bottom: 9 })).toBe(true);
  });
});

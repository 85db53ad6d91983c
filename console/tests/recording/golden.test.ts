/** The golden recordings that every reader of the format must show alike (tests/data of the repository). */

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import type { ManifestSegment } from "../../src/api/shapes";
import { KIND_EVENT } from "../../src/recording/format";
import { SegmentReader } from "../../src/recording/segment";
import { Tape } from "../../src/player/tape";

interface Expected {
  dataKey?: string | null;
  /** Numbers of segments that are not whole. */
  faults?: number[];
  durationNs: number;
  events: string[];
  moments: { atNs: number; width: number; height: number; rgbSha256: string }[];
}

const DATA = join(import.meta.dirname, "../../../tests/data");
const folders = readdirSync(DATA).filter((name) => name.startsWith("golden-"));
const fileOf = (folder: string, number: number, kind: string): string =>
  join(DATA, folder, `${String(number).padStart(6, "0")}.${kind}`);
const bytesOf = (folder: string, number: number): Uint8Array<ArrayBuffer> => {
  const sealed = fileOf(folder, number, "flseg");
  return new Uint8Array(readFileSync(existsSync(sealed) ? sealed : fileOf(folder, number, "open")));
};
const keyOf = (expected: Expected) => () =>
  Promise.resolve(typeof expected.dataKey === "string" ? new Uint8Array(Buffer.from(expected.dataKey, "hex")) : null);

/** The segments at hand, with the times of the whole recording's manifest. */
function listed(folder: string): ManifestSegment[] {
  const whole = folder.replace(/-(unfinished|truncated|damaged)$/, "");
  const signed = JSON.parse(readFileSync(join(DATA, whole, "manifest.json"), "utf8")) as {
    manifest: { segments: ManifestSegment[] };
  };
  return signed.manifest.segments.flatMap((segment) => {
    const open = existsSync(fileOf(folder, segment.number, "open"));
    if (!open && !existsSync(fileOf(folder, segment.number, "flseg"))) return [];
    return [{ ...segment, open, sizeBytes: bytesOf(folder, segment.number).length }];
  });
}

function opened(folder: string): { tape: Tape; expected: Expected; segments: ManifestSegment[] } {
  const expected = JSON.parse(readFileSync(join(DATA, folder, "expected.json"), "utf8")) as Expected;
  const segments = listed(folder);
  const durationMs = expected.durationNs / 1_000_000;
  const tape = new Tape({
    manifest: () => Promise.resolve({ open: false, durationMs, segments }),
    segment: (number, offset) =>
      Promise.resolve({ bytes: bytesOf(folder, number).subarray(offset), restarted: false }),
    dataKey: keyOf(expected),
  });
  return { tape, expected, segments };
}

test("there are golden recordings", () => expect(folders).not.toEqual([]));

test.each(folders)("%s: every kept moment has its pixels, in any order", async (folder) => {
  const { tape, expected } = opened(folder);
  await tape.refresh();
  expect(expected.moments.length).toBeGreaterThan(2);
  for (const moment of [...expected.moments, ...expected.moments.toReversed()]) {
    const result = await tape.show(moment.atNs / 1_000_000);
    expect([result?.frame.width, result?.frame.height]).toEqual([moment.width, moment.height]);
    const hash = createHash("sha256").update(result?.frame.rgb() ?? "").digest("hex");
    expect(hash, `at ${moment.atNs} ns`).toBe(moment.rgbSha256);
  }
});

test.each(folders)("%s: events and segment heads are as written", async (folder) => {
  const { expected, segments } = opened(folder);
  const types: unknown[] = [];
  for (const segment of segments) {
    const reader = new SegmentReader(keyOf(expected));
    if (expected.faults?.includes(segment.number) === true && !segment.open) {
      await expect(reader.take(bytesOf(folder, segment.number))).rejects.toThrow("decryption fails");
      continue;
    }
    await reader.take(bytesOf(folder, segment.number));
    for (let i = 0; ; i++) {
      const record = reader.record(i);
      if (record === null) break;
      if (record.kind !== KIND_EVENT) continue;
      types.push((JSON.parse(new TextDecoder().decode(record.payload)) as { type: unknown }).type);
    }
    expect(reader.ended).toBe(!segment.open);
    expect(reader.header).toMatchObject({ number: segment.number, firstInstantNs: segment.startNs });
  }
  // The index of a segment whose body is damaged still tells its events.
  const broken = (expected.faults ?? []).length > 0;
  expect(types).toEqual(broken ? expected.events.slice(0, types.length) : expected.events);
});

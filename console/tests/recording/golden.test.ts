/** The golden recordings that every reader of the format must show alike (tests/data of the repository). */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import type { ManifestSegment } from "../../src/api/shapes";
import { KIND_EVENT } from "../../src/recording/format";
import { SegmentReader } from "../../src/recording/segment";
import { Tape } from "../../src/player/tape";

interface Expected {
  durationNs: number;
  events: string[];
  moments: { atNs: number; width: number; height: number; rgbSha256: string }[];
}

const DATA = join(import.meta.dirname, "../../../tests/data");
const folders = readdirSync(DATA).filter((name) => name.startsWith("golden-"));
const bytesOf = (folder: string, number: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(join(DATA, folder, `${String(number).padStart(6, "0")}.flseg`)));

function opened(folder: string): { tape: Tape; expected: Expected; segments: ManifestSegment[] } {
  const signed = JSON.parse(readFileSync(join(DATA, folder, "manifest.json"), "utf8")) as {
    manifest: { durationMs: number; segments: ManifestSegment[] };
  };
  const expected = JSON.parse(readFileSync(join(DATA, folder, "expected.json"), "utf8")) as Expected;
  const { segments, durationMs } = signed.manifest;
  const tape = new Tape({
    manifest: () => Promise.resolve({ open: false, durationMs, segments }),
    segment: (number, offset) =>
      Promise.resolve({ bytes: bytesOf(folder, number).subarray(offset), restarted: false }),
  });
  return { tape, expected, segments };
}

test("there are golden recordings", () => expect(folders).not.toEqual([]));

test.each(folders)("%s: every kept moment has its pixels, in any order", async (folder) => {
  const { tape, expected } = opened(folder);
  await tape.refresh();
  expect(expected.moments.length).toBeGreaterThan(3);
  for (const moment of [...expected.moments, ...expected.moments.toReversed()]) {
    const result = await tape.show(moment.atNs / 1_000_000);
    expect([result?.frame.width, result?.frame.height]).toEqual([moment.width, moment.height]);
    const hash = createHash("sha256").update(result?.frame.rgb() ?? "").digest("hex");
    expect(hash, `at ${moment.atNs} ns`).toBe(moment.rgbSha256);
  }
});

test.each(folders)("%s: events and segment heads are as written", (folder) => {
  const { expected, segments } = opened(folder);
  const types: unknown[] = [];
  for (const segment of segments) {
    const reader = new SegmentReader();
    reader.append(bytesOf(folder, segment.number));
    for (let i = 0; ; i++) {
      const record = reader.record(i);
      if (record === null) break;
      if (record.kind !== KIND_EVENT) continue;
      types.push((JSON.parse(new TextDecoder().decode(record.payload)) as { type: unknown }).type);
    }
    expect(reader.ended).toBe(true);
    expect(reader.header).toMatchObject({ number: segment.number, firstInstantNs: segment.startNs });
  }
  expect(types).toEqual(expected.events);
});

import { describe, expect, test } from "vitest";

import { FormatError, parseHeader, type StoredRecord } from "../../src/recording/format";
import { SegmentReader } from "../../src/recording/segment";
import { gap, headerPayload, record, RECORDING_ID, screen, segment, solid, wideWindow, withChecksum } from "./segments";

const RECORDS = [
  record(1, 0, screen(4, 4)),
  record(2, 0, solid(4, 4)),
  record(3, 5_000_000, Buffer.from('{"type":"notice-shown"}')),
  record(77, 6_000_000, Buffer.from("a kind of tomorrow")),
  record(2, 2 ** 40, solid(4, 4)),
];
const BYTES = segment(3, 1_000_000, RECORDS);

function all(reader: SegmentReader): StoredRecord[] {
  const found: StoredRecord[] = [];
  for (let next = reader.record(0); next !== null; next = reader.record(found.length)) found.push(next);
  return found;
}

function read(...pieces: Uint8Array[]): { records: StoredRecord[]; reader: SegmentReader } {
  const reader = new SegmentReader();
  for (const piece of pieces) {
    reader.append(piece);
    all(reader);
  }
  return { records: all(reader), reader };
}

function failing(bytes: Uint8Array): () => void {
  return () => read(bytes);
}

describe("SegmentReader", () => {
  test("gives header and records", () => {
    const { records, reader } = read(BYTES);
    expect(reader.header).toMatchObject({ number: 3, firstInstantNs: 1_000_000, recordingId: RECORDING_ID });
    expect(records.map(({ kind, atNs }) => [kind, atNs])).toEqual([[1, 0], [2, 0], [3, 5e6], [77, 6e6], [2, 2 ** 40]]);
    expect(reader.ended).toBe(true);
    expect(reader.lastNs()).toBe(2 ** 40);
  });

  test("gives the same records wherever the bytes are split", () => {
    const whole = read(BYTES).records;
    for (let cut = 0; cut <= BYTES.length; cut++) {
      expect(read(BYTES.subarray(0, cut), BYTES.subarray(cut)).records).toEqual(whole);
    }
    expect(read(...Array.from(BYTES, (byte) => Uint8Array.of(byte))).records).toEqual(whole);
  });

  test("stops quietly wherever a torn segment ends", () => {
    const whole = read(BYTES).records;
    for (let cut = 0; cut < BYTES.length; cut++) {
      const { records } = read(BYTES.subarray(0, cut));
      expect(records).toEqual(whole.slice(0, records.length));
    }
  });

  test("decodes no further than asked", () => {
    // Pieces that do not compress, so that each needs blocks of its own.
    const noise = (seed: number): Uint8Array => Uint8Array.from({ length: 300_000 }, (_, i) => (i * i * seed) >> 7);
    const reader = new SegmentReader();
    reader.append(segment(0, 0, [record(77, 0, noise(3)), record(77, 1, noise(5)), record(77, 2, noise(7))]));
    reader.record(0);
    expect(reader.heldBytes).toBeLessThan(600_000);
    // The decompressor's buffer counts, until the body's end.
    expect(reader.keptBytes).toBeGreaterThan(reader.heldBytes);
    expect(reader.record(2)?.payload).toEqual(noise(7));
    expect(reader.record(3)).toBe(null);
    expect(reader.keptBytes).toBe(reader.heldBytes);
  });

  test("reads bodies with a checksum", () => {
    const { records, reader } = read(segment(3, 1_000_000, RECORDS, withChecksum));
    expect([records.length, reader.ended]).toEqual([5, true]);
  });

  test("refuses what the format forbids", () => {
    const late = [record(2, 5, solid(1, 1)), record(2, 4, solid(1, 1))];
    expect(failing(segment(0, 0, late))).toThrow("time falls");
    const huge = record(2, 0, solid(1, 1));
    huge.writeUInt32LE(64 * 1024 * 1024 + 1, 4);
    expect(failing(segment(0, 0, [huge]))).toThrow("record of");
    expect(failing(segment(0, 0, [record(3, 0, Buffer.alloc(65537))]))).toThrow("event of");
    expect(failing(wideWindow)).toThrow("zstd window");
    expect(failing(Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]))).toThrow("out of place");
  });

  test("calls damaged compression by its name, not by the decompressor's", () => {
    const noisy = BYTES.slice();
    noisy.fill(0xff, 160 + 14, 160 + 40);
    expect(failing(noisy)).toThrow(FormatError);
  });
});

describe("parseHeader", () => {
  test("refuses other versions, bad sums and strangers", () => {
    const bytes = headerPayload(0, 0);
    const changed = (at: number, value: number): Uint8Array => {
      const copy = Buffer.from(bytes);
      copy[at] = value;
      return copy;
    };
    expect(() => parseHeader(changed(8, 2))).toThrow("version 2");
    expect(() => parseHeader(changed(0, 1))).toThrow("not a Footlight");
    expect(() => parseHeader(changed(40, 1))).toThrow("checksum");
    expect(() => parseHeader(bytes.subarray(0, 100))).toThrow("too short");
    expect(gap(1, 2, "x").length).toBeGreaterThan(16);
  });
});

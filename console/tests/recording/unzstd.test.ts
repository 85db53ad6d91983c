/** Our decompressor against node's own, over frames of all the kinds that zstd makes. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";

import { FormatError } from "../../src/recording/format";
import { MAX_BLOCK_BYTES, Unzstd } from "../../src/recording/unzstd";
import { SegmentFrames } from "../../src/recording/zstd";
import { headerPayload, withChecksum } from "./segments";

const DATA = join(import.meta.dirname, "../../../tests/data");
const WINDOW_8_MIB = 23;

/** Header and body as SegmentFrames takes them. */
function framed(body: Uint8Array): Uint8Array {
  const payload = headerPayload(0, 0);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x184d2a50, 0);
  head.writeUInt32LE(payload.length, 4);
  return Buffer.concat([head, payload, body]);
}

function unzstd(stored: Uint8Array): { body: Buffer; ended: boolean } {
  const pieces: Uint8Array[] = [];
  let ended = false;
  const frames = new SegmentFrames({
    header: () => undefined,
    body: (piece) => pieces.push(piece.slice()),
    bodyEnd: () => (ended = true),
  });
  frames.push(stored);
  while (frames.step());
  return { body: Buffer.concat(pieces), ended };
}

/** Numbers below `limit`, the same for the same seed. */
function chance(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * limit);
  };
}

/** Bytes like those of screens: runs, text-like noise of few letters, things said before from far and near. */
function screens(length: number, seed: number): Buffer {
  const pick = chance(seed);
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; ) {
    const count = Math.min(1 + pick(pick(4) === 0 ? 200_000 : 300), length - at);
    const kind = pick(5);
    if (kind === 0) bytes.fill(pick(256), at, at + count);
    else if (kind === 1) for (let i = 0; i < count; i++) bytes[at + i] = pick(256);
    else if (kind === 2) for (let i = 0; i < count; i++) bytes[at + i] = 64 + pick(1 + pick(40));
    else if (at > 0) {
      const offset = 1 + pick(kind === 3 ? Math.min(at, 200) : at);
      for (let i = 0; i < count; i++) bytes[at + i] = bytes[at + i - offset];
    }
    at += count;
  }
  return bytes;
}

const same = (stored: Uint8Array, wanted: Uint8Array): void => {
  const { body, ended } = unzstd(framed(stored));
  expect(ended).toBe(true);
  // toEqual would compare millions of bytes one by one.
  expect(body.equals(wanted)).toBe(true);
};

describe("what zstd compressed", () => {
  test.each([-5, 1, 3, 9, 19])("comes back at level %i", (level) => {
    for (const [seed, length] of [0, 1, 2, 3, 50, 300, 5_000, 131_072, 131_073, 1_000_000].entries()) {
      const wanted = screens(length, 10 * seed + level);
      same(zstdCompressSync(wanted, { params: { [constants.ZSTD_c_compressionLevel]: level } }), wanted);
    }
  });

  test("comes back when it is longer than two windows and speaks of what is almost a window away", () => {
    const far = screens(6 * 1024 * 1024, 1);
    const wanted = Buffer.concat([far, far, screens(1_000_000, 2), far]);
    const params = { [constants.ZSTD_c_windowLog]: WINDOW_8_MIB, [constants.ZSTD_c_enableLongDistanceMatching]: 1 };
    const stored = zstdCompressSync(wanted, { params });
    // It does speak of them.
    expect(stored.length).toBeLessThan(zstdCompressSync(far).length * 2);
    same(stored, wanted);
  });

  test("comes back with small windows, over and over again", { timeout: 60_000 }, () => {
    for (const windowLog of [10, 11, 14, 17]) {
      const wanted = screens(3_000_000, windowLog);
      same(zstdCompressSync(wanted, { params: { [constants.ZSTD_c_windowLog]: windowLog } }), wanted);
    }
  });

  test("comes back with a checksum", () => same(zstdCompressSync(screens(9999, 4), withChecksum), screens(9999, 4)));

  test("comes back from the golden recordings", () => {
    let read = 0;
    for (const folder of readdirSync(DATA).filter((name) => /^golden-(0|1-clear)$/.test(name))) {
      for (const file of readdirSync(join(DATA, folder)).filter((name) => name.endsWith(".flseg"))) {
        const bytes = new Uint8Array(readFileSync(join(DATA, folder, file)));
        const { body, ended } = unzstd(bytes);
        expect(ended).toBe(true);
        expect(body.equals(zstdDecompressSync(bytes.subarray(8 + new DataView(bytes.buffer).getUint32(4, true))))).toBe(true);
        read++;
      }
    }
    expect(read).toBeGreaterThan(3);
  });
});

describe("what is harmed", () => {
  test("is refused, or gives no more than blocks can hold, as node's own does", { timeout: 60_000 }, () => {
    const pick = chance(7);
    let refused = 0;
    for (let round = 0; round < 3000; round++) {
      const wanted = screens(200 + pick(4000), round);
      const stored = zstdCompressSync(wanted, withChecksum);
      for (let i = 0; i <= pick(3); i++) stored[9 + pick(stored.length - 13)] = pick(256);
      let got: Buffer | null = null;
      try {
        const { body, ended } = unzstd(framed(stored));
        got = ended ? body : null;
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        refused++;
      }
      let told;
      try {
        told = zstdDecompressSync(stored);
      } catch {
        continue;
      }
      // What node reads whole, checksum and all, is read alike.
      expect(got?.equals(told)).toBe(true);
    }
    expect(refused).toBeGreaterThan(1000);
  });

  test("takes no more memory than two windows and a block, whatever its length", () => {
    const decoder = new Unzstd(1024 * 1024);
    let piece: Uint8Array = new Uint8Array();
    for (let i = 0; i < 400; i++) piece = decoder.repeated(i & 255, MAX_BLOCK_BYTES);
    expect(piece.every((byte) => byte === (399 & 255))).toBe(true);
    expect(piece.buffer.byteLength).toBe(2 * 1024 * 1024 + MAX_BLOCK_BYTES);
  });

  test("may not speak of what is before the window, or before the start", () => {
    // No literals; one sequence of usual tables: its offset is one of the last three, which are 1, 4 and 8.
    const nothing = new Unzstd(1024);
    expect(() => nothing.compressed(Uint8Array.of(0, 1, 0, 0, 0x80, 1))).toThrow(FormatError);
    const far = screens(100_000, 9);
    const stored = zstdCompressSync(Buffer.concat([far, far]), { params: { [constants.ZSTD_c_contentSizeFlag]: 0 } });
    // The same blocks under a head that names a window of 1 KiB.
    expect(stored[4] & 0x20).toBe(0);
    stored[5] = 0;
    expect(() => unzstd(framed(stored))).toThrow("offset is over");
  });
});

import { describe, expect, test } from "vitest";

import { SegmentDecipher } from "../../src/recording/cipher";
import { FormatError, parseHeader } from "../../src/recording/format";
import { SegmentReader } from "../../src/recording/segment";
import { encrypted, header1, record, screen, segment, solid } from "./segments";

const KEY = Uint8Array.from({ length: 32 }, (_, i) => i);
/** Bytes that do not compress. */
function noise(seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: 500_000 }, () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24);
}
const RECORDS = [record(1, 0, screen(4, 4)), record(2, 0, solid(4, 4)), record(77, 1, noise(3)), record(77, 2, noise(5))];
const BYTES = encrypted(3, 1_000_000, RECORDS, KEY);

async function read(pieces: Uint8Array[], key: Uint8Array<ArrayBuffer> | null = KEY): Promise<SegmentReader> {
  const reader = new SegmentReader(() => Promise.resolve(key));
  for (const piece of pieces) await reader.take(piece);
  return reader;
}

function kinds(reader: SegmentReader): number[] {
  const found: number[] = [];
  for (let next = reader.record(0); next !== null; next = reader.record(found.length)) found.push(next.kind);
  return found;
}

describe("SegmentDecipher", () => {
  test("gives the records of an encrypted segment, however its bytes come", async () => {
    for (const size of [BYTES.length, 300_000, 65_536, 9_999]) {
      const pieces = Array.from({ length: Math.ceil(BYTES.length / size) }, (_, i) => BYTES.subarray(i * size, (i + 1) * size));
      const reader = await read(pieces);
      expect(kinds(reader)).toEqual([1, 2, 77, 77]);
      expect(reader.record(3)?.payload).toEqual(noise(5));
      expect([reader.ended, reader.storedBytes]).toEqual([true, BYTES.length]);
      expect(reader.header).toMatchObject({ number: 3, version: 1, encrypted: true, wrappedKey: "wrapped" });
    }
  });

  test("cut anywhere it gives a beginning, quietly", async () => {
    const chunk = 8 + 262144 + 16;
    for (const cut of [0, 7, 100, 197, 200, chunk, chunk + 250, 2 * chunk, BYTES.length - 300]) {
      const reader = await read([BYTES.subarray(0, cut)]);
      expect([1, 2, 77, 77].slice(0, kinds(reader).length)).toEqual(kinds(reader));
    }
  });

  test("refuses changed bytes, another key and none", async () => {
    const header = 8 + header1(3, 0, new Uint8Array(32)).length;
    for (const at of [header + 20, header + 8 + 262144 + 16 + 30, header + 8]) {
      const changed = BYTES.slice();
      changed[at] ^= 1;
      await expect(read([changed])).rejects.toThrow("decryption fails");
    }
    await expect(read([BYTES], new Uint8Array(32))).rejects.toThrow("decryption fails");
    await expect(read([BYTES], new Uint8Array(31))).rejects.toThrow("32 bytes");
    await expect(read([BYTES], null)).rejects.toThrow("not at hand");
    const reader = new SegmentReader();
    reader.append(BYTES);
    expect(() => reader.record(0)).toThrow("segment is encrypted");
  });

  test("refuses chunks of another form", async () => {
    const header = 8 + header1(3, 0, new Uint8Array(32)).length;
    for (const [at, value] of [[0, 0x51], [4, 0xff], [7, 0xff]]) {
      const changed = BYTES.slice();
      changed[header + at] = value;
      await expect(read([changed])).rejects.toThrow("no known form");
    }
    await expect(read([Uint8Array.from({ length: 200 }, () => 9)])).rejects.toThrow("out of place");
  });

  test("takes the chunks in their order only", async () => {
    const header = 8 + header1(3, 0, new Uint8Array(32)).length;
    const chunk = 8 + 262144 + 16;
    const swapped = BYTES.slice();
    swapped.set(BYTES.subarray(header + chunk, header + 2 * chunk), header);
    await expect(read([swapped])).rejects.toThrow("decryption fails");
  });

  test("passes on what is not encrypted", async () => {
    const clear = segment(0, 0, RECORDS);
    const decipher = new SegmentDecipher(() => Promise.reject(new Error("asked")));
    const out = [...(await decipher.push(clear.subarray(0, 500))), ...(await decipher.push(clear.subarray(500)))];
    expect(Buffer.concat(out)).toEqual(Buffer.from(clear));
  });
});

test("odd headers of version 1 are refused", () => {
  expect(parseHeader(header1(1, 5, null))).toMatchObject({ version: 1, encrypted: false, wrappedKey: "" });
  for (const [at, value] of [[8, 2], [10, 1], [144, 3], [147, 1], [180, 3], [181, 9], [30, 5]]) {
    const payload = header1(1, 5, new Uint8Array(32));
    payload[at] ^= value;
    expect(() => parseHeader(payload)).toThrow(FormatError);
  }
});

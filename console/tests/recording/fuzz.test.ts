/**
 * Harmed recordings: the reader gives a beginning or says what is wrong; it never hangs, crashes or fills the memory.
 *
 * A seeded sample is made here. More: `python fuzz/reader.py --count 20000 --keep DIR`, then these tests with
 * FOOTLIGHT_FUZZ_CASES=DIR read every file of every case.
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { FormatError } from "../../src/recording/format";
import { Picture } from "../../src/recording/picture";
import { MAX_HELD_BYTES, SegmentReader } from "../../src/recording/segment";
import { RfbError } from "../../src/rfb/framebuffer";

const DATA = join(import.meta.dirname, "../../../tests/data");
const CASES = process.env["FOOTLIGHT_FUZZ_CASES"];
const ROUNDS = 400;
const KEY = new Uint8Array(Buffer.from("footlight golden data key, 32 by"));
/** Once through 256 MiB of the smallest records takes seconds. */
const CASE_LIMIT_MS = 20_000;

/** Numbers below `limit`, the same for the same seed. */
function chance(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * limit);
  };
}

function harmed(bytes: Uint8Array, pick: (limit: number) => number): Uint8Array {
  const [a, b] = [pick(bytes.length), pick(bytes.length)].sort((one, other) => one - other);
  switch (pick(4)) {
    case 0:
      return bytes.slice(0, a);
    case 1:
      return Buffer.concat([bytes.subarray(0, a), bytes.subarray(b)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, b), bytes.subarray(a, b), bytes.subarray(b)]);
    default: {
      const copy = bytes.slice();
      for (let i = 0; i <= pick(6); i++) copy[pick(pick(2) === 0 ? 400 : copy.length)] = pick(256);
      return copy;
    }
  }
}

async function readAll(bytes: Uint8Array, pieces: number): Promise<void> {
  const began = performance.now();
  const reader = new SegmentReader(() => Promise.resolve(KEY));
  try {
    const size = Math.ceil(bytes.length / pieces);
    for (let at = 0; at < bytes.length; at += size) {
      await reader.take(bytes.subarray(at, at + size));
      new Picture(reader).advance(0);
    }
    new Picture(reader).advance(Number.MAX_SAFE_INTEGER);
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof RfbError)) throw error;
  }
  expect(reader.heldBytes).toBeLessThanOrEqual(MAX_HELD_BYTES + 131072);
  expect(performance.now() - began).toBeLessThan(CASE_LIMIT_MS);
}

test("a seeded sample of harmed segments", { timeout: 120_000 }, async () => {
  const pick = chance(2026);
  const files = readdirSync(DATA)
    .filter((name) => name.startsWith("golden-"))
    .flatMap((name) => readdirSync(join(DATA, name)).map((file) => join(DATA, name, file)))
    .filter((path) => /\.(flseg|open)$/.test(path));
  expect(files.length).toBeGreaterThan(6);
  const golden = files.map((path) => new Uint8Array(readFileSync(path)));
  for (let round = 0; round < ROUNDS; round++) {
    await readAll(harmed(golden[round % golden.length], pick), 1 + pick(3));
  }
});

test.runIf(CASES !== undefined && existsSync(CASES))("all cases of a folder", { timeout: 3_600_000 }, async () => {
  let read = 0;
  for (const name of readdirSync(CASES ?? "")) {
    for (const file of readdirSync(join(CASES ?? "", name))) {
      if (!/\.(flseg|open)$/.test(file)) continue;
      await readAll(new Uint8Array(readFileSync(join(CASES ?? "", name, file))), 2);
      read++;
    }
  }
  expect(read).toBeGreaterThan(0);
});

/** One segment, read as its bytes come: stored bytes in, records out. */

import { FormatError, parseHeader, RecordCutter, type SegmentHeader, type StoredRecord } from "./format";
import { SegmentFrames } from "./zstd";

/** Decompressed bytes that one segment may hold in memory; writers stop at 96 MiB (format.md section 10). */
export const MAX_HELD_BYTES = 256 * 1024 * 1024;

/**
 * Keeps the records of one segment that have been asked for so far. Decoding is lazy: record(i)
 * decompresses as much as it needs. Bytes may be appended at any time while the segment is open.
 */
export class SegmentReader {
  header: SegmentHeader | null = null;
  /** Stored bytes taken so far: where the next ones continue. */
  storedBytes = 0;
  /** In how many pieces they came. */
  pieces = 0;
  /** Whether the end of the body has been read. */
  ended = false;
  /** Whether decoding has come to the last byte so far without the body's end. */
  starved = false;
  /** Decompressed bytes held. */
  heldBytes = 0;

  private readonly records: StoredRecord[] = [];
  private readonly cutter = new RecordCutter();
  private readonly frames: SegmentFrames;

  constructor() {
    this.frames = new SegmentFrames({
      header: (payload) => (this.header = parseHeader(payload)),
      body: (piece) => {
        this.heldBytes += piece.length;
        if (this.heldBytes > MAX_HELD_BYTES) throw new FormatError("segment is too large to play here");
        this.cutter.push(piece);
      },
      bodyEnd: () => (this.ended = true),
    });
  }

  append(piece: Uint8Array): void {
    this.frames.push(piece);
    this.storedBytes += piece.length;
    this.pieces++;
    this.starved = false;
  }

  /** The record with that index, or null when the bytes so far do not hold it. Throws FormatError. */
  record(index: number): StoredRecord | null {
    while (this.records.length <= index) {
      const next = this.cutter.next();
      if (next !== null) this.records.push(next);
      else if (!this.frames.step()) {
        this.starved = !this.ended;
        return null;
      }
    }
    return this.records[index];
  }

  /** Time of the last record that the bytes so far hold, ns since the segment's first instant. */
  lastNs(): number {
    let last = this.records.length;
    while (this.record(last) !== null) last++;
    return last === 0 ? 0 : this.records[last - 1].atNs;
  }
}

/** One segment, read as its bytes come: stored bytes in, records out. */

import { type DataKey, SegmentDecipher } from "./cipher";
import { FormatError, parseHeader, RecordCutter, type SegmentHeader, type StoredRecord } from "./format";
import { SegmentFrames } from "./zstd";

/** Decompressed bytes that one segment may hold in memory; writers stop at 96 MiB (format.md section 11). */
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

  private readonly decipher: SegmentDecipher | null;

  /** `dataKey`: what `take` decrypts with. `whileOpen`: its first bytes are of an open segment. */
  constructor(
    dataKey: DataKey | null = null,
    readonly whileOpen = false,
  ) {
    this.decipher = dataKey === null ? null : new SegmentDecipher(dataKey);
    this.frames = new SegmentFrames({
      header: (payload) => {
        this.header = parseHeader(payload);
        if (this.header.encrypted && this.decipher === null) throw new FormatError("segment is encrypted");
      },
      body: (piece) => {
        this.heldBytes += piece.length;
        if (this.heldBytes > MAX_HELD_BYTES) throw new FormatError("segment is too large to play here");
        this.cutter.push(piece);
      },
      bodyEnd: () => (this.ended = true),
    });
  }

  /** Bytes of memory taken, all in all but the stored ones. */
  get keptBytes(): number {
    return this.heldBytes + this.frames.bufferBytes;
  }

  /** Add stored bytes of a segment that is not encrypted. */
  append(piece: Uint8Array): void {
    this.add(piece.length, [piece]);
  }

  /** Add stored bytes, decrypted where they are encrypted. Throws FormatError. */
  async take(piece: Uint8Array): Promise<void> {
    this.add(piece.length, this.decipher === null ? [piece] : await this.decipher.push(piece));
  }

  private add(storedBytes: number, clear: Uint8Array[]): void {
    for (const piece of clear) this.frames.push(piece);
    this.storedBytes += storedBytes;
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

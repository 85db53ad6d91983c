/**
 * The frames of a segment file, walked as the bytes come (RFC 8878; format.md section 2).
 *
 * The blocks of the zstd frame are counted here and handed on whole, so that a torn tail is never
 * offered to the decompressor and the frame's end is known exactly.
 */

import { ByteQueue } from "./bytes";
import {
  FormatError,
  MAGIC_HEADER,
  MAGIC_INDEX,
  MAGIC_SEAL,
  MAGIC_ZSTD,
  MAX_HEADER_BYTES,
  MAX_INDEX_BYTES,
  MAX_WINDOW_BYTES,
} from "./format";
import { MAX_BLOCK_BYTES, Unzstd } from "./unzstd";

const MAX_FRAME_HEAD_BYTES = 18;
const RESERVED_BIT = 8;

/** What comes out of a segment file, in this order. */
export interface SegmentParts {
  header(payload: Uint8Array): void;
  body(piece: Uint8Array): void;
  /** The body is whole; what follows is index and seal. */
  bodyEnd(): void;
}

type State = "header" | "frame" | "blocks" | "checksum" | "tail";

/** Takes the stored bytes in any pieces; decompresses block by block as asked. */
export class SegmentFrames {
  private readonly waiting = new ByteQueue();
  private unzstd: Unzstd | null = null;
  private state: State = "header";
  private hasChecksum = false;

  constructor(private readonly parts: SegmentParts) {}

  /** Bytes of memory that decompressing takes until the body's end. */
  get bufferBytes(): number {
    return this.unzstd?.size ?? 0;
  }

  /** Add stored bytes. Nothing is decoded yet. */
  push(piece: Uint8Array): void {
    this.waiting.push(piece);
  }

  /** Decode one step (a head or a block). False: more bytes are needed. Throws FormatError. */
  step(): boolean {
    switch (this.state) {
      case "header":
        return this.stepSkippable(MAGIC_HEADER, MAX_HEADER_BYTES);
      case "frame":
        return this.stepFrameHead();
      case "blocks":
        return this.stepBlock();
      case "checksum":
        return this.stepChecksum();
      case "tail":
        return this.stepTail();
    }
  }

  private stepSkippable(wanted: number | null, limit: number): boolean {
    const head = this.waiting.peek(8);
    if (head === null) return false;
    const view = new DataView(head.buffer, head.byteOffset, 8);
    const magic = view.getUint32(0, true);
    const length = view.getUint32(4, true);
    const known = wanted === null ? magic === MAGIC_INDEX || magic === MAGIC_SEAL : magic === wanted;
    if (!known) throw new FormatError(`frame magic ${magic.toString(16)} is out of place`);
    if (length > limit) throw new FormatError(`frame of ${length} bytes`);
    const frame = this.waiting.take(8 + length);
    if (frame === null) return false;
    if (wanted === MAGIC_HEADER) {
      this.parts.header(frame.subarray(8));
      this.state = "frame";
    }
    return true;
  }

  private stepTail(): boolean {
    return this.stepSkippable(null, MAX_INDEX_BYTES);
  }

  private stepFrameHead(): boolean {
    const start = this.waiting.peek(5);
    if (start === null) return false;
    if (new DataView(start.buffer, start.byteOffset, 4).getUint32(0, true) !== MAGIC_ZSTD) {
      throw new FormatError("the body is not a zstd frame");
    }
    const { length, windowAt, sizeAt, sizeBytes, checksum } = frameHeadShape(start[4]);
    const head = this.waiting.peek(length);
    if (head === null || length > MAX_FRAME_HEAD_BYTES) return false;
    if ((start[4] & RESERVED_BIT) !== 0) throw new FormatError("zstd frame sets a reserved bit");
    const window = windowAt === null ? littleEndian(head, sizeAt, sizeBytes) : windowBytes(head[windowAt]);
    if (window > MAX_WINDOW_BYTES) throw new FormatError(`zstd window of ${window} bytes`);
    this.hasChecksum = checksum;
    this.state = "blocks";
    this.waiting.take(length);
    this.unzstd = new Unzstd(window);
    return true;
  }

  private stepBlock(): boolean {
    const head = this.waiting.peek(3);
    if (head === null || this.unzstd === null) return false;
    const word = head[0] | (head[1] << 8) | (head[2] << 16);
    const last = (word & 1) === 1;
    const type = (word >> 1) & 3;
    const size = word >> 3;
    if (type === 3 || size > MAX_BLOCK_BYTES) throw new FormatError("zstd block is not valid");
    const bytes = this.waiting.take(3 + (type === 1 ? 1 : size))?.subarray(3);
    if (bytes === undefined) return false;
    if (type === 0) this.parts.body(this.unzstd.raw(bytes));
    else if (type === 1) this.parts.body(this.unzstd.repeated(bytes[0], size));
    else this.parts.body(this.unzstd.compressed(bytes));
    if (last) {
      this.unzstd = null;
      this.state = this.hasChecksum ? "checksum" : "tail";
      if (!this.hasChecksum) this.parts.bodyEnd();
    }
    return true;
  }

  private stepChecksum(): boolean {
    if (this.waiting.take(4) === null) return false;
    this.state = "tail";
    this.parts.bodyEnd();
    return true;
  }
}

/** Where the fields of a zstd frame head stand, from its descriptor byte (RFC 8878 section 3.1.1.1). */
function frameHeadShape(descriptor: number) {
  const single = (descriptor & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3];
  const sizeFlag = descriptor >> 6;
  const sizeBytes = sizeFlag === 0 ? (single ? 1 : 0) : 1 << sizeFlag;
  const windowAt = single ? null : 5;
  const sizeAt = 5 + (single ? 0 : 1) + dictionary;
  return { length: sizeAt + sizeBytes, windowAt, sizeAt, sizeBytes, checksum: (descriptor & 4) !== 0 };
}

function windowBytes(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function littleEndian(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = count - 1; i >= 0; i--) value = value * 256 + bytes[at + i];
  return count === 2 ? value + 256 : value;
}

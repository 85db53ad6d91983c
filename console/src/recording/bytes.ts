/** Bytes that arrive in pieces and are taken from the front. */

/** A growing buffer: append at the end, take from the front. What was taken stays valid. */
export class ByteQueue {
  private buffer: Uint8Array<ArrayBuffer> = new Uint8Array(64 * 1024);
  private start = 0;
  private end = 0;

  /** Bytes waiting. */
  get length(): number {
    return this.end - this.start;
  }

  push(piece: Uint8Array): void {
    if (this.end + piece.length > this.buffer.length) this.makeRoom(piece.length);
    this.buffer.set(piece, this.end);
    this.end += piece.length;
  }

  /** The first `count` bytes without taking them, or null when fewer wait. Valid until the next push. */
  peek(count: number): Uint8Array | null {
    return this.length < count ? null : this.buffer.subarray(this.start, this.start + count);
  }

  /** Take the first `count` bytes as a copy, or null when fewer wait. */
  take(count: number): Uint8Array | null {
    if (this.length < count) return null;
    const taken = this.buffer.slice(this.start, this.start + count);
    this.start += count;
    return taken;
  }

  private makeRoom(extra: number): void {
    const waiting = this.buffer.subarray(this.start, this.end);
    const size = waiting.length + extra;
    // A new buffer only when the old one is too small: moving within it is cheaper.
    const target = size * 2 > this.buffer.length ? new Uint8Array(size * 2) : this.buffer;
    if (target === this.buffer) target.copyWithin(0, this.start, this.end);
    else target.set(waiting);
    this.buffer = target;
    this.end = waiting.length;
    this.start = 0;
  }
}

/** An unsigned 64-bit little-endian number. Exact below 2^53: recording times in ns reach 104 days. */
export function readU64(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * 4294967296 + view.getUint32(at, true);
}

/** Sixteen bytes in RFC 4122 order as a lower-case GUID. */
export function guidText(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}

let crcTable: Uint32Array | null = null;

/** CRC-32 as zlib counts it. */
export function crc32(bytes: Uint8Array): number {
  crcTable ??= Uint32Array.from({ length: 256 }, (_, n) => {
    for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    return n >>> 0;
  });
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

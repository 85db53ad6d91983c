/**
 * ZRLE rectangles with the zlib layer already undone (RFC 6143 section 7.7.6; format.md section 4):
 * tiles of 64 by 64 pixels, each with a subencoding byte; a CPIXEL is three bytes blue, green, red.
 *
 * | subencoding | tile |
 * |---|---|
 * | 0 | raw CPIXELs |
 * | 1 | one CPIXEL for all |
 * | 2 to 16 | packed palette: 1, 2 or 4 bits a pixel, rows padded to whole bytes |
 * | 128 | runs: CPIXEL and length |
 * | 130 to 255 | palette of subencoding - 128, runs of palette indices |
 */

import { RfbError, type Framebuffer, type Rectangle } from "./framebuffer";

const TILE = 64;

/** Draw the rectangle whose length stands at `offset`; gives the offset behind it. */
export function decodeZrle(frame: Framebuffer, rect: Rectangle, bytes: Uint8Array, offset: number): number {
  if (offset + 4 > bytes.length) throw new RfbError("ZRLE rectangle is cut short", offset);
  const length = new DataView(bytes.buffer, bytes.byteOffset + offset, 4).getUint32(0);
  const end = offset + 4 + length;
  if (end > bytes.length) throw new RfbError("ZRLE rectangle is cut short", offset);
  const tiles = new Tiles(frame, bytes, offset + 4, end);
  for (let y = 0; y < rect.height; y += TILE) {
    const height = Math.min(TILE, rect.height - y);
    for (let x = 0; x < rect.width; x += TILE) {
      tiles.draw(rect.x + x, rect.y + y, Math.min(TILE, rect.width - x), height);
    }
  }
  return end;
}

/** Reads tile after tile. `at` is the next byte; nothing is read at or behind `end`. */
class Tiles {
  private readonly palette = new Uint32Array(128);

  constructor(
    private readonly frame: Framebuffer,
    private readonly bytes: Uint8Array,
    private at: number,
    private readonly end: number,
  ) {}

  draw(x: number, y: number, width: number, height: number): void {
    this.need(1);
    const kind = this.bytes[this.at++];
    const first = y * this.frame.width + x;
    if (kind === 0) this.raw(first, width, height);
    else if (kind === 1) this.solid(first, width, height);
    else if (kind <= 16) this.packed(first, width, height, kind);
    else if (kind === 128) this.runs(first, width, height);
    else if (kind >= 130) this.paletteRuns(first, width, height, kind - 128);
    else throw new RfbError(`ZRLE subencoding ${kind}`, this.at - 1);
  }

  private need(count: number): void {
    if (this.at + count > this.end) throw new RfbError("ZRLE tile is cut short", this.at);
  }

  private pixel(): number {
    this.need(3);
    const { bytes, at } = this;
    this.at = at + 3;
    return (0xff000000 | (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2]) >>> 0;
  }

  private readPalette(size: number): void {
    for (let i = 0; i < size; i++) this.palette[i] = this.pixel();
  }

  private raw(first: number, width: number, height: number): void {
    this.need(width * height * 3);
    const { bytes } = this;
    const { pixels, width: stride } = this.frame;
    let o = this.at;
    for (let row = 0; row < height; row++) {
      let p = first + row * stride;
      for (const stop = p + width; p < stop; o += 3) {
        pixels[p++] = 0xff000000 | (bytes[o] << 16) | (bytes[o + 1] << 8) | bytes[o + 2];
      }
    }
    this.at = o;
  }

  private solid(first: number, width: number, height: number): void {
    const colour = this.pixel();
    const { pixels, width: stride } = this.frame;
    for (let row = 0; row < height; row++) {
      const p = first + row * stride;
      pixels.fill(colour, p, p + width);
    }
  }

  private packed(first: number, width: number, height: number, size: number): void {
    this.readPalette(size);
    const bits = size === 2 ? 1 : size <= 4 ? 2 : 4;
    const mask = (1 << bits) - 1;
    const rowBytes = Math.ceil((width * bits) / 8);
    this.need(rowBytes * height);
    const { bytes, palette } = this;
    const { pixels, width: stride } = this.frame;
    for (let row = 0; row < height; row++) {
      let p = first + row * stride;
      const stop = p + width;
      for (let o = this.at; p < stop; o++) {
        const byte = bytes[o];
        for (let shift = 8 - bits; shift >= 0 && p < stop; shift -= bits) {
          const index = (byte >> shift) & mask;
          if (index >= size) throw new RfbError("ZRLE palette index out of range", o);
          pixels[p++] = palette[index];
        }
      }
      this.at += rowBytes;
    }
  }

  private runLength(): number {
    let length = 1;
    for (;;) {
      this.need(1);
      const byte = this.bytes[this.at++];
      length += byte;
      if (byte !== 255) return length;
    }
  }

  private runs(first: number, width: number, height: number): void {
    const area = width * height;
    for (let done = 0; done < area; ) {
      const colour = this.pixel();
      done = this.paint(first, width, area, done, colour, this.runLength());
    }
  }

  private paletteRuns(first: number, width: number, height: number, size: number): void {
    this.readPalette(size);
    const area = width * height;
    for (let done = 0; done < area; ) {
      this.need(1);
      const byte = this.bytes[this.at++];
      const index = byte & 127;
      if (index >= size) throw new RfbError("ZRLE palette index out of range", this.at - 1);
      const length = byte & 128 ? this.runLength() : 1;
      done = this.paint(first, width, area, done, this.palette[index], length);
    }
  }

  /** Paint a run that may wrap over tile rows; gives how many pixels of the tile are done. */
  private paint(first: number, width: number, area: number, done: number, colour: number, length: number): number {
    const stop = done + length;
    if (stop > area) throw new RfbError("ZRLE run leaves its tile", this.at);
    const { pixels, width: stride } = this.frame;
    while (done < stop) {
      const column = done % width;
      const count = Math.min(width - column, stop - done);
      const p = first + ((done - column) / width) * stride + column;
      pixels.fill(colour, p, p + count);
      done += count;
    }
    return done;
  }
}

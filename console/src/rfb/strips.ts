/**
 * Strips: our own encoding of rectangles in sealed segments (format.md section 4). Four bytes of head: order, height
 * of a strip, rows above the first of that height, 0; then three bytes a pixel: blue, green, red.
 */

import { RfbError, type Framebuffer, type Rectangle } from "./framebuffer";

const HEAD_BYTES = 4;
const LINES = 0;
const STRIPS = 1;

/** Draw the rectangle whose head starts at `offset`; gives the offset behind it. */
export function decodeStrips(frame: Framebuffer, rect: Rectangle, bytes: Uint8Array, offset: number): number {
  const start = offset + HEAD_BYTES;
  const end = start + rect.width * rect.height * 3;
  if (end > bytes.length) throw new RfbError("strips are cut short", offset);
  const [order, strip, first, zero] = bytes.subarray(offset, start);
  if (zero !== 0 || order > STRIPS || (order === STRIPS) !== strip > 0 || first > strip) {
    throw new RfbError(`strips of order ${order}, ${strip}, ${first}`, offset);
  }
  if (order === LINES) drawLines(frame, rect, bytes, start);
  else drawStrips(frame, rect, bytes, start, strip, first);
  return end;
}

/** Row by row, each colour as its difference to the pixel to the left. */
function drawLines(frame: Framebuffer, rect: Rectangle, bytes: Uint8Array, start: number): void {
  const { pixels, width: stride } = frame;
  let o = start;
  for (let row = 0; row < rect.height; row++) {
    let p = (rect.y + row) * stride + rect.x;
    let blue = 0;
    let green = 0;
    let red = 0;
    for (let column = 0; column < rect.width; column++, o += 3) {
      blue = (blue + bytes[o]) & 255;
      green = (green + bytes[o + 1]) & 255;
      red = (red + bytes[o + 2]) & 255;
      pixels[p++] = 0xff000000 | (blue << 16) | (green << 8) | red;
    }
  }
}

/**
 * Strip by strip from the top, in each the pixels column by column. They are drawn row by row, so that writes go on
 * where the last one ended. A pixel is read as one big-endian word that begins a byte before it: its bytes then
 * stand as the picture wants them. Before the first one is the head.
 */
function drawStrips(
  frame: Framebuffer,
  rect: Rectangle,
  bytes: Uint8Array,
  start: number,
  strip: number,
  first: number,
): void {
  const { pixels, width: stride } = frame;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let o = start - 1;
  for (let top = 0, height = first || strip; top < rect.height; top += height, height = strip) {
    const rows = Math.min(height, rect.height - top);
    const step = rows * 3;
    for (let row = 0; row < rows; row++) {
      let p = (rect.y + top + row) * stride + rect.x;
      const end = p + rect.width;
      for (let q = o + row * 3; p < end; q += step) pixels[p++] = view.getInt32(q) | 0xff000000;
    }
    o += rect.width * step;
  }
}

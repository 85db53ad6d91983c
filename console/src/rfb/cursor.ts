/** Cursor pseudo-rectangles: the pointer's shape (RFC 6143 section 7.8.1). */

import { fromBgr, RfbError, type Rectangle } from "./framebuffer";

/** A pointer's shape: canvas-order pixels, transparent where the mask is clear; the hot spot within it. */
export interface Cursor {
  hotX: number;
  hotY: number;
  width: number;
  height: number;
  pixels: Uint32Array;
}

/** The shape at `offset` and the offset behind it. */
export function decodeCursor(rect: Rectangle, bytes: Uint8Array, offset: number): { cursor: Cursor; end: number } {
  const area = rect.width * rect.height;
  const rowBytes = Math.ceil(rect.width / 8);
  const mask = offset + area * 4;
  const end = mask + rowBytes * rect.height;
  if (end > bytes.length) throw new RfbError("cursor is cut short", offset);
  const pixels = new Uint32Array(area);
  for (let row = 0; row < rect.height; row++) {
    for (let column = 0; column < rect.width; column++) {
      const visible = (bytes[mask + row * rowBytes + (column >> 3)] >> (7 - (column & 7))) & 1;
      const i = row * rect.width + column;
      const o = offset + i * 4;
      if (visible) pixels[i] = fromBgr(bytes[o], bytes[o + 1], bytes[o + 2]);
    }
  }
  return { cursor: { hotX: rect.x, hotY: rect.y, width: rect.width, height: rect.height, pixels }, end };
}

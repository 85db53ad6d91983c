/** Raw rectangles: width * height pixels of four bytes (RFC 6143 section 7.7.1). */

import { RfbError, type Framebuffer, type Rectangle } from "./framebuffer";

/** Draw the rectangle whose pixels start at `offset`; gives the offset behind it. */
export function decodeRaw(frame: Framebuffer, rect: Rectangle, bytes: Uint8Array, offset: number): number {
  const end = offset + rect.width * rect.height * 4;
  if (end > bytes.length) throw new RfbError("raw rectangle is cut short", offset);
  const { pixels, width: stride } = frame;
  let o = offset;
  for (let row = 0; row < rect.height; row++) {
    let p = (rect.y + row) * stride + rect.x;
    for (let column = 0; column < rect.width; column++, o += 4) {
      pixels[p++] = 0xff000000 | (bytes[o] << 16) | (bytes[o + 1] << 8) | bytes[o + 2];
    }
  }
  return end;
}

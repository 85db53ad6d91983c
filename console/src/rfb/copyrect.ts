/** CopyRect rectangles: a piece of the picture moved (RFC 6143 section 7.7.2). */

import { RfbError, type Framebuffer, type Rectangle } from "./framebuffer";

/** Copy from the source named at `offset`; gives the offset behind it. Source and target may overlap. */
export function decodeCopyRect(frame: Framebuffer, rect: Rectangle, bytes: Uint8Array, offset: number): number {
  if (offset + 4 > bytes.length) throw new RfbError("copy rectangle is cut short", offset);
  const fromX = (bytes[offset] << 8) | bytes[offset + 1];
  const fromY = (bytes[offset + 2] << 8) | bytes[offset + 3];
  if (fromX + rect.width > frame.width || fromY + rect.height > frame.height) {
    throw new RfbError("copy rectangle reads outside the screen", offset);
  }
  const { pixels, width: stride } = frame;
  // Rows are taken from the far end first when the copy goes down, so that none is overwritten unread.
  const down = rect.y > fromY;
  for (let i = 0; i < rect.height; i++) {
    const row = down ? rect.height - 1 - i : i;
    const from = (fromY + row) * stride + fromX;
    pixels.copyWithin((rect.y + row) * stride + rect.x, from, from + rect.width);
  }
  return offset + 4;
}

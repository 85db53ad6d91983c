/** One stored update: a rectangle count and rectangles (format.md sections 3 and 4). */

import { decodeCopyRect } from "./copyrect";
import { decodeCursor, type Cursor } from "./cursor";
import { RfbError, type Framebuffer, type Rectangle } from "./framebuffer";
import { decodeRaw } from "./raw";
import { decodeStrips } from "./strips";
import { decodeZrle } from "./zrle";

const RAW = 0;
const COPY_RECT = 1;
const ZRLE = 16;
const STRIPS = 4096;
const CURSOR = -239;
const HEAD_BYTES = 12;

/**
 * Draw an update's payload into the picture. Gives the last pointer shape in it, or null.
 * The pointer is not drawn: the X server has it in the picture already (format.md section 4).
 */
export function applyUpdate(frame: Framebuffer, payload: Uint8Array): Cursor | null {
  if (payload.length < 2) throw new RfbError("update is cut short", 0);
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const count = view.getUint16(0, true);
  let cursor: Cursor | null = null;
  let at = 2;
  for (let i = 0; i < count; i++) {
    if (at + HEAD_BYTES > payload.length) throw new RfbError("rectangle head is cut short", at);
    const rect = rectangleAt(view, at);
    at += HEAD_BYTES;
    if (rect.encoding === CURSOR) {
      const shape = decodeCursor(rect, payload, at);
      cursor = shape.cursor;
      at = shape.end;
    } else {
      at = drawRectangle(frame, rect, payload, at);
    }
  }
  if (at !== payload.length) throw new RfbError("bytes behind the last rectangle", at);
  return cursor;
}

function rectangleAt(view: DataView, at: number): Rectangle {
  return {
    x: view.getUint16(at),
    y: view.getUint16(at + 2),
    width: view.getUint16(at + 4),
    height: view.getUint16(at + 6),
    encoding: view.getInt32(at + 8),
  };
}

function drawRectangle(frame: Framebuffer, rect: Rectangle, payload: Uint8Array, at: number): number {
  if (rect.x + rect.width > frame.width || rect.y + rect.height > frame.height) {
    throw new RfbError("rectangle leaves the screen", at - HEAD_BYTES);
  }
  frame.touch(rect.x, rect.y, rect.width, rect.height);
  switch (rect.encoding) {
    case RAW:
      return decodeRaw(frame, rect, payload, at);
    case COPY_RECT:
      return decodeCopyRect(frame, rect, payload, at);
    case ZRLE:
      return decodeZrle(frame, rect, payload, at);
    case STRIPS:
      return decodeStrips(frame, rect, payload, at);
    default:
      throw new RfbError(`encoding ${rect.encoding} is not stored in a recording`, at - 4);
  }
}

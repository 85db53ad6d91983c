/** Puts pictures on a canvas; nothing else. */

import type { Framebuffer } from "../rfb/framebuffer";

export interface Painter {
  (frame: Framebuffer): void;
  /** The picture drawn last, or null. */
  last(): Framebuffer | null;
}

/** Draws a framebuffer's changed part, and all of it when it is another one than before. */
export function painter(canvas: OffscreenCanvas): Painter {
  const context = canvas.getContext("2d", { alpha: false });
  if (context === null) throw new Error("This browser can't draw on a canvas in a worker.");
  let drawn: Framebuffer | null = null;
  let image: ImageData | null = null;
  const paint = (frame: Framebuffer): void => {
    if (frame !== drawn || image === null) {
      if (canvas.width !== frame.width || canvas.height !== frame.height) {
        canvas.width = frame.width;
        canvas.height = frame.height;
      }
      image = new ImageData(new Uint8ClampedArray(frame.pixels.buffer), frame.width, frame.height);
      drawn = frame;
      frame.touch(0, 0, frame.width, frame.height);
    }
    const damage = frame.takeDamage();
    if (damage === null) return;
    const { left, top, right, bottom } = damage;
    context.putImageData(image, 0, 0, left, top, right - left, bottom - top);
  };
  return Object.assign(paint, { last: () => drawn });
}

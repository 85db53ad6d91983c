/** A picture as the decoders write it and a canvas takes it. */

/** Limits of format.md section 10. */
export const MAX_SIDE = 16384;
export const MAX_PIXELS = 67108864;

/** Bytes that do not follow the specification; `offset` counts within the payload being decoded. */
export class RfbError extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(`${message} (at byte ${offset})`);
    this.name = "RfbError";
  }
}

/** One rectangle's head as it stands on the wire (RFC 6143 section 7.6.1). */
export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
  encoding: number;
}

/** Where the picture has changed since it was last drawn: pixels, right and bottom exclusive. */
export interface Damage {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Pixels in the order of a canvas (bytes R, G, B, A; A always 255), row by row. */
export class Framebuffer {
  readonly pixels: Uint32Array<ArrayBuffer>;
  private damage: Damage | null = null;

  /** A black picture. Throws RfbError over the limits of format.md section 10. */
  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS) {
      throw new RfbError(`screen of ${width} by ${height} pixels`, 0);
    }
    this.pixels = new Uint32Array(width * height).fill(BLACK);
    this.touch(0, 0, width, height);
  }

  /** Remember that a rectangle has changed. */
  touch(x: number, y: number, width: number, height: number): void {
    const d = this.damage;
    if (d === null) {
      this.damage = { left: x, top: y, right: x + width, bottom: y + height };
      return;
    }
    d.left = Math.min(d.left, x);
    d.top = Math.min(d.top, y);
    d.right = Math.max(d.right, x + width);
    d.bottom = Math.max(d.bottom, y + height);
  }

  /** The box around all changes since the last call, or null. */
  takeDamage(): Damage | null {
    const damage = this.damage;
    this.damage = null;
    return damage;
  }

  /** The picture as bytes R, G, B, row by row: what hashes are made of. */
  rgb(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.pixels.length * 3);
    for (let i = 0, o = 0; i < this.pixels.length; i++, o += 3) {
      const pixel = this.pixels[i];
      bytes[o] = pixel & 0xff;
      bytes[o + 1] = (pixel >>> 8) & 0xff;
      bytes[o + 2] = (pixel >>> 16) & 0xff;
    }
    return bytes;
  }
}

/** Black in canvas order. */
export const BLACK = 0xff000000;

/** A stored pixel (bytes blue, green, red, unused) in canvas order. */
export function fromBgr(blue: number, green: number, red: number): number {
  return (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0;
}

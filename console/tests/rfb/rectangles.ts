/** Bytes of updates for tests, in the stored layout (docs/format.md section 4). */

const be16 = (n: number): number[] => [n >> 8, n & 255];
export const be32 = (n: number): number[] => [...be16(n >>> 16), ...be16(n & 0xffff)];

export function rectangle(x: number, y: number, w: number, h: number, encoding: number, body: number[]): number[] {
  return [...be16(x), ...be16(y), ...be16(w), ...be16(h), ...be32(encoding >>> 0), ...body];
}

export function update(...rectangles: number[][]): Uint8Array {
  return Uint8Array.from([rectangles.length & 255, rectangles.length >> 8, ...rectangles.flat()]);
}

/** A ZRLE rectangle's body from its inflated tiles. */
export const zrle = (tiles: number[]): number[] => [...be32(tiles.length), ...tiles];

export const RED = 0xff0000ff;
export const GREEN = 0xff00ff00;
export const BLUE = 0xffff0000;
/** CPIXELs: blue, green, red. */
export const red = [0, 0, 255];
export const green = [0, 255, 0];
export const blue = [255, 0, 0];

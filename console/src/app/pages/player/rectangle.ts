/** From places on the page to pixels of the picture, which is shown as large as fits and in the middle. */

import type { Box } from "../../../player/region";

export interface Point {
  x: number;
  y: number;
}

interface Size {
  width: number;
  height: number;
}

/** Less than that was a click. */
const LEAST_PIXELS = 3;

/** The pixel below a point within the room of the picture, held within the picture. */
export function pixelOf(at: Point, room: Size, picture: Size): Point {
  const scale = Math.min(room.width / picture.width, room.height / picture.height);
  const one = (place: number, wide: number, most: number): number =>
    Math.min(Math.max(Math.round((place - (wide - most * scale) / 2) / scale), 0), most);
  return { x: one(at.x, room.width, picture.width), y: one(at.y, room.height, picture.height) };
}

/** The rectangle between two corners; null: too small to be one. */
export function boxOf(one: Point, other: Point): Box | null {
  const box = {
    left: Math.min(one.x, other.x),
    top: Math.min(one.y, other.y),
    right: Math.max(one.x, other.x),
    bottom: Math.max(one.y, other.y),
  };
  return box.right - box.left < LEAST_PIXELS || box.bottom - box.top < LEAST_PIXELS ? null : box;
}

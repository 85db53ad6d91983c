import { describe, expect, test } from "vitest";

import { BLACK, Framebuffer, RfbError } from "../../src/rfb/framebuffer";
import { applyUpdate } from "../../src/rfb/update";
import { blue, BLUE, green, GREEN, rectangle, red, RED, update, zrle } from "./rectangles";

function draw(width: number, height: number, tiles: number[]): number[] {
  const frame = new Framebuffer(width, height);
  applyUpdate(frame, update(rectangle(0, 0, width, height, 16, zrle(tiles))));
  return [...frame.pixels];
}

describe("decodeZrle", () => {
  test("raw and solid tiles", () => {
    expect(draw(2, 1, [0, ...red, ...blue])).toEqual([RED, BLUE]);
    expect(draw(2, 2, [1, ...green])).toEqual([GREEN, GREEN, GREEN, GREEN]);
  });

  test("packed palettes of 1, 2 and 4 bits, each row starting on a byte", () => {
    expect(draw(3, 2, [2, ...red, ...blue, 0b01000000, 0b10100000])).toEqual([RED, BLUE, RED, BLUE, RED, BLUE]);
    expect(draw(5, 1, [3, ...red, ...blue, ...green, 0b00011000, 0b01000000])).toEqual([RED, BLUE, GREEN, RED, BLUE]);
    const five = [5, ...red, ...blue, ...green, ...red, ...blue];
    expect(draw(3, 1, [...five, 0x24, 0x10])).toEqual([GREEN, BLUE, BLUE]);
  });

  test("runs over row ends, with lengths of several bytes", () => {
    expect(draw(2, 2, [128, ...red, 2, ...blue, 0])).toEqual([RED, RED, RED, BLUE]);
    const long = draw(64, 10, [128, ...red, 255, 255, 89, ...blue, 39]);
    expect(long.filter((pixel) => pixel === RED)).toHaveLength(600);
    expect(long.slice(600)).toEqual(new Array(40).fill(BLUE));
  });

  test("palette runs: single pixels and runs", () => {
    expect(draw(4, 1, [130, ...red, ...green, 0, 0x81, 1, 0])).toEqual([RED, GREEN, GREEN, RED]);
  });

  test("tiles of 64 with narrow ones at the right and bottom", () => {
    const frame = new Framebuffer(70, 70);
    const tiles = [1, ...red, 1, ...green, 1, ...blue, 0, ...new Array<number[]>(36).fill([9, 9, 9]).flat()];
    applyUpdate(frame, update(rectangle(0, 0, 70, 70, 16, zrle(tiles))));
    const at = (x: number, y: number): number => frame.pixels[y * 70 + x];
    expect([at(63, 63), at(64, 63), at(63, 64), at(69, 69)]).toEqual([RED, GREEN, BLUE, 0xff090909]);
  });

  test("refuses damaged tiles and leaves no reading past the end", () => {
    const bad: Record<string, number[]> = {
      "subencoding 17": [17],
      "subencoding 129": [129],
      "cut short": [0, ...red],
      "run leaves its tile": [128, ...red, 9],
      "index out of range": [130, ...red, ...blue, 3],
    };
    for (const [reason, tiles] of Object.entries(bad)) {
      expect(() => draw(2, 1, tiles), reason).toThrow(RfbError);
      expect(() => draw(2, 1, tiles)).toThrow(reason);
    }
    expect(() => draw(2, 1, [3, ...red, ...blue, ...green, 0b11000000])).toThrow("index out of range");
    const whole = [128, ...red, 2, ...blue, 0];
    for (let cut = 0; cut < whole.length; cut++) {
      expect(() => draw(2, 2, whole.slice(0, cut)), `cut at ${cut}`).toThrow(RfbError);
    }
    expect(draw(2, 2, whole)).not.toContain(BLACK);
  });
});

import { describe, expect, test } from "vitest";

import { BLACK, Framebuffer, RfbError } from "../../src/rfb/framebuffer";
import { applyUpdate } from "../../src/rfb/update";
import { BLUE, GREEN, RED, rectangle, red, update, zrle } from "./rectangles";

const raw = (...colours: number[][]): number[] => colours.flatMap((colour) => [...colour, 0]);

describe("applyUpdate", () => {
  test("draws raw pixels where the rectangle says, in canvas order", () => {
    const frame = new Framebuffer(3, 2);
    applyUpdate(frame, update(rectangle(1, 1, 2, 1, 0, raw([0, 0, 255], [255, 0, 0]))));
    expect([...frame.pixels]).toEqual([BLACK, BLACK, BLACK, BLACK, RED, BLUE]);
    expect([...frame.rgb().subarray(12)]).toEqual([255, 0, 0, 0, 0, 255]);
  });

  test("copies from the picture as it was, also onto itself", () => {
    const column = (down: boolean): number[] => {
      const frame = new Framebuffer(1, 4);
      frame.pixels.set([1, 2, 3, 4]);
      applyUpdate(frame, update(rectangle(0, down ? 1 : 0, 1, 3, 1, [0, 0, 0, down ? 0 : 1])));
      return [...frame.pixels];
    };
    expect(column(true)).toEqual([1, 1, 2, 3]);
    expect(column(false)).toEqual([2, 3, 4, 4]);
    const row = new Framebuffer(4, 1);
    row.pixels.set([1, 2, 3, 4]);
    applyUpdate(row, update(rectangle(1, 0, 3, 1, 1, [0, 0, 0, 0])));
    expect([...row.pixels]).toEqual([1, 1, 2, 3]);
  });

  test("gives the pointer's shape without drawing it", () => {
    const frame = new Framebuffer(2, 1);
    const body = [...raw([0, 0, 255], [0, 255, 0]), 0b01000000];
    const cursor = applyUpdate(frame, update(rectangle(1, 0, 2, 1, -239, body)));
    expect(cursor).toMatchObject({ hotX: 1, hotY: 0, width: 2, height: 1 });
    expect([...(cursor?.pixels ?? [])]).toEqual([0, GREEN]);
    expect([...frame.pixels]).toEqual([BLACK, BLACK]);
  });

  test("reports the box around all that changed, once", () => {
    const frame = new Framebuffer(100, 100);
    frame.takeDamage();
    const solid = zrle([1, ...red]);
    applyUpdate(frame, update(rectangle(10, 20, 5, 5, 16, solid), rectangle(40, 2, 1, 1, 16, solid)));
    expect(frame.takeDamage()).toEqual({ left: 10, top: 2, right: 41, bottom: 25 });
    expect(frame.takeDamage()).toBeNull();
  });

  test("refuses what does not fit, naming the place", () => {
    const frame = new Framebuffer(4, 4);
    const bad: Record<string, Uint8Array> = {
      "leaves the screen": update(rectangle(3, 0, 2, 1, 0, raw([1, 1, 1], [1, 1, 1]))),
      "raw rectangle is cut short": update(rectangle(0, 0, 2, 1, 0, raw([1, 1, 1]))),
      "reads outside": update(rectangle(0, 0, 2, 2, 1, [0, 3, 0, 0])),
      "not stored": update(rectangle(0, 0, 1, 1, 7, [])),
      "cursor is cut short": update(rectangle(0, 0, 1, 1, -239, [1, 2, 3, 4])),
      "head is cut short": Uint8Array.from([2, 0, 0]),
      "behind the last": Uint8Array.from([0, 0, 9]),
    };
    for (const [reason, bytes] of Object.entries(bad)) {
      expect(() => applyUpdate(frame, bytes), reason).toThrow(RfbError);
      expect(() => applyUpdate(frame, bytes)).toThrow(reason);
    }
  });

  test("refuses screens over the format's limits", () => {
    expect(() => new Framebuffer(16385, 1)).toThrow(RfbError);
    expect(() => new Framebuffer(16384, 16384)).toThrow(RfbError);
    expect(() => new Framebuffer(0, 5)).toThrow(RfbError);
  });
});

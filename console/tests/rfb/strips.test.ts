import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

import { BLACK, Framebuffer, RfbError } from "../../src/rfb/framebuffer";
import { applyUpdate } from "../../src/rfb/update";
import { BLUE, GREEN, RED, blue, green, rectangle, red, update } from "./rectangles";

interface Golden {
  name: string;
  width: number;
  height: number;
  payload: string;
  sha256: string;
}

const golden = JSON.parse(
  readFileSync(new URL("../../../tests/data/strips.json", import.meta.url), "utf8"),
) as Golden[];
const strips = (body: number[]): Uint8Array => update(rectangle(1, 0, 2, 2, 4096, body));

describe("strips", () => {
  test.each(golden)("golden payload: $name", ({ width, height, payload, sha256 }) => {
    const frame = new Framebuffer(width, height);
    applyUpdate(frame, update(rectangle(0, 0, width, height, 4096, [...Buffer.from(payload, "hex")])));
    expect(createHash("sha256").update(frame.rgb()).digest("hex")).toBe(sha256);
  });

  test("are drawn column by column, lines as differences", () => {
    const frame = new Framebuffer(3, 2);
    applyUpdate(frame, strips([1, 2, 0, 0, ...red, ...green, ...blue, ...red]));
    expect([...frame.pixels]).toEqual([BLACK, RED, BLUE, BLACK, GREEN, RED]);
    applyUpdate(frame, strips([0, 0, 0, 0, ...red, 255, 0, 1, ...green, 0, 1, 0]));
    expect([...frame.pixels]).toEqual([BLACK, RED, BLUE, BLACK, GREEN, 0xff000000]);
  });

  test("of other heads, or cut short, are errors", () => {
    const body = [...red, ...green, ...blue, ...red];
    for (const head of [
      [2, 0, 0, 0],
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [1, 1, 2, 0],
      [0, 0, 0, 1],
    ]) {
      expect(() => applyUpdate(new Framebuffer(3, 2), strips([...head, ...body]))).toThrow(RfbError);
    }
    expect(() => applyUpdate(new Framebuffer(3, 2), strips([1, 2, 0, 0, ...red]))).toThrow(RfbError);
  });
});

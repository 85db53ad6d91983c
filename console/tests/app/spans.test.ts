import { expect, it } from "vitest";
import { minutesOf, secondsOf, wholeOf } from "../../src/app/pages/groups/spans";

it("shows seconds as minutes, and no limit as an empty field", () => {
  expect([minutesOf(900), minutesOf(90), minutesOf(null), minutesOf(undefined)]).toEqual([15, 1.5, "", ""]);
});

it("takes what was typed, and an empty field as no limit", () => {
  expect([secondsOf(15), secondsOf("1.5"), secondsOf("")]).toEqual([900, 90, null]);
  expect([wholeOf(3), wholeOf("4"), wholeOf("")]).toEqual([3, 4, null]);
});

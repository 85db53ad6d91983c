import { expect, test } from "vitest";
import { keepLook, keptLook } from "../../src/app/pages/screen/look";
import { storage } from "../storage";

test("what was chosen is kept, and what is not known is as usual", () => {
  const store = storage();
  expect(keptLook(store)).toEqual({ size: "window", quality: "balanced" });
  keepLook({ size: "actual", quality: "low" }, store);
  expect(keptLook(store)).toEqual({ size: "actual", quality: "low" });
  for (const broken of ["{", "null", "3", '{"size":"huge","quality":7}']) {
    store.setItem("footlight.look", broken);
    expect(keptLook(store)).toEqual({ size: "window", quality: "balanced" });
  }
});

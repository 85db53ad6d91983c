import { expect, test } from "vitest";
import { stepsOf } from "../../src/app/pages/portal/steps";

const states = (...names: string[]): string[] => stepsOf(names.map((name) => ({ name, ms: 1 }))).map((step) => step.state);

test("the first step is under way before the site has told of anything", () => {
  expect(states()).toEqual(["now", "later", "later", "later"]);
});

test("a step is done with the phase that ends it, and so are those before", () => {
  expect(states("brokering")).toEqual(["done", "now", "later", "later"]);
  expect(states("brokering", "taken")).toEqual(["done", "now", "later", "later"]);
  expect(states("brokering", "taken", "account", "turn", "keeper")).toEqual(["done", "done", "now", "later"]);
  expect(states("x_server")).toEqual(["done", "done", "done", "now"]);
  expect(states("program", "first_picture")).toEqual(["done", "done", "done", "done"]);
});

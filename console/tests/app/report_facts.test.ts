import { expect, it } from "vitest";
import { factsOf } from "../../src/app/pages/reports/report_facts";

it("facts of a report are lines, by their path, without what is not known", () => {
  const facts = { state: "Active", machine: { cpuPermille: 120, registered: false }, viewers: [], notes: ["a", "b"], reason: null };
  expect(factsOf(facts)).toEqual([
    ["state", "Active"],
    ["machine cpu permille", "120"],
    ["machine registered", "false"],
    ["notes", "a, b"],
  ]);
});

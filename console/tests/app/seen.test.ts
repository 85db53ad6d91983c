import { expect, test } from "vitest";
import { PAGES, seenWith } from "../../src/app/pages";

const seen = (permissions: string[], everywhere: string[] = permissions): string[] =>
  PAGES.filter((page) => seenWith(page, { permissions, everywhere })).map((page) => page.path);

test("who has no permission sees what needs none", () => {
  expect(seen([])).toEqual(["/", "/console/jobs"]);
});

test("lists show what is in one's scopes, and what is in no scope needs them all", () => {
  const held = ["Session_Read", "Logging_Read", "Site_Configure", "Tag_Read"];
  const scoped = seen(held, []);
  expect(scoped).toContain("/console/sessions");
  expect(scoped).toContain("/console/settings/tags");
  expect(scoped).not.toContain("/console/log");
  expect(scoped).not.toContain("/console/settings/accounts");
  expect(seen(held)).toEqual(expect.arrayContaining([...scoped, "/console/log", "/console/settings/accounts"]));
});

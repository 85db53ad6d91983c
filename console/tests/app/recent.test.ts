import { expect, test } from "vitest";
import type { ResourceView } from "../../src/api/wire.gen";
import { keepUse, matching, recentFirst, usesOf } from "../../src/app/pages/portal/recent";
import { storage } from "../storage";

const RESOURCES: ResourceView[] = ["Desktop", "Editor", "Terminal"].map((name) => ({ id: name.toLowerCase(), name, kind: "application" }));
const names = (resources: readonly ResourceView[]): string[] => resources.map((one) => one.name);

test("what was used last comes first, the others stay", () => {
  expect(names(recentFirst(RESOURCES, {}, []))).toEqual(["Desktop", "Editor", "Terminal"]);
  expect(names(recentFirst(RESOURCES, { terminal: 2, editor: 1 }, []))).toEqual(["Terminal", "Editor", "Desktop"]);
  const sessions = [{ resourceName: "Editor", startedAt: "2026-01-01T00:00:00Z" }, { resourceName: "Editor", startedAt: null }];
  expect(names(recentFirst(RESOURCES, { terminal: 2 }, sessions))).toEqual(["Editor", "Terminal", "Desktop"]);
});

test("uses are each person's own, and a broken store is an empty one", () => {
  const store = storage();
  keepUse("ada", "editor", 5, store);
  keepUse("ada", "editor", 7, store);
  keepUse("ada", "desktop", 6, store);
  expect(usesOf("ada", store)).toEqual({ editor: 7, desktop: 6 });
  expect(usesOf("bob", store)).toEqual({});
  for (const broken of ["{", "3", "null", '{"a":"b"}']) {
    store.setItem("footlight.recent.ada", broken);
    expect(usesOf("ada", store)).toEqual({});
  }
});

test("only the last fifty are kept", () => {
  const store = storage();
  for (let n = 0; n < 60; n++) keepUse("ada", `r${n}`, n, store);
  const kept = Object.keys(usesOf("ada", store));
  expect(kept).toHaveLength(50);
  expect(kept).toContain("r59");
  expect(kept).not.toContain("r9");
});

test("all words are looked for, in name and description", () => {
  const resources = [...RESOURCES, { id: "b", name: "Browser", kind: "application", description: "Looks at the web" }];
  expect(names(matching(resources, ""))).toHaveLength(4);
  expect(names(matching(resources, "WEB brow"))).toEqual(["Browser"]);
  expect(names(matching(resources, "web editor"))).toEqual([]);
});

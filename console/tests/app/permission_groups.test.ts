import { expect, it } from "vitest";
import type { PredefinedPermission } from "../../src/api/wire.gen";
import { grouped } from "../../src/app/pages/settings/permission_groups";

const permission = (Id: string, GroupId: string): PredefinedPermission => ({ Id, Name: Id, GroupId, GroupName: `The ${GroupId}`, IsReadOnly: false, Operations: [] });

it("puts permissions under their groups in the order in which they come", () => {
  const found = grouped([permission("a", "x"), permission("b", "y"), permission("c", "x")]);
  expect(found.map(({ name, permissions }) => [name, permissions.map((one) => one.Id)])).toEqual([["The x", ["a", "c"]], ["The y", ["b"]]]);
});

import { describe, expect, it } from "vitest";
import { heldBy, othersOf, placeOf } from "../../src/app/pages/groups/folder_state";

const folder = (Path: string): { Id: string; Path: string } => ({ Id: Path, Path });

describe("a folder", () => {
  it("says where it lies", () => {
    expect(placeOf("Tools\\Own\\")).toBe("Tools › Own");
    expect(placeOf("")).toBe("");
    expect(placeOf(undefined)).toBe("");
  });

  it("goes neither into itself nor into what lies in it", () => {
    const all = ["A\\", "A\\B\\", "AB\\", "C\\"].map(folder);
    expect(othersOf(all, folder("a\\")).map((one) => one.Path)).toEqual(["AB\\", "C\\"]);
    expect(othersOf(all, undefined)).toEqual(all);
  });

  it("holds folders, applications, catalogs and groups", () => {
    const inner = { Id: "i", Uid: 1, Name: "I" };
    expect(heldBy({})).toBe(0);
    expect(heldBy({ Children: [inner], TotalApplications: 2, TotalMachineCatalogs: 1, TotalDesktopGroups: 1 })).toBe(5);
  });
});

import { describe, expect, it } from "vitest";
import { marked, spoken } from "../../src/app/pages/recordings/marked";

const hits = (text: string, words: string): string[] => marked(text, words).filter((part) => part.hit).map((part) => part.text);

describe("words in a text", () => {
  it("are marked whatever their case and order, and nothing is lost", () => {
    expect(hits("Copied Salary sheet", "sheet copied")).toEqual(["Copied", "sheet"]);
    expect(marked("Copied Salary sheet", "sheet copied").map((part) => part.text).join("")).toBe("Copied Salary sheet");
  });

  it("are taken as they are, not as patterns, and the longer one first", () => {
    expect(hits("a.b (c) aXb", "a.b (c)")).toEqual(["a.b", "(c)"]);
    expect(hits("printer", "print printer")).toEqual(["printer"]);
    expect(marked("as it is", " ")).toEqual([{ text: "as it is", hit: false }]);
  });

  it("have no ids", () => {
    expect(spoken("ann marker a800b141-900d-46ad-8ec8-a3d0cd2f8dd7 Invoice")).toBe("ann marker Invoice");
  });
});

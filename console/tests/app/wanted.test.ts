import { describe, expect, it } from "vitest";
import { hitQuery, isNarrowed, listQuery, NOTHING, readWanted, writeWanted } from "../../src/app/pages/recordings/wanted";

const NOW = Date.parse("2026-03-05T12:00:00Z");

describe("which recordings are looked for", () => {
  it("is what its address holds", () => {
    const wanted = { ...NOTHING, user: "ann & co", when: "Last7Days" as const, words: "salary sheet", held: true };
    const address = writeWanted(wanted, new URLSearchParams("sort=-size&user=old"));
    expect(address.get("sort")).toBe("-size");
    expect(readWanted(new URLSearchParams(address.toString()))).toEqual(wanted);
  });

  it("has nothing of an address that says nothing, or what is no span", () => {
    expect(readWanted(new URLSearchParams("when=Sometimes&held=no"))).toEqual(NOTHING);
    expect(isNarrowed(NOTHING)).toBe(false);
    expect(isNarrowed({ ...NOTHING, held: true })).toBe(true);
  });

  it("asks the site for a span that ends now", () => {
    expect(listQuery({ ...NOTHING, when: "LastHour" }, " ann ", NOW)).toEqual({ since: "2026-03-05T11:00:00.000Z", text: "ann" });
  });

  it("asks for times of the reader's zone as the site has them", () => {
    const query = hitQuery({ ...NOTHING, since: "2026-03-05T09:30", until: "not yet", words: "a" }, NOW);
    expect(query).toEqual({ since: new Date("2026-03-05T09:30").toISOString(), text: "a" });
  });
});

import { describe, expect, it } from "vitest";
import { address } from "../../src/api/site";
import { momentsOf } from "../../src/app/pages/sessions/session_timeline";
import { bare, cut } from "../../src/app/parts/name";
import { peak, ticks } from "../../src/app/parts/scale";
import { readSaved } from "../../src/app/table/saved_views";
import { texts } from "../../src/app/texts";
import type { SessionView } from "../../src/api/wire.gen";

describe("names", () => {
  it("are cut in the middle, so that both ends tell them", () => {
    expect(cut("short")).toBe("short");
    expect(cut("abcdefghijklmnop", 7)).toBe("abc…nop");
    expect(cut("a".repeat(100))).toHaveLength(34);
    expect(bare("SITE\\ann")).toBe("ann");
    expect(bare("ann")).toBe("ann");
  });
});

describe("what a list's box says", () => {
  it("keeps letters that stand for words", () => {
    expect(texts.table.search("Delivery groups")).toBe("Search delivery groups");
    expect(texts.table.search("API clients")).toBe("Search API clients");
  });
});

describe("axes", () => {
  it("have round steps up to what is shown", () => {
    expect(ticks(3003)).toEqual([0, 1000, 2000, 3000, 4000]);
    expect(ticks(3)).toEqual([0, 1, 2, 3]);
    expect(ticks(1)).toEqual([0, 1]);
    expect(ticks(0)).toEqual([0, 1]);
    expect(peak([1, 5, 5, 2])).toBe(1);
  });
});

describe("addresses of operations", () => {
  it("have their parts filled in and escaped", () => {
    expect(address("GET /footlight/v1/sessions/{id}", { path: { id: "a/b" } })).toBe("/footlight/v1/sessions/a%2Fb");
    expect(address("POST /cvad/manage/Sessions/{id}/$startRecording", { path: { id: "1" }, query: { notifyUser: false } })).toBe(
      "/cvad/manage/Sessions/1/$startRecording?notifyUser=false",
    );
  });
});

describe("views that were saved", () => {
  it("are read as far as they can be", () => {
    expect(readSaved('[{"name":"a","query":"q=1"},{"name":3},5,null]')).toEqual([{ name: "a", query: "q=1" }]);
    expect(readSaved("{}")).toEqual([]);
    expect(readSaved("no JSON")).toEqual([]);
    expect(readSaved(null)).toEqual([]);
  });
});

describe("a session's timeline", () => {
  it("has what is known, in its order", () => {
    const session = {
      startedAt: "2026-01-01T10:00:00Z",
      stateChangedAt: "2026-01-01T10:05:00Z",
      idleSince: null,
      endedAt: null,
      endReason: null,
      state: "Active",
      viewers: [{ attachedAt: "2026-01-01T10:01:00Z", userName: "S\\ann", mode: "interactive" }],
    } as unknown as SessionView;
    expect(momentsOf(session).map((one) => one.word)).toEqual(["Started", "S\\ann connected", "Active"]);
    const over = { ...session, endedAt: "2026-01-01T11:00:00Z", endReason: "program-failed" };
    expect(momentsOf(over).map((one) => one.word).at(-1)).toBe("Ended: program failed");
  });
});

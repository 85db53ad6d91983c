import { describe, expect, it } from "vitest";
import { conditionLines, moved, outcomeLines, timeWords } from "../../src/app/pages/policies/words";

describe("a policy in sentences", () => {
  it("says whom it is about, and nothing of what is empty", () => {
    expect(conditionLines({})).toEqual([]);
    expect(conditionLines({ users: ["ann", "bob"], machines: [], times: [{ days: ["Monday"], start: "08:00", end: "18:00", timeZone: "UTC" }] })).toEqual([
      "Users and groups: ann, bob",
      "Times: Monday 08:00–18:00 (UTC)",
    ]);
    expect(timeWords({ timeZone: "Europe/Berlin" })).toBe("every day (Europe/Berlin)");
  });

  it("says what becomes of a session, and nothing of what is as usual", () => {
    expect(outcomeLines({ record: "screen" })).toEqual(["Records screen and events, with notice"]);
    expect(outcomeLines({ record: "no", preRollSeconds: 60, notify: false })).toEqual(["Does not record", "keeps the last 1 min in memory"]);
    expect(outcomeLines({ record: "events", notify: false, ifLost: "end", rollOverSeconds: 3600, retentionClass: "Short" })).toEqual([
      "Records events only, without notice",
      "goes on as a new recording after 1 h",
      "ends the session when it can't be recorded",
      "kept as Short",
    ]);
  });
});

describe("the order of policies", () => {
  const items = ["a", "b", "c"];
  it("moves one and keeps the others in theirs", () => {
    expect(moved(items, 0, 2)).toEqual(["b", "c", "a"]);
    expect(moved(items, 2, 0)).toEqual(["c", "a", "b"]);
  });

  it("stays the same where there is no place", () => {
    expect(moved(items, 0, -1)).toBe(items);
    expect(moved(items, 2, 3)).toBe(items);
    expect(moved(items, 1, 1)).toBe(items);
  });
});

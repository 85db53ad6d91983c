import { describe, expect, it } from "vitest";
import { ruledBy, ruleOf } from "../../src/app/pages/groups/rule";

describe("who may use something", () => {
  it("is everybody unless a filter is on, whatever names are kept", () => {
    expect(ruleOf({ IncludedUserFilterEnabled: false, IncludedUsers: [{ Name: "SITE\\ada" }] })).toEqual({ everybody: true, included: ["SITE\\ada"], excluded: [] });
  });

  it("forgets those kept out by a filter that is off", () => {
    expect(ruleOf({ ExcludedUserFilterEnabled: false, ExcludedUsers: [{ Name: "SITE\\bob" }] }).excluded).toEqual([]);
  });

  it("names people so that the site knows them again", () => {
    expect(ruleOf({ IncludedUserFilterEnabled: true, IncludedUsers: [{ Name: null, UserIdentity: "S-1-5-21-7" }] }).included).toEqual(["S-1-5-21-7"]);
  });

  it("comes back as it was", () => {
    const rule = { everybody: false, included: ["SITE\\ada"], excluded: ["SITE\\bob"] };
    const users = (names: string[]): { Name: string }[] => names.map((Name) => ({ Name }));
    const sent = ruledBy(rule);
    expect(ruleOf({ ...sent, IncludedUsers: users(sent.IncludedUsers), ExcludedUsers: users(sent.ExcludedUsers) })).toEqual(rule);
  });
});

import { describe, expect, it } from "vitest";
import { SESSION_COLUMNS } from "../../src/app/pages/sessions/columns";
import { sentence } from "../../src/app/table/filters";

const said = (property: string, operator: string, value: string): string => sentence({ property, operator, value }, SESSION_COLUMNS);

describe("a filter as a sentence", () => {
  it("has the words of the column's choice", () => {
    expect(said("Recording", "Equals", "true")).toBe("Recording is On");
    expect(said("Recording", "Equals", "false")).toBe("Recording is Off");
    expect(said("SessionState", "Equals", "Connected")).toBe("State is Logging on");
  });

  it("knows a choice that is about another property than its column", () => {
    expect(said("RecordingHealth", "In", "delayed,failed,refused")).toBe("Recording is In trouble");
  });

  it("says the value of what is no choice", () => {
    expect(said("RecordingHealth", "Equals", "failed")).toBe("Recording is failed");
    expect(said("Unknown", "Equals", "x")).toBe("Unknown is x");
  });
});

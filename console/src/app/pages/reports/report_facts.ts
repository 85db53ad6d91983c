/** What a report tells of session and host, one line each. */

import { plain } from "../../../parts/words";

/** Members of members by their path: `machine registered`. Lists stand in one line; what is not known is left out. */
export function factsOf(facts: Readonly<Record<string, unknown>>, above = ""): [string, string][] {
  return Object.entries(facts).flatMap(([name, value]): [string, string][] => {
    const path = above === "" ? plain(name) : `${above} ${plain(name)}`;
    if (value === null || value === undefined || value === "") return [];
    if (Array.isArray(value)) return value.length === 0 ? [] : [[path, value.map((one) => wordsOf(one)).join(", ")]];
    if (typeof value === "object") return factsOf(value as Record<string, unknown>, path);
    return [[path, wordsOf(value)]];
  });
}

function wordsOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

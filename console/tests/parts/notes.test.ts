import { expect, test } from "vitest";
import { keepNotes, takeNotes } from "../../src/parts/notes";

function storage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    clear: () => kept.clear(),
    key: () => null,
    get length() {
      return kept.size;
    },
  };
}

test("notes are taken once, by the session that they are of", () => {
  const store = storage();
  keepNotes("a", ["one", "two"], store);
  expect(takeNotes("b", store)).toEqual([]);
  expect(takeNotes("a", store)).toEqual(["one", "two"]);
  expect(takeNotes("a", store)).toEqual([]);
});

test("without notes nothing is kept", () => {
  const store = storage();
  keepNotes("a", [], store);
  expect(store.length).toBe(0);
});

test("what others have put there is no note", () => {
  const store = storage();
  for (const text of ["{", "7", '{"a":1}', "[1,null]"]) {
    store.setItem("footlight.notes.a", text);
    expect(takeNotes("a", store)).toEqual([]);
  }
});

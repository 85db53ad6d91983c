import { expect, test } from "vitest";
import { dropNotes, keepNotes, readNotes } from "../../src/parts/notes";
import { storage } from "../storage";

test("notes are there for the session that they are of until they are shown", () => {
  const store = storage();
  keepNotes("a", ["one", "two"], store);
  expect(readNotes("b", store)).toEqual([]);
  expect(readNotes("a", store)).toEqual(["one", "two"]);
  expect(readNotes("a", store)).toEqual(["one", "two"]);
  dropNotes("b", store);
  expect(readNotes("a", store)).toEqual(["one", "two"]);
  dropNotes("a", store);
  expect(readNotes("a", store)).toEqual([]);
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
    expect(readNotes("a", store)).toEqual([]);
  }
});

import { expect, test } from "vitest";
import { keepLink, takeLink } from "../../src/app/frame/link_kept";
import { isOwnPage } from "../../src/app/frame/own_page";
import { storage } from "../storage";

const ID = "7c1f0f5e-3a55-4c0e-9d61-2f6a1f1f9a01";
const place = (hash: string, search = "", pathname = `/r/${ID}`) => ({ pathname, search, hash });

test("a link is there again for the page that it was of, once", () => {
  const store = storage();
  keepLink(place("#link=a-B_9"), store);
  expect(takeLink(place(""), store)).toBe("#link=a-B_9");
  expect(takeLink(place(""), store)).toBeNull();
});

test("another page gets nothing, and ends it", () => {
  const store = storage();
  keepLink(place("#link=a"), store);
  expect(takeLink(place("", "", "/"), store)).toBeNull();
  expect(store.length).toBe(0);
  keepLink(place("#link=a"), store);
  expect(takeLink(place("#link=b"), store)).toBeNull();
});

test("only links are kept, and only links are believed", () => {
  const store = storage();
  for (const hash of ["", "#", "#other", "#link=", "#link=a b", "#link=<b>"]) keepLink(place(hash), store);
  expect(store.length).toBe(0);
  for (const kept of ["{", "7", "null", "[]", `["/r/${ID}","#other"]`, `["/r/${ID}",7]`]) {
    store.setItem("footlight.link", kept);
    expect(takeLink(place(""), store)).toBeNull();
    expect(store.length).toBe(0);
  }
});

test.each([`/r/${ID}`, `/r/${ID}?t=12.5`, `/s/${ID}?view=1`, "/console/recordings", "/console/sessions?text=a+b&open=%C3%A9"])(
  "signing in leads to %s", (address) => expect(isOwnPage(address)).toBe(true),
);

test.each([
  "/", "//evil.test", "https://evil.test/console/x", `/r/${ID}?t=1&u=//x`, `/r/${ID}#link=a`, "/console", "/console/../docs",
  "/console//evil.test", "/console/x\n", `/console/x?a=${"a".repeat(2000)}`, "/consolex/y",
])("and not to %s", (address) => expect(isOwnPage(address)).toBe(false));

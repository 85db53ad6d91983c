import { expect, test } from "vitest";

import type { Operation } from "../../src/explorer/document";
import { lastResource, resourceOf } from "../../src/explorer/known";
import { curlText, idsIn, laidOut, missing, quoted, requestOf } from "../../src/explorer/request";

const START: Operation = {
  method: "POST",
  path: "/cvad/manage/Sessions/{id}/$startRecording",
  operationId: "x",
  tags: [],
  summary: "",
  parameters: [
    { name: "id", in: "path", required: true, schema: {} },
    { name: "notifyUser", in: "query", required: false, schema: { type: "boolean" } },
    { name: "X-Zone", in: "header", required: false, schema: {} },
  ],
  requestBody: { required: false, content: { "application/json": {} } },
  responses: {},
  security: [],
};

test("values go to their places, percent-encoded", () => {
  const values = new Map([["path id", "a/b c"], ["query notifyUser", "true"], ["header X-Zone", "+05:30"]]);
  const request = requestOf(START, values, '{"a":1}', "https://x");
  expect(request.url).toBe("https://x/cvad/manage/Sessions/a%2Fb%20c/$startRecording?notifyUser=true");
  expect(request.headers).toEqual({ Accept: "application/json", "X-Zone": "+05:30", "Content-Type": "application/json" });
  expect(request.body).toBe('{"a":1}');
});

test("what is empty is left out, what is needed is named", () => {
  const request = requestOf(START, new Map([["path id", "7"], ["query notifyUser", ""]]), "  ", "");
  expect(request.url.endsWith("$startRecording")).toBe(true);
  expect(request.body).toBeNull();
  expect(request.headers).toEqual({ Accept: "application/json" });
  expect(missing(START, new Map([["path id", ""]]))).toEqual(["id"]);
  expect(missing(START, new Map([["path id", "7"]]))).toEqual([]);
});

test("curl keeps $ and quotes, and never holds the token", () => {
  const request = requestOf(START, new Map([["path id", "7"]]), "it's", "https://x");
  const text = curlText(request, '--header "Authorization: CWSAuth bearer=$TOKEN"');
  expect(text).toContain("'https://x/cvad/manage/Sessions/7/$startRecording'");
  expect(text).toContain("--data 'it'\\''s'");
  expect(text.split("\n")[1]).toContain("$TOKEN");
  expect(quoted("a'b")).toBe("'a'\\''b'");
});

test("ids of lists and of single objects, with words", () => {
  const list = { Items: [{ Id: "1", User: { Name: "S\\ann" }, State: "Active" }, { Uid: 2 }, "x"] };
  expect(idsIn(JSON.stringify(list))).toEqual([{ id: "1", label: "S\\ann, Active" }]);
  expect(idsIn('{"id":"9","name":"n"}')).toEqual([{ id: "9", label: "n" }]);
  expect(idsIn("true")).toEqual([]);
  expect(idsIn("not json")).toEqual([]);
  expect(laidOut('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(laidOut("plain")).toBe("plain");
});

test("whose id a parameter wants", () => {
  expect(resourceOf(START, "id")).toBe("sessions");
  expect(resourceOf({ ...START, path: "/cvad/manage/Sessions/RecordingStatus" }, "id")).toBe("sessions");
  expect(resourceOf({ ...START, path: "/cvad/manage/Machines/{nameOrId}/Tags/{tagNameOrId}" }, "tagNameOrId")).toBe("tags");
  expect(resourceOf(START, "notifyUser")).toBeNull();
  expect(["/cvad/manage/SessionsV2", "/cvad/manage/Sessions/{id}", "/cvad/manage/Sessions/$search"].map(lastResource)).toEqual(
    ["sessions", "sessions", "sessions"],
  );
});

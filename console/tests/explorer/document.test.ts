import { expect, test } from "vitest";

import { type ApiDocument, firstBody, matching, modelsIn, operationsOf, typeText } from "../../src/explorer/document";

const LAMP = "#/components/schemas/Lamp";
const DOCUMENT: ApiDocument = {
  info: { title: "T", version: "1", description: "" },
  tags: [{ name: "Lamps" }, { name: "Site" }],
  paths: {
    "/healthz": {
      get: { operationId: "Site_Healthz", tags: ["Site"], summary: "Well?", parameters: [], responses: {}, security: [] },
    },
    "/Lamps/{id}": {
      put: {
        operationId: "Lamps_SetLamp",
        tags: ["Lamps"],
        summary: "Light it.",
        parameters: [
          { name: "id", in: "path", required: true, schema: { type: "string" } },
          { $ref: "#/components/parameters/Zone" },
        ],
        requestBody: { required: true, content: { "application/json": { schema: { $ref: LAMP } } } },
        responses: { "204": { description: "Done." }, "404": { $ref: "#/components/responses/404", description: "" } },
        security: [{ bearer: [] }],
      },
    },
  },
  components: {
    parameters: { Zone: { name: "X-Zone", in: "header", required: false, schema: { type: "string" } } },
    responses: { "404": { description: "Not found.", content: { "application/json": { schema: { $ref: LAMP } } } } },
    schemas: {
      Lamp: {
        type: "object",
        properties: {
          Watts: { type: "integer" },
          Kind: { enum: ["warm", "cold"] },
          Next: { anyOf: [{ $ref: LAMP }, { type: "null" }] },
          Names: { type: "array", items: { type: "string" } },
        },
        required: ["Watts", "Kind"],
      },
    },
  },
};

test("operations come by tag, with what they refer to", () => {
  const [first, second] = operationsOf(DOCUMENT);
  expect(first.operationId).toBe("Lamps_SetLamp");
  expect(first.method).toBe("PUT");
  expect(first.parameters.map((one) => one.name)).toEqual(["id", "X-Zone"]);
  expect(first.responses["404"].description).toBe("Not found.");
  expect(second.path).toBe("/healthz");
});

test("a filter wants every word", () => {
  const all = operationsOf(DOCUMENT);
  expect(matching(all, "put lamps").map((one) => one.operationId)).toEqual(["Lamps_SetLamp"]);
  expect(matching(all, "LIGHT it")).toHaveLength(1);
  expect(matching(all, "lamps healthz")).toEqual([]);
  expect(matching(all, "")).toHaveLength(2);
});

test("a body begins with what is needed, or with the example", () => {
  const [lamp, health] = operationsOf(DOCUMENT);
  expect(JSON.parse(firstBody(DOCUMENT, lamp) ?? "")).toEqual({ Watts: 0, Kind: "warm" });
  expect(firstBody(DOCUMENT, health)).toBeNull();
  const shown = { ...lamp, requestBody: { required: true, content: { "application/json": { example: { Watts: 7 } } } } };
  expect(JSON.parse(firstBody(DOCUMENT, shown) ?? "")).toEqual({ Watts: 7 });
  const form = { "application/x-www-form-urlencoded": { example: { a: "1 2", b: "&" } } };
  expect(firstBody(DOCUMENT, { ...lamp, requestBody: { required: true, content: form } })).toBe("a=1+2&b=%26");
});

test("types as people write them", () => {
  expect(typeText(DOCUMENT, { $ref: LAMP }, false)).toBe("Lamp");
  expect(typeText(DOCUMENT, { $ref: LAMP }, true).split("\n")).toEqual([
    "{",
    "  Watts: integer",
    '  Kind: "warm" | "cold"',
    "  Next?: Lamp | null",
    "  Names?: string[]",
    "}",
  ]);
  expect(modelsIn(DOCUMENT, { type: "array", items: { $ref: LAMP } })).toEqual(["Lamp"]);
});

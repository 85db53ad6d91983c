/** The OpenAPI document, as far as the explorer reads it. */

export interface Schema {
  $ref?: string;
  type?: string | string[];
  title?: string;
  description?: string;
  enum?: unknown[];
  default?: string | number | boolean | null;
  properties?: Partial<Record<string, Schema>>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  additionalProperties?: Schema | boolean;
  minimum?: number;
  maximum?: number;
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  description?: string;
  schema: Schema;
}

/** Bodies by media type. */
export type Media = Record<string, { schema?: Schema; example?: unknown }>;

export interface Answer {
  $ref?: string;
  description: string;
  content?: Media;
}

export interface Operation {
  method: string;
  path: string;
  operationId: string;
  tags: string[];
  summary: string;
  parameters: Parameter[];
  requestBody?: { required: boolean; content: Media };
  responses: Record<string, Answer>;
  security: Record<string, unknown>[];
}

type Written = Omit<Operation, "method" | "path" | "parameters"> & {
  parameters: (Parameter | { $ref: string })[];
};

export interface ApiDocument {
  info: { title: string; version: string; description: string };
  tags: { name: string }[];
  paths: Record<string, Partial<Record<string, Written>>>;
  components: {
    parameters: Partial<Record<string, Parameter>>;
    responses: Partial<Record<string, Answer>>;
    schemas: Partial<Record<string, Schema>>;
  };
}

const METHODS = ["get", "post", "put", "patch", "delete", "head"];

/** Every operation with its references to parameters and answers followed; by tag, then path, then method. */
export function operationsOf(document: ApiDocument): Operation[] {
  const found: Operation[] = [];
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const written = item[method];
      if (written !== undefined) found.push(whole(document, method, path, written));
    }
  }
  const order = new Map(document.tags.map((tag, i) => [tag.name, i]));
  const rank = (one: Operation): number => order.get(one.tags.at(0) ?? "") ?? order.size;
  return found
    .map((one, i) => ({ one, i }))
    .sort((a, b) => rank(a.one) - rank(b.one) || a.i - b.i)
    .map(({ one }) => one);
}

function whole(document: ApiDocument, method: string, path: string, written: Written): Operation {
  const parameters = written.parameters.map((one) =>
    "$ref" in one ? document.components.parameters[nameOf(one.$ref)] : one,
  );
  const responses = Object.entries(written.responses).map(([status, answer]) => [
    status,
    answer.$ref === undefined ? answer : (document.components.responses[nameOf(answer.$ref)] ?? answer),
  ]);
  return {
    ...written,
    method: method.toUpperCase(),
    path,
    parameters: parameters.filter((one) => one !== undefined),
    responses: Object.fromEntries(responses) as Record<string, Answer>,
  };
}

/** The last part of a reference. */
export function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf("/") + 1);
}

/** The schema itself where it is a reference; a schema of anything where that leads nowhere. */
export function resolved(document: ApiDocument, schema: Schema): Schema {
  return schema.$ref === undefined ? schema : (document.components.schemas[nameOf(schema.$ref)] ?? {});
}

/** Operations whose path, name, tag or summary hold every word of the text. */
export function matching(operations: Operation[], text: string): Operation[] {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== "");
  return operations.filter((one) => {
    const all = `${one.method} ${one.path} ${one.operationId} ${one.tags.join(" ")} ${one.summary}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** A body to begin with: the document's example, else one made of the schema. Null: there is no JSON body. */
export function firstBody(document: ApiDocument, operation: Operation): string | null {
  const content = operation.requestBody?.content;
  if (content === undefined) return null;
  const [type, media] = Object.entries(content).at(0) ?? ["", {}];
  const value = media.example ?? sample(document, media.schema ?? {}, 0);
  if (type === "application/x-www-form-urlencoded") {
    const pairs = Object.entries(value as Record<string, unknown>);
    return new URLSearchParams(pairs.map(([name, one]) => [name, String(one)])).toString();
  }
  return JSON.stringify(value, null, 2);
}

const DEEPEST = 5;

function sample(document: ApiDocument, given: Schema, depth: number): unknown {
  const schema = resolved(document, given);
  if (schema.default !== undefined && schema.default !== null) return schema.default;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.anyOf !== undefined) {
    const value = schema.anyOf.find((one) => one.type !== "null");
    return value === undefined ? null : sample(document, value, depth);
  }
  if (schema.properties !== undefined && depth < DEEPEST) {
    const needed = schema.required ?? [];
    return Object.fromEntries(
      needed.map((name) => [name, sample(document, schema.properties?.[name] ?? {}, depth + 1)]),
    );
  }
  const empty: Partial<Record<string, unknown>> = { string: "", integer: 0, number: 0, boolean: false, array: [], object: {} };
  return typeof schema.type === "string" ? (empty[schema.type] ?? null) : {};
}

/** A schema in one line or a block, as people write types; models that stand inside are named. */
export function typeText(document: ApiDocument, schema: Schema, open: boolean): string {
  if (schema.$ref !== undefined && !open) return nameOf(schema.$ref);
  const known = resolved(document, schema);
  if (known.enum !== undefined) return known.enum.map((one) => JSON.stringify(one)).join(" | ");
  if (known.anyOf !== undefined) return known.anyOf.map((one) => typeText(document, one, false)).join(" | ");
  if (known.type === "array") return `${typeText(document, known.items ?? {}, false)}[]`;
  if (known.properties !== undefined) {
    const needed = new Set(known.required);
    const lines = Object.entries(known.properties).map(
      ([name, one]) => `  ${name}${needed.has(name) ? "" : "?"}: ${typeText(document, one ?? {}, false)}`,
    );
    return ["{", ...lines, "}"].join("\n");
  }
  return typeof known.type === "string" ? known.type : "anything";
}

/** The models that stand in a schema, itself first, each once: those a reader wants to see beside it. */
export function modelsIn(document: ApiDocument, schema: Schema): string[] {
  const found: string[] = [];
  const walk = (one: Schema | undefined): void => {
    if (one === undefined) return;
    if (one.$ref !== undefined) {
      const name = nameOf(one.$ref);
      if (found.includes(name)) return;
      found.push(name);
      walk(resolved(document, one));
      return;
    }
    for (const inner of [...Object.values(one.properties ?? {}), ...(one.anyOf ?? []), ...(one.items ? [one.items] : [])]) {
      walk(inner);
    }
  };
  walk(schema);
  return found;
}

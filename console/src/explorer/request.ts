/** From what the form holds to a request, and the same as a line of curl. Pure. */

import type { Operation, Parameter } from "./document";

export interface Request {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | null;
}

/** Values by `in` and name ("path id"), as text; what is empty is left out. */
export type Values = ReadonlyMap<string, string>;

/** The key of a parameter's value. */
export function keyOf(parameter: Parameter): string {
  return `${parameter.in} ${parameter.name}`;
}

/** Names of needed parameters that have no value. */
export function missing(operation: Operation, values: Values): string[] {
  return operation.parameters
    .filter((one) => one.required && (values.get(keyOf(one)) ?? "") === "")
    .map((one) => one.name);
}

/** The request without what says who sends it. */
export function requestOf(operation: Operation, values: Values, body: string | null, origin: string): Request {
  const of = (place: Parameter["in"]): [string, string][] =>
    operation.parameters
      .filter((one) => one.in === place)
      .map((one): [string, string] => [one.name, values.get(keyOf(one)) ?? ""])
      .filter(([, value]) => value !== "");
  let path = operation.path;
  for (const [name, value] of of("path")) path = path.replace(`{${name}}`, encodeURIComponent(value));
  const query = of("query").map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  const type = Object.keys(operation.requestBody?.content ?? {}).at(0);
  const sent = body !== null && body.trim() !== "" && type !== undefined ? body : null;
  return {
    method: operation.method,
    url: origin + path + (query.length > 0 ? `?${query.join("&")}` : ""),
    headers: {
      Accept: "application/json",
      ...Object.fromEntries(of("header")),
      ...(sent === null || type === undefined ? {} : { "Content-Type": type }),
    },
    body: sent,
  };
}

/** The request for a shell. `authorization` is shell text already: it holds a variable, never the secret. */
export function curlText(request: Request, authorization: string | null): string {
  const parts = [`curl --request ${request.method} ${quoted(request.url)}`];
  if (authorization !== null) parts.push(authorization);
  for (const [name, value] of Object.entries(request.headers)) parts.push(`--header ${quoted(`${name}: ${value}`)}`);
  if (request.body !== null) parts.push(`--data ${quoted(request.body)}`);
  return parts.join(" \\\n  ");
}

/** Text as one word of a POSIX shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** JSON laid out, other text as it is. */
export function laidOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Ids in an answer, with a word on what each is: of the object itself or of the items of a list. */
export function idsIn(text: string): { id: string; label: string }[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  const record = asRecord(value);
  const items = record?.["Items"] ?? record?.["items"];
  const rows: unknown[] = Array.isArray(items) ? items : [value];
  return rows.flatMap((row) => {
    const one = asRecord(row);
    const id = one?.["Id"] ?? one?.["id"];
    if (one === null || typeof id !== "string") return [];
    const user = asRecord(one["User"]);
    const words = [one["Name"], one["name"], user?.["Name"], one["State"], one["userName"], one["resourceName"]];
    return [{ id, label: words.filter((word) => typeof word === "string" && word !== "").join(", ") }];
  });
}

function asRecord(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
}

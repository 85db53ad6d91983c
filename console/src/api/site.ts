/** The site's operations, typed by what the server says of them. */

import { keepAhead, takeAhead } from "./ahead";
import { call, type Method } from "./http";
import type { Operations } from "./wire.gen";

export type Operation = keyof Operations;

type Value = string | number | boolean;

interface Given<O extends Operation> {
  /** Values of the parts of the path in braces. */
  path?: Record<string, string>;
  query?: Operations[O]["query"];
  body?: Operations[O]["takes"];
  timeoutMs?: number;
  /** Gives the call up. */
  signal?: AbortSignal;
}

/** The address of an operation with its path and query filled in. */
export function address<O extends Operation>(operation: O, given: Given<O> = {}): string {
  const template = operation.slice(operation.indexOf(" ") + 1);
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(given.path?.[name] ?? ""));
  const query = new URLSearchParams();
  const asked: Record<string, Value | Value[] | undefined> = { ...given.query };
  for (const [name, value] of Object.entries(asked)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one));
  }
  const text = query.toString();
  return text === "" ? path : `${path}?${text}`;
}

/** Call an operation. Throws ApiError. */
export function site<O extends Operation>(operation: O, given: Given<O> = {}): Promise<Operations[O]["gives"]> {
  const ahead = takeAhead(said(operation, given)) as Promise<Operations[O]["gives"]> | undefined;
  return ahead ?? called(operation, given);
}

/** Call an operation now for who will soon make the same call. */
export function callAhead<O extends Operation>(operation: O, given: Given<O> = {}): void {
  keepAhead(said(operation, given), called(operation, given));
}

function called<O extends Operation>(operation: O, given: Given<O>): Promise<Operations[O]["gives"]> {
  const method = operation.slice(0, operation.indexOf(" ")) as Method;
  return call<Operations[O]["gives"]>(method, address(operation, given), given.body, given.timeoutMs, given.signal);
}

const said = <O extends Operation>(operation: O, given: Given<O>): string =>
  `${operation.slice(0, operation.indexOf(" "))} ${address(operation, given)} ${JSON.stringify(given.body ?? null)}`;

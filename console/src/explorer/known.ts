/** What answers have shown so far: ids to choose from, by resource. */

import { h } from "../parts/dom";
import type { Operation } from "./document";
import type { Known } from "./panel";
import { type Values, idsIn, keyOf } from "./request";

const MOST = 200;
const WANTED = /^(id|.*Id)$/;

/** Ids by the resource that stands before them in a path (`/Sessions/{id}`), kept in datalists. */
export class SeenIds implements Known {
  private readonly lists = new Map<string, HTMLDataListElement>();
  private readonly last = new Map<string, string>();

  note(operation: Operation, values: Values, text: string): void {
    for (const parameter of operation.parameters) {
      const asked = resourceOf(operation, parameter.name);
      const value = values.get(keyOf(parameter)) ?? "";
      if (asked !== null && value !== "") this.last.set(asked, value);
    }
    const resource = lastResource(operation.path);
    if (resource === null) return;
    const list = this.list(resource);
    const present = new Set([...list.options].map((option) => option.value));
    for (const { id, label } of idsIn(text)) {
      if (present.has(id) || present.size >= MOST) continue;
      present.add(id);
      list.append(h("option", { value: id }, label));
    }
  }

  listFor(operation: Operation, name: string): string | null {
    const resource = resourceOf(operation, name);
    return resource === null ? null : this.list(resource).id;
  }

  lastFor(operation: Operation, name: string): string {
    return this.last.get(resourceOf(operation, name) ?? "") ?? "";
  }

  private list(resource: string): HTMLDataListElement {
    const kept = this.lists.get(resource);
    if (kept !== undefined) return kept;
    const made = h("datalist", { id: `seen-${resource}` });
    document.body.append(made);
    this.lists.set(resource, made);
    return made;
  }
}

/** The resource that an answer of this path is about: `/Sessions`, `/Sessions/{id}` and `/SessionsV2` are sessions. */
export function lastResource(path: string): string | null {
  const names = path.split("/").filter((part) => part !== "" && !part.startsWith("{") && !part.startsWith("$"));
  const last = names.at(-1);
  return last === undefined ? null : last.replace(/V2$/, "").toLowerCase();
}

/** Whose id a parameter wants; null where it is no id. */
export function resourceOf(operation: Operation, name: string): string | null {
  if (!WANTED.test(name)) return null;
  const before = new RegExp(`/([^/{}$]+)/\\{${name}\\}`).exec(operation.path)?.[1];
  const named = operation.path.includes("/Sessions/") || name === "sessionId" ? "sessions" : null;
  return before?.toLowerCase() ?? named;
}

/** Making and patching elements. */

type Child = Node | string | null;
type Attributes = Record<string, string | boolean | ((event: Event) => void)>;

/** An element with attributes (a function listens to the event of that name) and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** The element with that id, of that class. Throws when the page lacks it. */
export function byId<T extends HTMLElement>(id: string, kind: new () => T): T {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page has no #${id}`);
  return element;
}

/** A row to show: `key` names it, `signature` changes when it must be drawn anew. */
export interface Keyed {
  key: string;
  signature: string;
  draw: () => HTMLElement;
}

/**
 * Make the parent's children these rows, touching only those that changed, so that nothing jumps
 * under the pointer and the focus stays where it was (by data-action within the same row).
 */
export function patch(parent: HTMLElement, rows: Keyed[]): void {
  const old = new Map<string, HTMLElement>();
  for (const child of parent.children) {
    if (child instanceof HTMLElement && child.dataset["key"] !== undefined) old.set(child.dataset["key"], child);
  }
  const focused = focusedAction(parent);
  const fresh = rows.map((row) => {
    const kept = old.get(row.key);
    if (kept?.dataset["signature"] === row.signature) return kept;
    const element = row.draw();
    element.dataset["key"] = row.key;
    element.dataset["signature"] = row.signature;
    if (kept !== undefined) element.classList.add("changed");
    return element;
  });
  fresh.forEach((element, i) => {
    if (parent.children[i] !== element) parent.insertBefore(element, parent.children[i] ?? null);
  });
  while (parent.children.length > fresh.length) parent.lastElementChild?.remove();
  if (focused !== null && !parent.contains(document.activeElement)) {
    const row = fresh.find((element) => element.dataset["key"] === focused.key);
    row?.querySelector<HTMLElement>(`[data-action="${focused.action}"]`)?.focus();
  }
}

function focusedAction(parent: HTMLElement): { key: string; action: string } | null {
  const active = document.activeElement;
  if (!(active instanceof HTMLElement) || !parent.contains(active)) return null;
  const key = active.closest<HTMLElement>("[data-key]")?.dataset["key"];
  const action = active.dataset["action"];
  return key === undefined || action === undefined ? null : { key, action };
}

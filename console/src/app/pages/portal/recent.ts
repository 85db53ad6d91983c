/** Which resources somebody used last: kept in this browser, and told by the sessions of the last day. */

import type { ResourceView, SessionView } from "../../../api/wire.gen";

const KEY = "footlight.recent.";
const MOST_KEPT = 50;

/** When each was started last, in ms, by its id. */
export type Uses = Record<string, number>;

export function usesOf(accountId: string, store: Storage = localStorage): Uses {
  try {
    const kept: unknown = JSON.parse(store.getItem(KEY + accountId) ?? "{}");
    if (typeof kept !== "object" || kept === null) return {};
    return Object.fromEntries(Object.entries(kept).filter((one): one is [string, number] => typeof one[1] === "number"));
  } catch {
    return {};
  }
}

export function keepUse(accountId: string, resourceId: string, nowMs: number, store: Storage = localStorage): void {
  const uses = Object.entries({ ...usesOf(accountId, store), [resourceId]: nowMs });
  uses.sort(([, a], [, b]) => b - a);
  store.setItem(KEY + accountId, JSON.stringify(Object.fromEntries(uses.slice(0, MOST_KEPT))));
}

/** Those used last before others, which stay as they came. */
export function recentFirst(
  resources: readonly ResourceView[],
  uses: Uses,
  sessions: readonly Pick<SessionView, "resourceName" | "startedAt">[],
): ResourceView[] {
  const started = new Map<string, number>();
  for (const { resourceName, startedAt } of sessions) {
    if (startedAt !== null) started.set(resourceName, Math.max(started.get(resourceName) ?? 0, Date.parse(startedAt)));
  }
  const at = (one: ResourceView): number => Math.max(uses[one.id] ?? 0, started.get(one.name) ?? 0);
  return [...resources].sort((a, b) => at(b) - at(a));
}

/** Those whose name or description has all words of the text. */
export function matching(resources: readonly ResourceView[], text: string): ResourceView[] {
  const words = text.toLowerCase().split(/\s+/);
  return resources.filter((one) => {
    const about = `${one.name} ${one.description ?? ""}`.toLowerCase();
    return words.every((word) => about.includes(word));
  });
}

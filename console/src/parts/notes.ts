/** Notes of a launch, handed from the page that launched to the session's own. */

const KEY = "footlight.notes.";
const MAX_NOTES = 10;

/** Keep them for the session's page. */
export function keepNotes(sessionId: string, notes: readonly string[], store: Storage = sessionStorage): void {
  if (notes.length > 0) store.setItem(KEY + sessionId, JSON.stringify(notes.slice(0, MAX_NOTES)));
}

/** Those that are kept. A page that is drawn may be thrown away before it is shown, so reading takes nothing. */
export function readNotes(sessionId: string, store: Storage = sessionStorage): string[] {
  const kept = store.getItem(KEY + sessionId);
  if (kept === null) return [];
  try {
    const notes: unknown = JSON.parse(kept);
    return Array.isArray(notes) ? notes.filter((one): one is string => typeof one === "string") : [];
  } catch {
    return [];
  }
}

/** They are shown: nobody is told again. */
export function dropNotes(sessionId: string, store: Storage = sessionStorage): void {
  store.removeItem(KEY + sessionId);
}

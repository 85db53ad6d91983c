/** Telling what happened. */

import { ApiError } from "../api/http";
import { byId } from "./dom";

const TOLD_MS = 6000;

/** Say what happened in the page's #told line; errors stay until the next word. */
export function tell(message: string, kind: "done" | "error" = "done"): void {
  const line = byId("told", HTMLElement);
  line.replaceChildren(message);
  line.className = `told ${kind}`;
  line.hidden = false;
  if (kind === "error") return;
  setTimeout(() => {
    if (line.textContent === message) line.hidden = true;
  }, TOLD_MS);
}

/** An error in words: what happened, and the number under which the site knows it. */
export function errorText(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const id = error instanceof ApiError ? error.transactionId : null;
  return id === null ? text : `${text} (transaction ${id})`;
}

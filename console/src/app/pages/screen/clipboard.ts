/** The clipboard between browser and session: by itself where the browser lets it, else by hand in a panel. */

import { Followed } from "../../parts/followed";

export type Direction = "off" | "in" | "out" | "both";

/** A word of the API; one that is not known lets nothing through. */
export const directionOf = (word: string): Direction => (word === "in" || word === "out" || word === "both" ? word : "off");

export const goesIn = (direction: Direction): boolean => direction === "in" || direction === "both";

export const goesOut = (direction: Direction): boolean => direction === "out" || direction === "both";

/** Longer texts stay in the session; the far side's own limit is 20 MiB, a textarea's patience less. */
const LONGEST = 1024 * 1024;

export class Clipboard {
  readonly direction = new Followed<Direction>("off");
  /** What both sides last had in common: sending it again would only take the selection away in the session. */
  readonly shared = new Followed("");

  constructor(private readonly paste: (text: string) => void) {}

  /** A display has opened under this policy. */
  opened(direction: Direction): void {
    this.direction.set(direction);
    void this.read();
  }

  /** The session's clipboard has changed. */
  async received(text: string): Promise<void> {
    if (text.length > LONGEST) return;
    this.shared.set(text);
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Not allowed, or the page has no focus: it is in the panel.
    }
  }

  give(text: string): void {
    if (!goesIn(this.direction.get()) || text === "" || text.length > LONGEST) return;
    this.shared.set(text);
    this.paste(text);
  }

  /** Take over what was copied elsewhere; asks nobody: only where reading has been allowed before. */
  async read(): Promise<void> {
    if (!goesIn(this.direction.get()) || !document.hasFocus()) return;
    try {
      const may = await navigator.permissions.query({ name: "clipboard-read" as PermissionName });
      if (may.state !== "granted") return;
      const text = await navigator.clipboard.readText();
      if (text !== this.shared.get()) this.give(text);
    } catch {
      // A browser without that permission: by hand.
    }
  }
}

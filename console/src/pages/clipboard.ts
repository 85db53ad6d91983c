/** The clipboard between browser and session: by itself where the browser lets it, else by hand in a panel. */

import { byId } from "../parts/dom";

export type Direction = "off" | "in" | "out" | "both";

/** Longer texts stay in the session; the far side's own limit is 20 MiB, a textarea's patience less. */
const LONGEST = 1024 * 1024;

export class Clipboard {
  private readonly button = byId("clipboard", HTMLButtonElement);
  private readonly panel = byId("clipboard-panel", HTMLElement);
  private readonly text = byId("clipboard-text", HTMLTextAreaElement);
  private readonly send = byId("clipboard-send", HTMLButtonElement);
  private readonly note = byId("clipboard-note", HTMLElement);
  private direction: Direction = "off";
  /** What both sides last had in common: sending it again would only take the selection away in the session. */
  private shared = "";

  /** `shown` is told when the panel comes. */
  constructor(
    private readonly paste: (text: string) => void,
    private readonly shown: () => void,
  ) {
    this.button.addEventListener("click", () => this.toggle());
    this.send.addEventListener("click", () => this.give(this.text.value));
    window.addEventListener("focus", () => void this.read());
  }

  /** A display has opened under this policy. */
  opened(direction: Direction): void {
    this.direction = direction;
    this.button.hidden = direction === "off";
    this.send.hidden = !this.goesIn();
    this.text.readOnly = !this.goesIn();
    this.note.textContent = NOTES[direction];
    if (direction === "off") this.panel.hidden = true;
    void this.read();
  }

  /** The session's clipboard has changed. */
  async received(text: string): Promise<void> {
    if (text.length > LONGEST) return;
    this.shared = text;
    this.text.value = text;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Not allowed, or the page has no focus: it is in the panel.
    }
  }

  private goesIn(): boolean {
    return this.direction === "in" || this.direction === "both";
  }

  private give(text: string): void {
    if (!this.goesIn() || text === "" || text.length > LONGEST) return;
    this.shared = text;
    this.paste(text);
  }

  /** Take over what was copied elsewhere; asks nobody: only where reading has been allowed before. */
  private async read(): Promise<void> {
    if (!this.goesIn() || !document.hasFocus()) return;
    try {
      const may = await navigator.permissions.query({ name: "clipboard-read" as PermissionName });
      if (may.state !== "granted") return;
      const text = await navigator.clipboard.readText();
      if (text !== this.shared) this.give(text);
    } catch {
      // A browser without that permission: by hand.
    }
  }

  hide(): void {
    this.panel.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
  }

  private toggle(): void {
    if (!this.panel.hidden) {
      this.hide();
      return;
    }
    this.panel.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.shown();
    this.text.focus();
  }
}

const NOTES: Record<Direction, string> = {
  off: "",
  in: "Text goes into the session only.",
  out: "Text comes out of the session only.",
  both: "Text goes both ways.",
};

/** The session's screen through noVNC, over a WebSocket of our own making. */

import RFB from "@novnc/novnc";
import type { Look } from "./look";

/** How a display came to its end. */
export interface Closed {
  /** The server closed it on purpose (taken over, disconnected), not a broken line. */
  meant: boolean;
  /** The session's user was asked and did not let this viewer in: asking again at once would pester. */
  notLetIn: boolean;
  /** The line was found dead: `reason` says how. */
  dead: boolean;
  /** The server's words, or "". */
  reason: string;
}

export interface DisplayEvents {
  opened(): void;
  /** The session's clipboard has this text now. */
  copied(text: string): unknown;
  closed(how: Closed): unknown;
}

/** noVNC's levels; compression costs the host's CPU. */
const QUALITY = {
  best: { pictures: 9, compression: 2 },
  balanced: { pictures: 6, compression: 2 },
  low: { pictures: 1, compression: 9 },
} as const;
/** The server's close code (api/displays.py). */
const NOT_LET_IN = 4410;
/** So long the last picture stays behind a new one, which is transparent until it is drawn. */
const STILL_MS = 1500;
/** So long after the window's last change the session must have its size. */
const SIZED_MS = 300;

export class Display {
  private rfb: RFB | null = null;
  private still: HTMLCanvasElement | null = null;
  private readonly watch: ResizeObserver;

  constructor(
    private readonly target: HTMLElement,
    private readonly viewOnly: boolean,
    private look: Look,
    private readonly events: DisplayEvents,
  ) {
    // A change that comes while noVNC takes in the one before is one that it expected, and it asks for nothing.
    let sized = 0;
    this.watch = new ResizeObserver(() => {
      clearTimeout(sized);
      sized = window.setTimeout(() => this.askForSize(), SIZED_MS);
    });
    this.watch.observe(target);
  }

  /** The page is left. */
  end(): void {
    this.watch.disconnect();
    this.close();
  }

  /** Connect to that path of this site; an earlier connection is dropped without a word, its last picture stays until there is a new one. */
  open(path: string): void {
    this.close();
    const url = new URL(path, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    let how: Closed = { meant: false, notLetIn: false, dead: false, reason: "" };
    // noVNC does not pass the close code on; listening before it does gives it in time.
    socket.addEventListener("close", (event) => {
      how = { meant: event.code === 1000, notLetIn: event.code === NOT_LET_IN, dead: false, reason: event.reason };
    });
    const rfb = new RFB(this.target, socket, { shared: true });
    rfb.viewOnly = this.viewOnly;
    rfb.background = "transparent";
    this.dress(rfb);
    rfb.addEventListener("connect", () => {
      if (this.rfb !== rfb) return;
      this.events.opened();
      rfb.focus();
      setTimeout(() => this.still?.remove(), STILL_MS);
    });
    rfb.addEventListener("clipboard", (event) => {
      if (this.rfb === rfb && event instanceof CustomEvent) this.events.copied(textOf(event.detail));
    });
    // noVNC takes its canvas away when the line breaks.
    const canvas = this.target.querySelector<HTMLCanvasElement>("canvas:not(.still)");
    rfb.addEventListener("disconnect", () => {
      if (this.rfb !== rfb) return;
      this.rfb = null;
      this.keep(canvas);
      this.events.closed(how);
    });
    this.rfb = rfb;
  }

  /** Another size or quality, from now on. */
  show(look: Look): void {
    this.look = look;
    if (this.rfb !== null) this.dress(this.rfb);
  }

  private dress(rfb: RFB): void {
    rfb.scaleViewport = this.look.size !== "actual";
    rfb.resizeSession = this.follows();
    rfb.qualityLevel = QUALITY[this.look.quality].pictures;
    rfb.compressionLevel = QUALITY[this.look.quality].compression;
  }

  private follows(): boolean {
    return !this.viewOnly && this.look.size === "window";
  }

  /** noVNC asks for the window's size when it is told to, if the session has another. */
  private askForSize(): void {
    if (this.rfb !== null) this.rfb.resizeSession = this.follows();
  }

  close(): void {
    const rfb = this.rfb;
    this.rfb = null;
    if (rfb !== null) this.keep(this.target.querySelector<HTMLCanvasElement>("canvas:not(.still)"));
    rfb?.disconnect();
  }

  /** As if the site had closed it: the person leaves. */
  leave(): void {
    if (this.rfb === null) return;
    this.close();
    this.events.closed({ meant: true, notLetIn: false, dead: false, reason: "" });
  }

  /** The line is dead, whatever the browser thinks of it. */
  drop(why: string): void {
    if (this.rfb === null) return;
    this.close();
    this.events.closed({ meant: false, notLetIn: false, dead: true, reason: why });
  }

  /** What was on the screen last, behind whatever comes. */
  private keep(canvas: HTMLCanvasElement | null): void {
    if (canvas === null || canvas.width === 0) return;
    const still = document.createElement("canvas");
    still.className = "still";
    still.width = canvas.width;
    still.height = canvas.height;
    still.getContext("2d")?.drawImage(canvas, 0, 0);
    this.still?.remove();
    this.still = still;
    this.target.prepend(still);
  }

  focus(): void {
    this.rfb?.focus();
  }

  /** Into the session's clipboard. */
  paste(text: string): void {
    this.rfb?.clipboardPasteFrom(text);
  }

  /** Keys that a browser keeps to itself: all down, then all up. */
  press(keysyms: readonly number[]): void {
    for (const keysym of keysyms) this.rfb?.sendKey(keysym, null, true);
    for (const keysym of keysyms.toReversed()) this.rfb?.sendKey(keysym, null, false);
    this.rfb?.focus();
  }
}

function textOf(detail: unknown): string {
  const text: unknown = typeof detail === "object" && detail !== null && "text" in detail ? detail.text : "";
  return typeof text === "string" ? text : "";
}

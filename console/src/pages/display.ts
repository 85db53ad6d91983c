/** The session's screen through noVNC, over a WebSocket of our own making. */

import RFB from "@novnc/novnc";

/** How a display came to its end. */
export interface Closed {
  /** The server closed it on purpose (taken over, disconnected), not a broken line. */
  meant: boolean;
  /** The session's user was asked and did not let this viewer in: asking again at once would pester. */
  notLetIn: boolean;
  /** The server's words, or "". */
  reason: string;
}

export interface DisplayEvents {
  opened(): void;
  /** The session's clipboard has this text now. */
  copied(text: string): unknown;
  closed(how: Closed): unknown;
}

/** The server's close code (api/displays.py). */
const NOT_LET_IN = 4410;

export class Display {
  private rfb: RFB | null = null;

  constructor(
    private readonly target: HTMLElement,
    private readonly viewOnly: boolean,
    private readonly events: DisplayEvents,
  ) {}

  /** Connect; an earlier connection is dropped without a word. */
  open(url: string): void {
    this.close();
    const socket = new WebSocket(url);
    let how: Closed = { meant: false, notLetIn: false, reason: "" };
    // noVNC does not pass the close code on; listening before it does gives it in time.
    socket.addEventListener("close", (event) => {
      how = { meant: event.code === 1000, notLetIn: event.code === NOT_LET_IN, reason: event.reason };
    });
    const rfb = new RFB(this.target, socket, { shared: true });
    rfb.viewOnly = this.viewOnly;
    rfb.scaleViewport = true;
    rfb.resizeSession = !this.viewOnly;
    rfb.background = "var(--stage)";
    rfb.addEventListener("connect", () => {
      if (this.rfb !== rfb) return;
      this.events.opened();
      rfb.focus();
    });
    rfb.addEventListener("clipboard", (event) => {
      if (this.rfb === rfb && event instanceof CustomEvent) this.events.copied(textOf(event.detail));
    });
    rfb.addEventListener("disconnect", () => {
      if (this.rfb !== rfb) return;
      this.rfb = null;
      this.events.closed(how);
    });
    this.rfb = rfb;
  }

  close(): void {
    const rfb = this.rfb;
    this.rfb = null;
    rfb?.disconnect();
  }

  focus(): void {
    this.rfb?.focus();
  }

  /** Into the session's clipboard. */
  paste(text: string): void {
    this.rfb?.clipboardPasteFrom(text);
  }

  ctrlAltDel(): void {
    this.rfb?.sendCtrlAltDel();
    this.rfb?.focus();
  }
}

function textOf(detail: unknown): string {
  const text: unknown = typeof detail === "object" && detail !== null && "text" in detail ? detail.text : "";
  return typeof text === "string" ? text : "";
}

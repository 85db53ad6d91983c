/** What these pages use of noVNC 1.7 (docs/API.md in its package). */
declare module "@novnc/novnc" {
  interface Options {
    shared?: boolean;
    wsProtocols?: string[];
  }
  export default class RFB extends EventTarget {
    constructor(target: HTMLElement, channel: string | WebSocket, options?: Options);
    viewOnly: boolean;
    scaleViewport: boolean;
  /** 0 (worst) to 9, of pictures that lose something. */
  qualityLevel: number;
  /** 0 (none) to 9. */
  compressionLevel: number;
    resizeSession: boolean;
    showDotCursor: boolean;
    focusOnClick: boolean;
    background: string;
    disconnect(): void;
    focus(): void;
  sendKey(keysym: number, code: string | null, down?: boolean): void;
    clipboardPasteFrom(text: string): void;
  }
}

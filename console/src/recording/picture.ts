/** The picture at a moment of one segment, made by running its records. */

import { applyUpdate } from "../rfb/update";
import { Framebuffer } from "../rfb/framebuffer";
import { KIND_SCREEN, KIND_UPDATE, parseScreen } from "./format";
import type { SegmentReader } from "./segment";

/** Runs forward through one segment. To go back, make a new one: every segment starts with a key frame. */
export class Picture {
  frame: Framebuffer | null = null;
  /** Updates drawn so far. */
  updates = 0;
  private next = 0;
  private atNs = -1;

  constructor(readonly segment: SegmentReader) {}

  /** Whether advance(ns) can be used to get there. */
  reaches(ns: number): boolean {
    return ns >= this.atNs;
  }

  /**
   * Draw all records up to and at `ns` since the segment's first instant, and the first update in
   * any case, so that there is never a black screen before a key frame. Throws FormatError, RfbError.
   */
  advance(ns: number): void {
    for (;;) {
      const record = this.segment.record(this.next);
      if (record === null || (record.atNs > ns && this.updates > 0)) break;
      if (record.kind === KIND_SCREEN) {
        const { width, height } = parseScreen(record.payload);
        this.frame = new Framebuffer(width, height);
      } else if (record.kind === KIND_UPDATE && this.frame !== null) {
        applyUpdate(this.frame, record.payload);
        this.updates++;
      }
      this.next++;
    }
    this.atNs = ns;
  }

  /** Time of the next update after what is drawn, ns since the segment's first instant; null: none known. */
  nextUpdateNs(): number | null {
    for (let i = this.next; ; i++) {
      const record = this.segment.record(i);
      if (record === null) return null;
      if (record.kind === KIND_UPDATE) return record.atNs;
    }
  }

  /** Times of the changes up to and at `ns`, each once, in order; ns since the segment's first instant. */
  changesUntil(ns: number): number[] {
    const times: number[] = [];
    for (let i = 0; ; i++) {
      const record = this.segment.record(i);
      if (record === null || record.atNs > ns) return times;
      if (record.kind === KIND_UPDATE && record.atNs !== times.at(-1)) times.push(record.atNs);
    }
  }
}

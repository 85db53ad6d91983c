/** The strip below the picture: what was recorded, gaps, event marks, the play head. */

import type { RecordingManifest } from "../api/shapes";
import { h } from "../parts/dom";
import { clockText, plain } from "../parts/words";
import type { Gap } from "../recording/format";

const NS_PER_MS = 1_000_000;
const BARS = 1200;
const BAR_HEIGHT = 26;
/** The logarithm of the pixels that fill a bar: about a whole screen a second. */
const FULL_LOG = 6.2;

/** A place in the recording and what stands there. */
export interface Mark {
  atMs: number;
  label: string;
}

export class Strip {
  private readonly marks: HTMLElement;
  private readonly done: HTMLElement;
  private readonly head: HTMLElement;
  private durationMs = 0;
  private drawnFor = "";

  /** `seek` is called with ms of recording time while the strip is pressed or dragged. */
  constructor(
    private readonly strip: HTMLElement,
    private readonly seek: (ms: number) => void,
  ) {
    const [marks, done, head] = Array.from(strip.children) as [HTMLElement, HTMLElement, HTMLElement];
    this.marks = marks;
    this.done = done;
    this.head = head;
    strip.addEventListener("pointerdown", (event) => {
      strip.setPointerCapture(event.pointerId);
      this.pressed(event);
    });
    strip.addEventListener("pointermove", (event) => {
      strip.title = clockText(this.timeAt(event));
      if (strip.hasPointerCapture(event.pointerId)) this.pressed(event);
    });
  }

  /** `damage`: rows of second and changed pixels (format.md section 6), drawn as the activity. */
  draw(atMs: number, durationMs: number, manifest: RecordingManifest | null, gaps: Gap[], marks: Mark[]): void {
    const segments = manifest?.segments ?? [];
    this.durationMs = durationMs;
    const share = durationMs === 0 ? 0 : atMs / durationMs;
    this.done.style.width = `${share * 100}%`;
    this.head.style.left = `${share * 100}%`;
    this.strip.setAttribute("aria-valuemax", String(Math.round(durationMs)));
    this.strip.setAttribute("aria-valuenow", String(Math.round(atMs)));
    this.strip.setAttribute("aria-valuetext", `${clockText(atMs)} of ${clockText(durationMs)}`);
    const damaged = manifest?.damage?.length ?? 0;
    const key = [durationMs, segments.length, damaged, gaps.length, marks.length].join();
    if (key === this.drawnFor) return;
    this.drawnFor = key;
    this.marks.replaceChildren(
      ...segments.map((one) => this.span("strip-segment", one.startNs, one.endNs ?? durationMs * NS_PER_MS, "")),
      this.activity(manifest?.damage ?? []),
      ...gaps.map((gap) => this.span("strip-gap", gap.fromNs, gap.toNs, `Not observed: ${plain(gap.cause)}`)),
      ...marks.map(({ atMs: at, label }) => this.span("strip-mark", at * NS_PER_MS, at * NS_PER_MS, label)),
    );
  }

  /** A bar for each stretch of the strip, as high as the busiest second in it (logarithmic). */
  private activity(damage: number[][]): HTMLElement {
    const canvas = h("canvas", { class: "strip-activity", width: String(BARS), height: String(BAR_HEIGHT) });
    const context = canvas.getContext("2d");
    if (context === null) return canvas;
    context.fillStyle = getComputedStyle(this.strip).color;
    for (const [second, pixels] of damage) {
      const left = Math.floor((second * 1000 * BARS) / Math.max(this.durationMs, 1));
      const wide = Math.max(1, Math.floor((1000 * BARS) / Math.max(this.durationMs, 1)) - 1);
      const high = Math.ceil((Math.log10(1 + pixels) / FULL_LOG) * BAR_HEIGHT);
      context.fillRect(left, BAR_HEIGHT - high, wide, high);
    }
    return canvas;
  }

  private span(name: string, fromNs: number, toNs: number, title: string): HTMLElement {
    const element = h("div", { class: name, title });
    const whole = Math.max(this.durationMs, 1) * NS_PER_MS;
    element.style.left = `${Math.min(fromNs / whole, 1) * 100}%`;
    if (toNs > fromNs) element.style.width = `${Math.min((toNs - fromNs) / whole, 1) * 100}%`;
    return element;
  }

  private timeAt(event: PointerEvent): number {
    const box = this.strip.getBoundingClientRect();
    return Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1) * this.durationMs;
  }

  private pressed(event: PointerEvent): void {
    this.seek(this.timeAt(event));
  }
}

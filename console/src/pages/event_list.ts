/** The recording's events beside the picture: each a place to jump to. */

import type { RecordingEvent } from "../api/shapes";
import { h } from "../parts/dom";
import { clockText, plain } from "../parts/words";
import type { Mark } from "./strip";

/** Members that say who or what; the rest of an event is for machines. */
const TELLING = ["userName", "orderedBy", "cause", "reason", "text", "mode"];

export class EventList {
  private items: RecordingEvent[] = [];
  private buttons: HTMLButtonElement[] = [];
  private current = -1;

  constructor(
    private readonly list: HTMLOListElement,
    private readonly note: HTMLElement,
    private readonly seek: (ms: number) => void,
  ) {}

  /** The events as last read, in order of time; new ones are added, none is redrawn. */
  take(items: RecordingEvent[]): void {
    this.items = [...items].sort((a, b) => a.atMs - b.atMs);
    this.note.hidden = items.length > 0;
    if (this.items.length === this.buttons.length) return;
    this.buttons = this.items.map((event) => this.button(event));
    this.list.replaceChildren(...this.buttons.map((button) => h("li", {}, button)));
    this.current = -1;
  }

  marks(): Mark[] {
    return this.items.map((event) => ({ atMs: event.atMs, label: plain(event.type) }));
  }

  /** Show which event was the last before the play head. */
  follow(atMs: number): void {
    const index = this.items.findLastIndex((event) => event.atMs <= atMs + 1);
    if (index === this.current) return;
    this.buttons[this.current]?.removeAttribute("aria-current");
    this.current = index;
    const button = this.buttons[index] as HTMLButtonElement | undefined;
    button?.setAttribute("aria-current", "true");
    button?.scrollIntoView({ block: "nearest" });
  }

  /** Go to the next event after the moment (1) or the one before it (-1). */
  jump(atMs: number, by: 1 | -1): void {
    const target =
      by === 1
        ? this.items.find((event) => event.atMs > atMs + 1)
        : this.items.findLast((event) => event.atMs < atMs - 1);
    if (target !== undefined) this.seek(target.atMs);
  }

  private button(event: RecordingEvent): HTMLButtonElement {
    const words = TELLING.map((member) => event[member]).filter((value) => typeof value === "string" && value !== "");
    const said = [...new Set(words)];
    return h(
      "button",
      { class: "event", click: () => this.seek(event.atMs) },
      h("span", { class: "clock" }, clockText(event.atMs)),
      h("span", {}, h("strong", {}, plain(event.type)), said.length === 0 ? null : h("small", {}, said.join(" · "))),
    );
  }
}

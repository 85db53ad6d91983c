/** Events of a recording in words, searched and walked through. */

import { plain } from "../../../parts/words";

/** `atMs` of recording time, `type`, and what the type tells (docs/format.md section 5). */
export interface RecordedEvent {
  atMs: number;
  type: string;
  [member: string]: unknown;
}

/** Members that say who or what, the most telling first; the rest of an event is for machines. */
const TELLING = [
  "title", "text", "name", "commandLine", "application", "userName", "orderedBy", "author", "cause", "reason", "detail", "mode", "direction", "how",
];
const MOST_SAID = 3;

/** The kind in words; of a marker its own kind. */
export function titleOf(event: RecordedEvent): string {
  return plain(event.type === "marker" && typeof event["kind"] === "string" ? event["kind"] : event.type);
}

/** What the event says in one line; "" when its kind says it all. */
export function detailOf(event: RecordedEvent): string {
  const words = TELLING.map((member) => event[member]).filter((value): value is string => typeof value === "string" && value !== "");
  const size = event.type === "display-resized" ? [`${String(event["width"])} × ${String(event["height"])}`] : [];
  return [...new Set([...size, ...words])].slice(0, MOST_SAID).join(" · ");
}

/** Those with the text in their kind or in any member, in any case. */
export function matching(events: readonly RecordedEvent[], text: string): readonly RecordedEvent[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return events;
  return events.filter((event) => titleOf(event).includes(wanted) || saysAnywhere(event, wanted));
}

function saysAnywhere(value: unknown, wanted: string): boolean {
  if (typeof value === "string") return value.toLowerCase().includes(wanted);
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((inner) => saysAnywhere(inner, wanted));
}

/** The place of the last event at or before a moment; -1: none. `events` are in order of time. */
export function placeAt(events: readonly RecordedEvent[], atMs: number): number {
  let low = -1;
  let high = events.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (events[middle].atMs <= atMs + 1) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The event after (1) or before (-1) a moment; null: there is none. */
export function neighbour(events: readonly RecordedEvent[], atMs: number, by: 1 | -1): RecordedEvent | null {
  const at = placeAt(events, atMs);
  if (by === 1) return events.at(at + 1) ?? null;
  for (let place = at; place >= 0; place--) if (events[place].atMs < atMs - 1) return events[place];
  return null;
}

/** How long before the recording's beginning was kept, in ms; 0: nothing. */
export function preRollOf(events: readonly RecordedEvent[]): number {
  const began = events.find((event) => event.type === "recording-started")?.["preRollMs"];
  return typeof began === "number" ? began : 0;
}

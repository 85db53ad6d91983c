/** Policies in sentences. */

import type { PolicyConditions, PolicyOutcome, PolicyTimes } from "../../../api/wire.gen";
import { bytesText, span } from "../../../parts/words";
import { texts } from "../../texts";

const t = texts.policies;

export const LISTS = ["users", "deliveryGroups", "resources", "machines", "tags", "clientAddresses"] as const;
export type ListName = (typeof LISTS)[number];

/** What has to hold, one line a condition; none: it is about every session. */
export function conditionLines(conditions: PolicyConditions): string[] {
  const lines = LISTS.flatMap((name) => {
    const values = conditions[name] ?? [];
    return values.length === 0 ? [] : [t.oneOf(t.conditions[name], values.join(", "))];
  });
  const times = conditions.times ?? [];
  return times.length === 0 ? lines : [...lines, t.oneOf(t.conditions.times, times.map(timeWords).join("; "))];
}

export function timeWords({ days = [], start = "00:00", end = "24:00", timeZone = "UTC" }: PolicyTimes): string {
  const spoken = days.length === 0 ? t.everyDay : days.join(", ");
  return start === "00:00" && end === "24:00" ? t.wholeDays(spoken, timeZone) : t.partOfDays(spoken, start, end, timeZone);
}

/** What becomes of the session, one line a matter. What is as usual is left out. */
export function outcomeLines(then: PolicyOutcome): string[] {
  if (then.record === "no") return [t.records.no, ...((then.preRollSeconds ?? 0) > 0 ? [t.keepsBefore(span((then.preRollSeconds ?? 0) * 1000))] : [])];
  const lines = [`${t.records[then.record]}, ${then.notify === false ? t.silently : t.withNotice}`];
  if ((then.preRollSeconds ?? 0) > 0) lines.push(t.preRolled(span((then.preRollSeconds ?? 0) * 1000)));
  if (then.rollOverBytes !== null && then.rollOverBytes !== undefined) lines.push(t.rolledAt(bytesText(then.rollOverBytes)));
  if (then.rollOverSeconds !== null && then.rollOverSeconds !== undefined) lines.push(t.rolledAt(span(then.rollOverSeconds * 1000)));
  if (then.bytesPerSecond !== null && then.bytesPerSecond !== undefined) lines.push(t.budget(bytesText(then.bytesPerSecond)));
  if (then.clipboardText === true) lines.push(t.withClipboard);
  if (then.arguments === false) lines.push(t.withoutArguments);
  if (then.ifLost === "cover") lines.push(t.covers);
  if (then.ifLost === "end") lines.push(t.ends);
  if (then.stopAllowed === true) lines.push(t.mayStop);
  if (then.retentionClass !== null && then.retentionClass !== undefined) lines.push(t.keptAs(then.retentionClass));
  return lines;
}

/** The order with the one at `from` moved to `to`; the same when that is no place. */
export function moved<T>(items: readonly T[], from: number, to: number): readonly T[] {
  const item = items[from];
  if (item === undefined || to < 0 || to >= items.length || from === to) return items;
  const others = items.filter((_, place) => place !== from);
  return [...others.slice(0, to), item, ...others.slice(to)];
}

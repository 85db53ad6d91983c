/** Which recordings are looked for, as a sentence's blanks and as the address holds them: `?user=ann&when=Last7Days`. */

import { useMemo } from "react";
import { useSearchParams } from "wouter";
import type { Operations } from "../../../api/wire.gen";

/** How long ago, in ms, by the words that an address has. */
export const SPANS = {
  LastHour: 3_600_000,
  Last24Hours: 86_400_000,
  Last7Days: 7 * 86_400_000,
  Last28Days: 28 * 86_400_000,
} as const;

export type Span = keyof typeof SPANS;

export interface Wanted {
  user: string;
  machine: string;
  resource: string;
  state: string;
  /** A span that ends now, or "" when `since` and `until` say it. */
  when: Span | "";
  /** As a `datetime-local` box has it, in the reader's zone; "": open. */
  since: string;
  until: string;
  /** Words of events; with any, moments are looked for instead of recordings. */
  words: string;
  held: boolean;
}

export type ListQuery = Operations["GET /footlight/v1/recordings"]["query"];
export type HitQuery = Operations["GET /footlight/v1/recordings/search"]["query"];

const TEXTS = ["user", "machine", "resource", "state", "since", "until", "words"] as const;
export const NOTHING: Wanted = { user: "", machine: "", resource: "", state: "", when: "", since: "", until: "", words: "", held: false };

const isSpan = (text: string): text is Span => text in SPANS;

export function readWanted(query: URLSearchParams): Wanted {
  const wanted = { ...NOTHING, held: query.get("held") === "true" };
  for (const name of TEXTS) wanted[name] = query.get(name) ?? "";
  const when = query.get("when") ?? "";
  if (isSpan(when)) wanted.when = when;
  return wanted;
}

export function writeWanted(wanted: Wanted, kept: URLSearchParams): URLSearchParams {
  const query = new URLSearchParams(kept);
  for (const name of [...TEXTS, "when", "held"]) query.delete(name);
  for (const name of TEXTS) if (wanted[name] !== "") query.set(name, wanted[name]);
  if (wanted.when !== "") query.set("when", wanted.when);
  if (wanted.held) query.set("held", "true");
  return query;
}

export const isNarrowed = (wanted: Wanted): boolean => writeWanted(wanted, new URLSearchParams()).size > 0;

/** Of a `datetime-local` box; undefined: none, or not a time yet. */
function moment(text: string): string | undefined {
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** The parts of the query that both kinds of search have. */
function shared(wanted: Wanted, now: number): Pick<HitQuery, "user" | "machine" | "resource" | "since" | "until"> {
  const since = wanted.when === "" ? moment(wanted.since) : new Date(now - SPANS[wanted.when]).toISOString();
  const until = wanted.when === "" ? moment(wanted.until) : undefined;
  return {
    ...(wanted.user === "" ? {} : { user: wanted.user }),
    ...(wanted.machine === "" ? {} : { machine: wanted.machine }),
    ...(wanted.resource === "" ? {} : { resource: wanted.resource }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
}

export function listQuery(wanted: Wanted, text: string, now: number): ListQuery {
  return {
    ...shared(wanted, now),
    ...(wanted.state === "" ? {} : { state: wanted.state }),
    ...(wanted.held ? { held: true } : {}),
    ...(text.trim() === "" ? {} : { text: text.trim() }),
  };
}

export function hitQuery(wanted: Wanted, now: number): HitQuery {
  return { ...shared(wanted, now), text: wanted.words };
}

/** What the address asks for, and what changes it. */
export function useWanted(): [Wanted, (change: Partial<Wanted>) => void] {
  const [query, setQuery] = useSearchParams();
  const wanted = useMemo(() => readWanted(query), [query]);
  return [wanted, (change) => setQuery((now) => writeWanted({ ...readWanted(now), ...change }, now))];
}

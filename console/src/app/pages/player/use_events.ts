/** The events of a recording, read while it runs. */

import { useQuery } from "@tanstack/react-query";
import { site } from "../../../api/site";
import type { RecordedEvent } from "./event_words";

const PAGE = 10_000;
/** Beyond so many the rest is for the command line. */
const MOST = 50_000;
const EACH_MS = 3000;

export interface Events {
  items: readonly RecordedEvent[];
  /** There are more than are here. */
  more: boolean;
}

export const eventsKey = (id: string): readonly string[] => ["recording", id, "events"];

async function read(id: string): Promise<Events> {
  const items: RecordedEvent[] = [];
  let token: string | null = null;
  do {
    const query: { limit: number; continuationToken?: string } = token === null ? { limit: PAGE } : { limit: PAGE, continuationToken: token };
    const page = await site("GET /footlight/v1/recordings/{id}/events", { path: { id }, query });
    items.push(...(page.items as RecordedEvent[]));
    token = page.continuationToken;
  } while (token !== null && items.length < MOST);
  return { items: items.sort((a, b) => a.atMs - b.atMs), more: token !== null };
}

/** `enabled`: the recording may be looked at; `open`: it runs. */
export function useEvents(id: string, enabled: boolean, open: boolean): Events | undefined {
  const events = useQuery({
    queryKey: [...eventsKey(id), open],
    queryFn: () => read(id),
    enabled,
    refetchInterval: open ? EACH_MS : false,
    placeholderData: (before: Events | undefined) => before,
  });
  return events.data;
}

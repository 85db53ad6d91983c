/** Events beside the picture (side.tsx): searched, following the play head, each a place to jump to. */

import { ActionIcon, TextInput } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Bookmark, Pencil, Search, Trash2 } from "lucide-react";
import { memo, useEffect, useRef, useState } from "react";
import { clockText } from "../../../parts/words";
import { texts } from "../../texts";
import { detailOf, matching, placeAt, type RecordedEvent, titleOf } from "./event_words";
import type { Events } from "./use_events";

const t = texts.player;
const ROW = 46;

export interface EventListProps {
  events: Events | undefined;
  atMs: number;
  go: (ms: number) => void;
  /** Ids of the markers that the caller may change. */
  own: ReadonlySet<string>;
  change: (marker: RecordedEvent) => void;
  remove: (marker: RecordedEvent) => void;
}

export function EventList({ events, atMs, go, own, change, remove }: EventListProps): React.JSX.Element {
  const [text, setText] = useState("");
  const room = useRef<HTMLDivElement>(null);
  const all = events?.items ?? [];
  const found = matching(all, text);
  const current = placeAt(found, atMs);
  const virtual = useVirtualizer({ count: found.length, getScrollElement: () => room.current, estimateSize: () => ROW, overscan: 8 });
  useEffect(() => {
    if (current >= 0) virtual.scrollToIndex(current);
  }, [current, virtual]);
  return (
    <>
      <div className="player-events-head">
        <TextInput size="xs" type="search" aria-label={t.events.search} placeholder={t.events.search} value={text}
          leftSection={<Search size={14} aria-hidden />} onChange={(event) => setText(event.currentTarget.value)} />
        <span className="soft num">{events === undefined ? texts.loading : t.events.count(found.length, all.length)}</span>
      </div>
      {events !== undefined && found.length === 0 ? <p className="soft player-events-none">{all.length === 0 ? t.events.none : t.events.noMatch}</p> : null}
      <div ref={room} className="player-events-room" tabIndex={-1}>
        <div style={{ height: virtual.getTotalSize(), position: "relative" }} role="list">
          {virtual.getVirtualItems().map(({ index, start }) => {
            const event = found[index];
            const marker = event["markerId"];
            const mine = typeof marker === "string" && own.has(marker);
            return (
              <div key={index} role="listitem" className="player-event-place" style={{ transform: `translateY(${start}px)`, height: ROW }}>
                <Row event={event} current={index === current} go={go} />
                {mine ? (
                  <span className="player-event-acts">
                    <ActionIcon size="sm" variant="subtle" color="gray" aria-label={t.marker.change} onClick={() => change(event)}><Pencil size={13} aria-hidden /></ActionIcon>
                    <ActionIcon size="sm" variant="subtle" color="gray" aria-label={t.marker.remove} onClick={() => remove(event)}><Trash2 size={13} aria-hidden /></ActionIcon>
                  </span>
                ) : null}
              </div>
            );
          })}
        </div>
      </div>
      {events?.more === true ? <p className="soft player-events-none">{t.events.more}</p> : null}
    </>
  );
}

const Row = memo(function Row({ event, current, go }: { event: RecordedEvent; current: boolean; go: (ms: number) => void }): React.JSX.Element {
  const detail = detailOf(event);
  return (
    <button type="button" className={`player-event${event.type === "marker" ? " said" : ""}`} aria-current={current ? "true" : undefined} onClick={() => go(event.atMs)}>
      <span className="num soft">{clockText(event.atMs)}</span>
      <span className="player-event-words">
        <strong>{event.type === "marker" ? <Bookmark size={12} aria-hidden fill="currentColor" /> : null}<span>{titleOf(event)}</span></strong>
        {detail === "" ? null : <span className="soft" title={detail}>{detail}</span>}
      </span>
    </button>
  );
});

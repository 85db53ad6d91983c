/** The whole recording below the picture: activity, events, gaps, the play head; dragged, it is followed at once. */

import { useEffect, useRef, useState } from "react";
import type { Player } from "../../../player/player";
import { clockText, plain } from "../../../parts/words";
import { useWidth } from "../../parts/use_width";
import { texts } from "../../texts";
import { barsOf } from "./activity";
import { type RecordedEvent, titleOf } from "./event_words";
import { Preview } from "./preview";
import type { Seen } from "./use_player";

const t = texts.player;
const HEIGHT = 44;
const NS_PER_MS = 1_000_000;
/** More marks than that are one colour anyway. */
const MOST_MARKS = 400;

interface StripProps {
  player: Player;
  seen: Seen;
  events: readonly RecordedEvent[];
  preRollMs: number;
}

export function Strip({ player, seen, events, preRollMs }: StripProps): React.JSX.Element {
  const strip = useRef<HTMLDivElement>(null);
  const width = useWidth(strip);
  const [hoverMs, setHoverMs] = useState<number | null>(null);
  const whole = Math.max(seen.durationMs, 1);
  const share = (ms: number): string => `${Math.min(Math.max(ms / whole, 0), 1) * 100}%`;
  const timeAt = (event: React.PointerEvent): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1) * seen.durationMs;
  };
  const span = (fromNs: number, toNs: number): React.CSSProperties => ({
    left: share(fromNs / NS_PER_MS), width: `calc(${share(toNs / NS_PER_MS)} - ${share(fromNs / NS_PER_MS)})`,
  });
  return (
    <div className="player-strip-room">
      {hoverMs === null ? null : <Preview player={player} atMs={hoverMs} wholeMs={whole} pictures={!seen.eventsOnly} room={width} />}
      <div
        ref={strip}
        className="player-strip"
        role="slider"
        tabIndex={0}
        aria-label={t.place}
        aria-valuemin={0}
        aria-valuemax={Math.round(seen.durationMs)}
        aria-valuenow={Math.round(seen.atMs)}
        aria-valuetext={t.placeOf(clockText(seen.atMs), clockText(seen.durationMs))}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          player.move(timeAt(event));
        }}
        onPointerMove={(event) => {
          setHoverMs(timeAt(event));
          if (event.currentTarget.hasPointerCapture(event.pointerId)) player.move(timeAt(event));
        }}
        onPointerLeave={() => setHoverMs(null)}
      >
        {preRollMs > 0 ? <div className="player-pre-roll" style={span(0, preRollMs * NS_PER_MS)} /> : null}
        <Activity seen={seen} width={width} />
        {seen.gaps.map((gap) => (
          <div key={gap.fromNs} className="player-gap" style={span(gap.fromNs, gap.toNs)} title={t.notObserved(plain(gap.cause))} />
        ))}
        {marksOf(events).map((event, place) => (
          <div key={`${place} ${event.atMs}`} className={`player-mark${event.type === "marker" ? " said" : ""}`} style={{ left: share(event.atMs) }} title={titleOf(event)} />
        ))}
        <div className="player-done" style={{ width: share(seen.atMs) }} />
        <div className="player-head" style={{ left: share(seen.atMs) }} />
      </div>
    </div>
  );
}

/** Markers all, of the others as many as can be told apart. */
function marksOf(events: readonly RecordedEvent[]): readonly RecordedEvent[] {
  const each = Math.ceil(events.length / MOST_MARKS);
  return events.filter((event, place) => event.type === "marker" || place % each === 0);
}

function Activity({ seen, width }: { seen: Seen; width: number }): React.JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { manifest } = seen;
  // While it runs the bars move by whole seconds only.
  const wholeMs = Math.ceil(seen.durationMs / 1000) * 1000;
  useEffect(() => {
    const node = canvas.current;
    const context = node?.getContext("2d");
    if (node === null || context === null || context === undefined) return;
    context.clearRect(0, 0, width, HEIGHT);
    context.fillStyle = getComputedStyle(node).color;
    for (const { left, wide, high } of barsOf(manifest?.damage ?? [], wholeMs, width)) {
      context.fillRect(left, HEIGHT * (1 - high), wide, HEIGHT * high);
    }
  }, [manifest, wholeMs, width]);
  return <canvas ref={canvas} className="player-activity" width={width} height={HEIGHT} aria-hidden />;
}

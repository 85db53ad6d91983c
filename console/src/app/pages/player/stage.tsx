/** The picture, a rectangle that is dragged on it, and what is to be said of it. */

import { useRef, useState } from "react";
import type { Box } from "../../../player/region";
import { plain, span } from "../../../parts/words";
import { texts } from "../../texts";
import { boxOf, pixelOf, type Point } from "./rectangle";
import type { InPage, Seen, Trouble } from "./use_player";

const t = texts.player;
const NS_PER_MS = 1_000_000;
interface StageProps {
  host: InPage["host"];
  seen: Seen | null;
  trouble: Trouble | null;
  actual: boolean;
  box: Box | null;
  setBox: (box: Box | null) => void;
  preRollMs: number;
}

export function Stage({ host, seen, trouble, actual, box, setBox, preRollMs }: StageProps): React.JSX.Element {
  const began = useRef<Point | null>(null);
  const stage = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState(false);
  const width = seen?.shown?.width ?? 0;
  const height = seen?.shown?.height ?? 0;

  const pixelAt = (event: React.PointerEvent): Point | null => {
    const shown = stage.current?.querySelector("canvas")?.getBoundingClientRect();
    return shown === undefined || width === 0 ? null : pixelOf({ x: event.clientX - shown.left, y: event.clientY - shown.top }, shown, { width, height });
  };
  const drag = (event: React.PointerEvent): void => {
    const to = pixelAt(event);
    if (began.current === null || to === null) return;
    setBox(boxOf(began.current, to));
  };
  const note = noteOf(seen, trouble, preRollMs);
  return (
    <div ref={stage} className={`player-stage${actual ? " actual" : ""}`}>
      <div
        className="player-picture"
        ref={host}
        title={box === null && !dragged && seen?.shown !== null ? t.region.hint : undefined}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          began.current = pixelAt(event);
          event.currentTarget.setPointerCapture(event.pointerId);
          setDragged(true);
        }}
        onPointerMove={drag}
        onPointerUp={(event) => {
          drag(event);
          began.current = null;
        }}
      >
        {box === null || width === 0 ? null : (
          <svg className="player-box-room" viewBox={`0 0 ${width} ${height}`} {...(actual ? { width, height } : {})} aria-hidden>
            <rect className="player-box" x={box.left} y={box.top} width={box.right - box.left} height={box.bottom - box.top} />
          </svg>
        )}
      </div>
      {note === null ? null : <p className="player-note" role="status">{note}</p>}
    </div>
  );
}

function noteOf(seen: Seen | null, trouble: Trouble | null, preRollMs: number): string | null {
  if (trouble !== null && (seen === null || seen.shown === null)) return t.trying(trouble.message);
  if (seen === null || seen.state === "loading") return t.loading;
  return gapNote(seen) ?? (seen.eventsOnly ? t.eventsOnly : null) ?? (preRollMs > 0 && seen.atMs < preRollMs ? t.preRoll(span(preRollMs)) : null);
}

function gapNote({ atMs, gaps }: Seen): string | null {
  const atNs = atMs * NS_PER_MS;
  const gap = gaps.find(({ fromNs, toNs }) => atNs >= fromNs && atNs < toNs);
  return gap === undefined ? null : t.notObserved(plain(gap.cause));
}

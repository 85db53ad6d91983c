/** Which rows of a table are drawn: those in sight and some on either side. All rows are equally high, so that this is
 * arithmetic, done once for each event of scrolling and before the next picture. */

import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";

export const ROW_PX = 34;
const HEAD_PX = 32;
/** Rows drawn beyond those in sight: the browser scrolls first and asks later. */
export const SPARE = 12;
/** Until the box is measured. */
const USUAL_PX = 480;
const RESTS_MS = 150;
const SHOWN_MS = 50;

/** From `first` up to, but without, `end`. */
export interface Span {
  first: number;
  end: number;
}

/** How many rows are drawn in a box of `height` px: as many wherever it is scrolled to, so that what leaves at one end is
 * used again at the other. */
const drawnIn = (height: number, spare: number): number => Math.ceil(height / ROW_PX) + 1 + 2 * spare;

/** The rows in sight of a box of `height` px scrolled to `top`, and at least `spare` more on either side where there are. */
export function spanAt(top: number, height: number, count: number, spare: number): Span {
  const drawn = drawnIn(height, spare);
  const seen = Math.floor((top - HEAD_PX) / ROW_PX);
  const first = Math.max(0, Math.min(seen - spare, count - drawn));
  return { first, end: Math.min(count, first + drawn) };
}

/** How far a box must be scrolled for a row to be in sight; where it is, when the row is. */
export function topFor(index: number, top: number, height: number): number {
  const start = index * ROW_PX;
  return Math.min(start, Math.max(top, start + HEAD_PX + ROW_PX - height));
}

export interface Window extends Span {
  /** So many rows are drawn at once, if there are. */
  most: number;
  /** The box is being scrolled. */
  moving: boolean;
  /** Brings a row into sight. */
  show: (index: number) => void;
}

/** Follows the box that `body` is scrolled in. `settled`: there are rows, so that those out of sight may follow. */
export function useWindow(body: RefObject<HTMLElement | null>, count: number, settled: boolean): Window {
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(USUAL_PX);
  const [spare, setSpare] = useState(0);
  const [moving, setMoving] = useState(false);
  const box = useRef<HTMLElement>(null);
  const span = spanAt(top, height, count, spare);
  const drawn = useRef({ span, height, count, spare });
  useLayoutEffect(() => {
    drawn.current = { span, height, count, spare };
  });
  useLayoutEffect(() => {
    const found = body.current?.parentElement?.closest<HTMLElement>(".table-scroll") ?? null;
    box.current = found;
    if (found === null) return;
    let rest: ReturnType<typeof setTimeout> | undefined;
    const scrolled = (): void => {
      const now = drawn.current;
      const next = spanAt(found.scrollTop, now.height, now.count, now.spare);
      if (next.first === now.span.first && next.end === now.span.end) return;
      flushSync(() => {
        setTop(found.scrollTop);
        setMoving(true);
      });
      clearTimeout(rest);
      rest = setTimeout(() => setMoving(false), RESTS_MS);
    };
    const size = new ResizeObserver(() => setHeight(found.clientHeight));
    size.observe(found);
    found.addEventListener("scroll", scrolled, { passive: true });
    return () => {
      clearTimeout(rest);
      size.disconnect();
      found.removeEventListener("scroll", scrolled);
    };
  }, [body]);
  useEffect(() => {
    if (!settled) return;
    // The rows in sight come first. Not every browser tells when it is idle.
    const due = setTimeout(() => setSpare(SPARE), SHOWN_MS);
    return () => clearTimeout(due);
  }, [settled]);
  const show = (index: number): void => {
    if (box.current !== null) box.current.scrollTop = topFor(index, box.current.scrollTop, box.current.clientHeight);
  };
  return { ...span, most: drawnIn(height, spare), moving, show };
}

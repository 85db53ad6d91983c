/** Times: relative, the exact one on hover, true while one looks. */

import { useEffect, useState } from "react";
import { ago, exactly, span } from "../../parts/words";

const TICK_MS = 15_000;
const listeners = new Set<(now: number) => void>();
let timer: ReturnType<typeof setInterval> | null = null;

/** One clock for all times on the page. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    listeners.add(setNow);
    timer ??= setInterval(() => listeners.forEach((listener) => listener(Date.now())), TICK_MS);
    return () => {
      listeners.delete(setNow);
      if (listeners.size > 0 || timer === null) return;
      clearInterval(timer);
      timer = null;
    };
  }, []);
  return now;
}

/** "5 min ago"; a dash where there is no time. For what is drawn with a `now` of its own. */
export function agoAt(at: string | null | undefined, now: number): React.JSX.Element {
  if (at === null || at === undefined) return <span className="soft">–</span>;
  return <time className="num" dateTime={at} title={exactly(at)}>{ago(at, now)}</time>;
}

/** "2 h 14 min": how long it has been so. */
export function sinceAt(at: string | null | undefined, now: number): React.JSX.Element {
  if (at === null || at === undefined) return <span className="soft">–</span>;
  return <time className="num" dateTime={at} title={exactly(at)}>{span(now - Date.parse(at))}</time>;
}

export const Ago = ({ at }: { at: string | null | undefined }): React.JSX.Element => agoAt(at, useNow());

export const Since = ({ at }: { at: string | null | undefined }): React.JSX.Element => sinceAt(at, useNow());

/** How much changed on a recorded screen, when: a small strip, the same height for the same change everywhere. */

import type { ActivityView } from "../../api/wire.gen";
import { clockText } from "../../parts/words";
import { texts } from "../texts";
import "./activity.css";

const BARS = 60;
const HEIGHT = 20;
/** The logarithm of the pixels that fill a bar: about a whole screen. */
const FULL_LOG = 6.2;

interface ActivityProps {
  activity: ActivityView | null;
  durationMs: number;
  /** A moment to point at. */
  atMs?: number;
}

/** Heights 0 to 1 of `count` bars over the whole recording: of each the busiest span in it. */
export function barsOf(activity: ActivityView, durationMs: number, count = BARS): number[] {
  const bars = Array.from({ length: count }, () => 0);
  const whole = Math.max(durationMs, activity.pixels.length * activity.seconds * 1000, 1);
  activity.pixels.forEach((pixels, place) => {
    const height = Math.min(Math.log10(1 + pixels / activity.seconds) / FULL_LOG, 1);
    const from = Math.floor((place * activity.seconds * 1000 * count) / whole);
    const to = Math.max(from + 1, Math.floor(((place + 1) * activity.seconds * 1000 * count) / whole));
    for (let bar = from; bar < Math.min(to, count); bar++) bars[bar] = Math.max(bars[bar] ?? 0, height);
  });
  return bars;
}

export function Activity({ activity, durationMs, atMs }: ActivityProps): React.JSX.Element {
  if (activity === null) return <span className="soft">–</span>;
  const bars = barsOf(activity, durationMs);
  const label = atMs === undefined ? texts.recordings.activity : texts.recordings.activityAt(clockText(atMs));
  return (
    <svg className="activity" viewBox={`0 0 ${BARS} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
      {bars.map((height, place) => (height === 0 ? null : (
        <rect key={place} x={place + 0.1} width={0.8} y={HEIGHT * (1 - height)} height={HEIGHT * height} />
      )))}
      {atMs === undefined ? null : <line className="activity-at" x1={headAt(atMs, durationMs)} x2={headAt(atMs, durationMs)} y1={0} y2={HEIGHT} />}
    </svg>
  );
}

const headAt = (atMs: number, durationMs: number): number => Math.min(atMs / Math.max(durationMs, 1), 1) * BARS;

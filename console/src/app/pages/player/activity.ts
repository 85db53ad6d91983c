/** How much changed when, as bars. */

/** The logarithm of the pixels that fill a bar: about a whole screen a second. */
const FULL_LOG = 6.2;

export interface Bar {
  /** In bars from the left. */
  left: number;
  wide: number;
  /** 0 to 1. */
  high: number;
}

/**
 * Of rows of second and changed pixels (format.md section 6), the busiest second of each of `count` bars, logarithmic.
 */
export function barsOf(damage: readonly number[][], durationMs: number, count: number): Bar[] {
  const whole = Math.max(durationMs, 1);
  const most = new Map<number, number>();
  for (const [second, pixels] of damage) {
    const left = Math.min(Math.floor((second * 1000 * count) / whole), count - 1);
    most.set(left, Math.max(most.get(left) ?? 0, pixels));
  }
  const wide = Math.max(1, Math.floor((1000 * count) / whole) - 1);
  return [...most].map(([left, pixels]) => ({ left, wide, high: Math.min(Math.log10(1 + pixels) / FULL_LOG, 1) }));
}

/** Axes: where lines go, and what they say. */

/** Round steps from 0 to at least `most`, about `lines` of them; the last is the top of the chart. */
export function ticks(most: number, lines = 4): number[] {
  if (most <= 0) return [0, 1];
  const rough = most / lines;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((factor) => factor * size).find((one) => one >= rough) ?? 10 * size);
  const found: number[] = [];
  for (let at = 0; at < most + step; at += step) found.push(at);
  return found;
}

/** The place of the largest; the first of several. */
export function peak(values: readonly number[]): number {
  return values.reduce((best, value, place) => (value > (values[best] ?? -1) ? place : best), 0);
}

/** Numbers of forms and of the API: people write minutes, the API has seconds; an empty field is no limit. */

/** What a number field shows. */
export const minutesOf = (seconds: number | null | undefined): number | "" => (seconds === null || seconds === undefined ? "" : seconds / 60);

/** What a number field says; null: nothing that is a number. */
export function wholeOf(value: number | string): number | null {
  const number = typeof value === "number" ? value : Number.parseFloat(value);
  return Number.isFinite(number) ? Math.round(number) : null;
}

export function secondsOf(value: number | string): number | null {
  const number = typeof value === "number" ? value : Number.parseFloat(value);
  return Number.isFinite(number) ? Math.round(number * 60) : null;
}

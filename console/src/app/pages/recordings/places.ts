/** Where recordings are played. */

export const playAddress = (id: string, atMs?: number): string =>
  `/r/${encodeURIComponent(id)}${atMs === undefined ? "" : `#at=${Math.max(0, Math.round(atMs))}`}`;

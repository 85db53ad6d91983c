/** Where a recording's bytes come from. */

import { ApiError, bytesFrom, call } from "../api/http";
import type { RecordingManifest } from "../api/shapes";

const MAX_SEGMENT_BYTES = 64 * 1024 * 1024;

/** Bytes of a segment. `restarted`: they are from 0, whatever was asked; `open`: the segment still grows. */
export interface Piece {
  bytes: Uint8Array;
  restarted: boolean;
  open?: boolean;
}

/** What the tape reads from; a test and an evidence file put their own. */
export interface Source {
  manifest(): Promise<RecordingManifest>;
  /** From `offset` on; null: nothing there yet, also after `waitS` seconds of waiting for it. */
  segment(number: number, offset: number, waitS?: number): Promise<Piece | null>;
  /** What encrypted segments are decrypted with; null when that is not to be had. */
  dataKey(): Promise<Uint8Array<ArrayBuffer> | null>;
}

/** The code of a refusal that asks for a reason before the recording is opened. */
export const REASON_WANTED = "ReasonWanted";

/** The code that the site gave with a refusal, or null. */
export const codeOf = (error: unknown): string | null => (error instanceof ApiError ? error.code : null);

/** The site's own API as a source. */
export function siteSource(recordingId: string): Source {
  const base = `/footlight/v1/recordings/${encodeURIComponent(recordingId)}`;
  return {
    manifest: () => call<RecordingManifest>("GET", `${base}/manifest`),
    segment: (number, offset, waitS = 0) =>
      bytesFrom(`${base}/segments/${number}${waitS === 0 ? "" : `?wait=${waitS}`}`, offset, MAX_SEGMENT_BYTES),
    dataKey: async () => {
      const { dataKey } = await call<{ dataKey: string }>("GET", `${base}/key`);
      return Uint8Array.from(atob(dataKey), (letter) => letter.charCodeAt(0));
    },
  };
}

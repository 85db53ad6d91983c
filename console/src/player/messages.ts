/** What the player's page and its worker say to each other. Times: ms of recording time. */

import type { RecordingManifest } from "../api/shapes";
import type { Gap } from "../recording/format";

export type ToWorker =
  | { kind: "open"; recordingId: string; canvas: OffscreenCanvas }
  /** Draw the picture at a moment. `follow`: the head is at the live edge. */
  | { kind: "show"; id: number; atMs: number; follow: boolean }
  | { kind: "hash"; id: number };

export type FromWorker =
  /** The manifest as last read; durationMs counts what the open segment holds, too. */
  | { kind: "manifest"; manifest: RecordingManifest; durationMs: number }
  | { kind: "shown"; id: number; shown: Shown }
  | { kind: "hash"; id: number; hash: string }
  | { kind: "gaps"; gaps: Gap[] }
  /** An answer that cannot be given. `id` null: the recording itself can't be read now. */
  | { kind: "failed"; id: number | null; message: string };

/** A drawn picture. */
export interface Shown {
  atMs: number;
  width: number;
  height: number;
  segment: number;
  /** The next moment at which the picture changes; null: none known before the end. */
  nextChangeMs: number | null;
}

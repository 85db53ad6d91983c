/** What the player's page and its workers say to each other. Times: ms of recording time. */

import type { RecordingManifest } from "../api/shapes";
import type { Gap } from "../recording/format";
import type { Box } from "./region";

export type ToWorker =
  | { kind: "open"; recordingId: string; canvas: OffscreenCanvas }
  /** Read again what was refused before. */
  | { kind: "again" }
  /** Draw the picture at a moment. `follow`: the head is at the live edge; `ahead`: it plays, so what comes next is fetched. */
  | { kind: "show"; id: number; atMs: number; follow: boolean; ahead: boolean }
  | { kind: "change"; id: number; atMs: number; by: 1 | -1 }
  | { kind: "hash"; id: number };

export type FromWorker =
  /** The manifest as last read; durationMs counts what the open segment holds, too. */
  | { kind: "manifest"; manifest: RecordingManifest; durationMs: number }
  /** The open segment has more. */
  | { kind: "grown"; durationMs: number }
  | { kind: "shown"; id: number; shown: Shown }
  | { kind: "change"; id: number; atMs: number | null }
  | { kind: "hash"; id: number; hash: string }
  | { kind: "gaps"; gaps: Gap[] }
  /** An answer that cannot be given. `id` null: the recording itself can't be read now; `code`: the site's. */
  | { kind: "failed"; id: number | null; message: string; code: string | null };

/** A drawn picture. */
export interface Shown {
  atMs: number;
  width: number;
  height: number;
  segment: number;
  /** The next moment at which the picture changes; null: none known before the end. */
  nextChangeMs: number | null;
}

export type ToScout =
  | { kind: "open"; recordingId: string }
  | { kind: "manifest"; manifest: RecordingManifest }
  /** A small picture of a moment. One that waits when another is asked for is dropped. */
  | { kind: "preview"; id: number; atMs: number; width: number }
  /** When the pixels in the box are others than at the moment. A search that runs is given up. */
  | { kind: "search"; id: number; atMs: number; box: Box }
  | { kind: "stop" };

export type FromScout =
  /** `image` null: dropped, or there is none. */
  | { kind: "preview"; id: number; image: ImageBitmap | null }
  | { kind: "searching"; id: number; atMs: number }
  /** `atMs` null: not until the end; `stopped`: given up. */
  | { kind: "found"; id: number; atMs: number | null; stopped: boolean }
  | { kind: "failed"; id: number; message: string };

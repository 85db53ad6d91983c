/** A recording as the player reads it: which segments there are, their bytes, the picture at a moment. */

import { bytesFrom, call } from "../api/http";
import type { ManifestSegment, RecordingManifest } from "../api/shapes";
import { KIND_GAP, parseGap, type Gap } from "../recording/format";
import { Picture } from "../recording/picture";
import { SegmentReader } from "../recording/segment";
import type { Framebuffer } from "../rfb/framebuffer";
import type { Shown } from "./messages";

const MAX_SEGMENT_BYTES = 64 * 1024 * 1024;
/** Decompressed bytes kept over all segments; the least used go first. */
const MAX_KEPT_BYTES = 384 * 1024 * 1024;
const NS_PER_MS = 1_000_000;

/** Where the bytes come from; a test puts its own. */
export interface Source {
  manifest(): Promise<RecordingManifest>;
  segment(number: number, offset: number): Promise<{ bytes: Uint8Array; restarted: boolean } | null>;
}

/** The site's own API as a source. */
export function siteSource(recordingId: string): Source {
  const base = `/footlight/v1/recordings/${encodeURIComponent(recordingId)}`;
  return {
    manifest: () => call<RecordingManifest>("GET", `${base}/manifest`),
    segment: (number, offset) => bytesFrom(`${base}/segments/${number}`, offset, MAX_SEGMENT_BYTES),
  };
}

export class Tape {
  manifest: RecordingManifest = { open: true, durationMs: 0, segments: [] };
  /** Length with what the open segment holds beyond the manifest's word. */
  durationMs = 0;
  private readonly readers = new Map<number, SegmentReader>();
  private picture: Picture | null = null;
  private shownNumber = -1;

  constructor(private readonly source: Source) {}

  /** Read the manifest again, and the open segment's new bytes when its picture is in use. */
  async refresh(): Promise<void> {
    this.manifest = await this.source.manifest();
    this.durationMs = Math.max(this.durationMs, this.manifest.durationMs);
    const open = this.manifest.segments.find((segment) => segment.open);
    const reader = open === undefined ? undefined : this.readers.get(open.number);
    if (open === undefined || reader === undefined) return;
    await this.read(open.number, reader);
    const lastMs = (open.startNs + reader.lastNs()) / NS_PER_MS;
    this.durationMs = Math.max(this.durationMs, lastMs);
  }

  /** The picture at a moment, and what is known of it; null while there is no segment yet. */
  async show(atMs: number): Promise<{ frame: Framebuffer; shown: Shown } | null> {
    const segment = this.segmentAt(atMs);
    if (segment === null) return null;
    const reader = await this.reader(segment);
    const ns = Math.max(atMs * NS_PER_MS - segment.startNs, 0);
    if (this.picture?.segment !== reader || !this.picture.reaches(ns)) this.picture = new Picture(reader);
    this.shownNumber = segment.number;
    this.picture.advance(ns);
    const { frame } = this.picture;
    if (frame === null) return null;
    const nextChangeMs = this.nextChangeMs(segment, this.picture);
    return {
      frame,
      shown: { atMs, width: frame.width, height: frame.height, segment: segment.number, nextChangeMs },
    };
  }

  /** Gaps named by the manifest and by the segments read so far, in order, each once. */
  gaps(): Gap[] {
    const found = new Map<number, Gap>();
    for (const gap of this.manifest.gaps ?? []) found.set(gap.fromNs, gap);
    for (const reader of this.readers.values()) {
      for (let i = 0; i < 4; i++) {
        // A gap stands before or right after its segment's first screen record.
        const record = reader.record(i);
        if (record?.kind !== KIND_GAP) continue;
        const gap = parseGap(record.payload);
        found.set(gap.fromNs, gap);
      }
    }
    return [...found.values()].sort((a, b) => a.fromNs - b.fromNs);
  }

  /** The last segment that starts at or before the moment; the first one before its start. */
  private segmentAt(atMs: number): ManifestSegment | null {
    const { segments } = this.manifest;
    let low = 0;
    let high = segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (segments[middle].startNs <= atMs * NS_PER_MS) low = middle;
      else high = middle - 1;
    }
    return segments.length === 0 ? null : segments[low];
  }

  private nextChangeMs(segment: ManifestSegment, picture: Picture): number | null {
    const inside = picture.nextUpdateNs();
    if (inside !== null) return (segment.startNs + inside) / NS_PER_MS;
    const after = this.manifest.segments.find((other) => other.number > segment.number);
    return after === undefined ? null : after.startNs / NS_PER_MS;
  }

  private async reader(segment: ManifestSegment): Promise<SegmentReader> {
    const kept = this.readers.get(segment.number);
    const reader = kept ?? new SegmentReader();
    // Most recently used last.
    this.readers.delete(segment.number);
    this.readers.set(segment.number, reader);
    if (kept === undefined || (!segment.open && !reader.ended && reader.storedBytes < segment.sizeBytes)) {
      await this.read(segment.number, reader);
    }
    this.forget();
    return this.readers.get(segment.number) ?? reader;
  }

  /** Fetch what the reader lacks. A source that starts over gets a new reader. */
  private async read(number: number, reader: SegmentReader): Promise<void> {
    let piece;
    try {
      piece = await this.source.segment(number, reader.storedBytes);
    } catch (error) {
      if (reader.storedBytes === 0) this.readers.delete(number);
      throw error;
    }
    if (piece === null) return;
    if (!piece.restarted) {
      reader.append(piece.bytes);
      return;
    }
    reader.append(piece.bytes.subarray(reader.storedBytes));
  }

  private forget(): void {
    let held = 0;
    for (const reader of this.readers.values()) held += reader.heldBytes;
    for (const [number, reader] of this.readers) {
      if (held <= MAX_KEPT_BYTES || number === this.shownNumber || this.readers.size <= 2) continue;
      held -= reader.heldBytes;
      this.readers.delete(number);
    }
  }
}

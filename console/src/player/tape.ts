/** A recording as the player reads it: which segments there are, their bytes, the picture at a moment. */

import { bytesFrom, call } from "../api/http";
import type { ManifestSegment, RecordingManifest } from "../api/shapes";
import { FormatError, KIND_GAP, parseGap, type Gap } from "../recording/format";
import { Picture } from "../recording/picture";
import { SegmentReader } from "../recording/segment";
import { RfbError, type Framebuffer } from "../rfb/framebuffer";
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

  /**
   * The picture at a moment, and what is known of it; null while there is none. A segment of which
   * no update can be read yet shows what was before it.
   */
  async show(atMs: number): Promise<{ frame: Framebuffer; shown: Shown } | null> {
    const { segments } = this.manifest;
    for (let place = this.placeAt(atMs); place >= 0; place--) {
      const segment = segments[place];
      const picture = await this.pictureIn(segment, Math.max(Math.round(atMs * NS_PER_MS) - segment.startNs, 0));
      const frame = picture.updates === 0 ? null : picture.frame;
      if (frame === null) continue;
      const nextChangeMs = this.nextChangeMs(segment, picture);
      const { width, height } = frame;
      return { frame, shown: { atMs, width, height, segment: segment.number, nextChangeMs } };
    }
    return null;
  }

  /** The segment's picture at `ns` since its first instant. */
  private async pictureIn(segment: ManifestSegment, ns: number): Promise<Picture> {
    const reader = await this.reader(segment);
    this.shownNumber = segment.number;
    // Bytes read while the segment was open may be others once it is sealed: read it anew, once.
    const doubtful = reader.pieces > 1;
    try {
      const picture = this.advanced(reader, ns);
      if (segment.open || !doubtful || !reader.starved) return picture;
    } catch (error) {
      const damaged = error instanceof FormatError || error instanceof RfbError;
      if (!damaged || !doubtful) throw error;
    }
    this.readers.delete(segment.number);
    return this.advanced(await this.reader(segment), ns);
  }

  private advanced(reader: SegmentReader, ns: number): Picture {
    const kept = this.picture?.segment === reader && this.picture.reaches(ns) ? this.picture : null;
    this.picture = kept ?? new Picture(reader);
    this.picture.advance(ns);
    return this.picture;
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

  /** The place of the last segment that starts at or before the moment; 0 before that, -1 if none. */
  private placeAt(atMs: number): number {
    const { segments } = this.manifest;
    let low = 0;
    let high = segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (segments[middle].startNs <= Math.round(atMs * NS_PER_MS)) low = middle;
      else high = middle - 1;
    }
    return Math.min(low, high);
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

  /** Fetch what the reader lacks. */
  private async read(number: number, reader: SegmentReader): Promise<void> {
    let piece;
    try {
      piece = await this.source.segment(number, reader.storedBytes);
    } catch (error) {
      if (reader.storedBytes === 0) this.readers.delete(number);
      throw error;
    }
    if (piece === null) return;
    reader.append(piece.restarted ? piece.bytes.subarray(reader.storedBytes) : piece.bytes);
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

/** A recording as the player reads it: which segments there are, their bytes, the picture at a moment. */

import type { ManifestSegment, RecordingManifest } from "../api/shapes";
import { FormatError, KIND_GAP, parseGap, type Gap } from "../recording/format";
import { Picture } from "../recording/picture";
import { SegmentReader } from "../recording/segment";
import { RfbError, type Framebuffer } from "../rfb/framebuffer";
import type { Shown } from "./messages";
import type { Piece, Source } from "./source";

const MAX_KEPT_BYTES = 384 * 1024 * 1024;
const NS_PER_MS = 1_000_000;

export class Tape {
  manifest: RecordingManifest = { open: true, durationMs: 0, segments: [] };
  /** Length with what the open segment holds beyond the manifest's word. */
  durationMs = 0;
  private readonly readers = new Map<number, SegmentReader>();
  private picture: Picture | null = null;
  private shownNumber = -1;

  private asked: Promise<Uint8Array<ArrayBuffer> | null> | null = null;

  /** `maxKeptBytes`: memory for what is decompressed, over all segments; the least used go first. */
  constructor(
    private readonly source: Source,
    private readonly maxKeptBytes = MAX_KEPT_BYTES,
  ) {}

  /** The recording's data key, asked for once; a question that failed is asked again. */
  private readonly dataKey = (): Promise<Uint8Array<ArrayBuffer> | null> => {
    this.asked ??= this.source.dataKey().catch((error: unknown) => {
      this.asked = null;
      throw error;
    });
    return this.asked;
  };

  /** Read the manifest again, and the open segment's new bytes when its picture is in use. */
  async refresh(): Promise<void> {
    await this.use(await this.source.manifest());
  }

  /** The same with a manifest that is here already. */
  async use(manifest: RecordingManifest): Promise<void> {
    this.manifest = manifest;
    this.durationMs = Math.max(this.durationMs, manifest.durationMs);
    const tail = this.tail();
    const reader = tail === null ? undefined : this.readers.get(tail.number);
    if (tail === null || reader === undefined) return;
    await this.read(tail.number, reader);
    this.measure(tail.number, reader);
  }

  /** Where the open segment's next bytes belong, when its picture is in use. */
  tail(): { number: number; offset: number } | null {
    const open = this.manifest.segments.find((segment) => segment.open);
    const reader = open === undefined ? undefined : this.readers.get(open.number);
    return open === undefined || reader === undefined ? null : { number: open.number, offset: reader.storedBytes };
  }

  /** Add what was read behind `offset` of the open segment; without effect when it has gone on since. */
  async grow(number: number, offset: number, piece: Piece): Promise<void> {
    const reader = this.readers.get(number);
    if (reader?.storedBytes !== offset) return;
    await this.take(number, reader, piece);
    this.measure(number, reader);
  }

  /** The sealed segment behind a moment that is not here yet; null: none. */
  ahead(atMs: number): number | null {
    const next = this.manifest.segments.at(this.placeAt(atMs) + 1);
    return next === undefined || next.open || this.readers.has(next.number) || this.placeAt(atMs) < 0 ? null : next.number;
  }

  /** Keep a whole segment that was read before it is needed. */
  async hold(number: number, piece: Piece): Promise<void> {
    if (piece.open === true || this.readers.has(number)) return;
    const reader = new SegmentReader(this.dataKey);
    this.readers.set(number, reader);
    await this.take(number, reader, piece);
    this.forget();
  }

  /** The moment of the change after (1) or before (-1) what is shown at a moment; null: there is none. */
  async change(atMs: number, by: 1 | -1): Promise<number | null> {
    const here = await this.show(atMs);
    if (here === null) return null;
    if (by === 1) return here.shown.nextChangeMs;
    const place = this.placeAt(atMs);
    // What is shown came with the last change; the picture before it begins at the one before that.
    for (let at = place, skip = 1; at >= 0; at--) {
      const segment = this.manifest.segments[at];
      const reader = await this.reader(segment);
      const ns = at === place ? Math.round(atMs * NS_PER_MS) - segment.startNs : Infinity;
      const times = new Picture(reader).changesUntil(ns);
      if (times.length > skip) return (segment.startNs + times[times.length - 1 - skip]) / NS_PER_MS;
      skip = Math.max(skip - Math.max(times.length, at === place ? 1 : 0), 0);
    }
    return 0;
  }

  private measure(number: number, reader: SegmentReader): void {
    const segment = this.manifest.segments.find((one) => one.number === number);
    if (segment !== undefined) this.durationMs = Math.max(this.durationMs, (segment.startNs + reader.lastNs()) / NS_PER_MS);
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
    const known = this.readers.get(segment.number);
    // Sealing writes a segment anew: what was read before goes on only when all of it was there.
    const stale = known !== undefined && known.whileOpen && !segment.open && !known.ended;
    const kept = stale ? undefined : known;
    const reader = kept ?? new SegmentReader(this.dataKey, segment.open);
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
    if (piece !== null) await this.take(number, reader, piece);
  }

  private async take(number: number, reader: SegmentReader, piece: Piece): Promise<void> {
    try {
      await reader.take(piece.restarted ? piece.bytes.subarray(reader.storedBytes) : piece.bytes);
    } catch (error) {
      this.readers.delete(number);
      throw error;
    }
  }

  private forget(): void {
    let held = 0;
    for (const reader of this.readers.values()) held += reader.keptBytes;
    for (const [number, reader] of this.readers) {
      if (held <= this.maxKeptBytes || number === this.shownNumber || this.readers.size <= 2) continue;
      held -= reader.keptBytes;
      this.readers.delete(number);
    }
  }
}

/** Looks for the next moment at which a part of the picture is another one. */

import type { ManifestSegment, RecordingManifest } from "../api/shapes";
import type { Gap } from "../recording/format";
import type { Framebuffer } from "../rfb/framebuffer";
import type { Tape } from "./tape";

/** A part of the picture: pixels, right and bottom exclusive. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Search {
  stopped(): boolean;
  /** Told how far it has come, and waited for: lets messages in. */
  pause(atMs: number): Promise<void>;
}

const NS_PER_MS = 1_000_000;
const NS_PER_S = 1_000_000_000;
const PAUSE_EACH_MS = 40;

/**
 * The first moment after `fromMs` at which the box shows other pixels than at `fromMs`, in ms of
 * recording time; null: none until the end, or stopped. Decodes on the way; segments of which the
 * index says that the box stays as it is are passed over unread.
 */
export async function nextChangeIn(tape: Tape, box: Box, fromMs: number, search: Search): Promise<number | null> {
  const first = await tape.show(fromMs);
  if (first === null) return null;
  const before = pixelsIn(first.frame, box);
  let { width, height } = first.frame;
  first.frame.takeDamage();
  const quiet = new QuietSegments(tape.manifest, tape.gaps());
  let segment = first.shown.segment;
  let paused = performance.now();
  let next = first.shown.nextChangeMs;
  while (next !== null && !search.stopped()) {
    if (performance.now() - paused > PAUSE_EACH_MS) {
      await search.pause(next);
      paused = performance.now();
    }
    const following = quiet.over(next, box, width, height);
    if (following !== next) {
      next = following;
      continue;
    }
    const now = await tape.show(next);
    if (now === null) return null;
    const damage = now.frame.takeDamage();
    // In another segment the picture is another object, all of it damaged.
    const touched = now.shown.segment !== segment || (damage !== null && meet(damage, box));
    segment = now.shown.segment;
    // A screen of another size is a change only where the box's pixels are others, or are not there any more.
    ({ width, height } = now.frame);
    if (touched && differs(now.frame, box, before)) return next;
    next = now.shown.nextChangeMs;
  }
  return null;
}

/** Whether two boxes have a pixel in common. */
export const meet = (one: Box, other: Box): boolean =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

/** Tells from the damage of each second which segments leave a box as it is. */
class QuietSegments {
  private readonly rows = new Map<number, number[]>();

  constructor(
    private readonly manifest: RecordingManifest,
    private readonly gaps: Gap[],
  ) {
    for (const row of manifest.damage ?? []) this.rows.set(row[0], row);
  }

  /** The moment, or the start of the segment after it when a quiet segment begins then; null: it is the last one. */
  over(atMs: number, box: Box, width: number, height: number): number | null {
    const at = Math.round(atMs * NS_PER_MS);
    const place = this.manifest.segments.findIndex((one) => one.startNs === at);
    if (place < 0) return atMs;
    const following = this.manifest.segments.at(place + 1);
    if (!this.isQuiet(this.manifest.segments[place], following, box, width, height)) return atMs;
    return following === undefined ? null : following.startNs / NS_PER_MS;
  }

  private isQuiet(segment: ManifestSegment, following: ManifestSegment | undefined, box: Box, width: number, height: number): boolean {
    if (segment.open || segment.endNs === null || segment.width !== width || segment.height !== height) return false;
    // Behind a gap the key frame may be another picture.
    if (this.gaps.some((gap) => gap.toNs >= segment.startNs - NS_PER_S && gap.fromNs <= segment.startNs)) return false;
    // So many pixels in the second in which a segment begins are those of its key frame and no others.
    const onlyKeyFrame = (second: number): boolean => this.rows.get(second)?.[1] === width * height;
    const first = Math.floor(segment.startNs / NS_PER_S);
    const last = Math.floor(segment.endNs / NS_PER_S);
    if (!onlyKeyFrame(first)) return false;
    const shared = following === undefined ? -1 : Math.floor(following.startNs / NS_PER_S);
    for (let second = first + 1; second <= last; second++) {
      const row = this.rows.get(second);
      if (row === undefined || (second === shared && onlyKeyFrame(second))) continue;
      if (meet({ left: row[2], top: row[3], right: row[4], bottom: row[5] }, box)) return false;
    }
    return true;
  }
}

function pixelsIn(frame: Framebuffer, box: Box): Uint32Array {
  const wide = Math.max(Math.min(box.right, frame.width) - box.left, 0);
  const high = Math.max(Math.min(box.bottom, frame.height) - box.top, 0);
  const pixels = new Uint32Array(wide * high);
  for (let row = 0; row < high; row++) {
    const from = (box.top + row) * frame.width + box.left;
    pixels.set(frame.pixels.subarray(from, from + wide), row * wide);
  }
  return pixels;
}

function differs(frame: Framebuffer, box: Box, before: Uint32Array): boolean {
  const now = pixelsIn(frame, box);
  return now.length !== before.length || now.some((pixel, at) => pixel !== before[at]);
}

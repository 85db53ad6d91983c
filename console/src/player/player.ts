/** Joins timeline and pictures: draws where the head is, one picture at a time. */

import type { RecordingManifest } from "../api/shapes";
import type { Gap } from "../recording/format";
import { PlayerClient } from "./client";
import type { Shown } from "./messages";
import { ScoutClient } from "./scout_client";
import { Timeline, type PlayState } from "./timeline";

export interface PlayerEvents {
  /** Something that the page shows has moved. */
  changed(): void;
  /** `code`: the site's, of a refusal. */
  trouble(message: string, code: string | null): void;
}

/** "loading" until the first picture is drawn; "error" when it can't be. */
export type PlayerState = "loading" | "error" | PlayState;

export class Player {
  readonly timeline = new Timeline(() => performance.now());
  readonly scout: ScoutClient;
  manifest: RecordingManifest | null = null;
  gaps: Gap[] = [];
  shown: Shown | null = null;
  /** Animation frames for which another picture was due, and those of them that came before it was drawn. */
  readonly frames = { due: 0, dropped: 0 };
  private readonly client: PlayerClient;
  private drawing: Promise<void> | null = null;
  /** Where the last picture was asked for; -1: what is drawn may have changed. */
  private askedMs = -1;
  /** Where the head was in the frames since a picture was asked for. */
  private waited: number[] = [];
  private broken = false;
  private closed = false;

  /** `startMs` null: at the live edge of a running recording, else at the beginning. */
  constructor(
    recordingId: string,
    canvas: OffscreenCanvas,
    private startMs: number | null,
    private readonly events: PlayerEvents,
  ) {
    this.scout = new ScoutClient(recordingId);
    this.client = new PlayerClient(recordingId, canvas, {
      manifest: (manifest, durationMs) => this.takeManifest(manifest, durationMs),
      grown: (durationMs) => {
        this.askedMs = -1;
        this.timeline.extend(durationMs, this.timeline.open);
        events.changed();
      },
      gaps: (gaps) => {
        this.gaps = gaps;
        events.changed();
      },
      trouble: (message, code) => {
        this.broken = this.shown === null;
        events.trouble(message, code);
      },
    });
    const tick = (): void => {
      if (this.closed) return;
      this.tick();
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  get state(): PlayerState {
    if (this.shown === null && !this.eventsOnly) return this.broken ? "error" : "loading";
    return this.timeline.state;
  }

  /** There are segments, and no picture in any of them. */
  get eventsOnly(): boolean {
    const segments = this.manifest?.segments ?? [];
    return segments.length > 0 && segments.every(({ width, open }) => width === 0 && !open);
  }

  /** Go to a moment; the picture follows. While it is dragged, moments that were passed are not drawn. */
  move(ms: number): void {
    this.timeline.seek(ms);
    this.askedMs = -1;
    this.tick();
    this.events.changed();
  }

  /** Go to a moment; resolves when its picture is drawn. */
  async seek(ms: number): Promise<void> {
    this.timeline.seek(ms);
    const wanted = this.timeline.position();
    while (this.drawing !== null) await this.drawing;
    await this.draw(this.timeline.state === "playing" ? this.timeline.position() : wanted);
  }

  /** Go to the change after (1) or before (-1) what is shown; it stands there. */
  async step(by: 1 | -1): Promise<void> {
    this.timeline.pause();
    const to = await this.client.change(this.timeline.position(), by);
    if (to !== null) this.move(to);
  }

  /** SHA-256 (hex) of the drawn picture. */
  frameHash(): Promise<string> {
    return this.client.hash();
  }

  /** Read again what was refused. */
  again(): void {
    this.broken = false;
    this.client.again();
  }

  close(): void {
    this.closed = true;
    this.client.close();
    this.scout.close();
  }

  private takeManifest(manifest: RecordingManifest, durationMs: number): void {
    const first = this.manifest === null && manifest.segments.length > 0;
    if (manifest.segments.length > 0) this.manifest = manifest;
    this.scout.know(manifest);
    this.askedMs = -1;
    this.timeline.extend(durationMs, manifest.open);
    if (first && this.startMs !== null) this.timeline.seek(this.startMs);
    else if (first && manifest.open) this.timeline.goLive();
    this.events.changed();
  }

  private tick(): void {
    if (this.manifest === null || this.eventsOnly) return;
    const at = this.timeline.position();
    if (this.drawing !== null) this.waited.push(at);
    else if (this.isDue(at)) {
      this.frames.due++;
      void this.draw(at).catch(() => undefined);
    }
  }

  /** Whether the picture at the moment can be another one than was asked for last. */
  private isDue(atMs: number): boolean {
    if (this.askedMs < 0 || atMs < this.askedMs) return true;
    if (atMs === this.askedMs) return false;
    return this.shown === null || this.isPast(this.shown, atMs);
  }

  /** Whether the picture has changed again until that moment. */
  private isPast({ nextChangeMs }: Shown, atMs: number): boolean {
    return nextChangeMs !== null && atMs >= nextChangeMs;
  }

  private draw(atMs: number): Promise<void> {
    const { state } = this.timeline;
    this.askedMs = atMs;
    this.waited = [];
    const done = this.client.show(atMs, { follow: state === "live", ahead: state === "playing" }).then(
      (shown) => {
        this.shown = shown;
        const late = this.waited.filter((at) => at > atMs && this.isPast(shown, at)).length;
        this.frames.due += late;
        this.frames.dropped += late;
        this.broken = false;
        this.timeline.noteNextChange(atMs, shown.nextChangeMs);
        this.events.changed();
      },
      (error: unknown) => {
        this.broken = this.shown === null;
        this.events.trouble(error instanceof Error ? error.message : String(error), null);
        throw error;
      },
    );
    const settled = done.then(
      () => undefined,
      () => undefined,
    );
    this.drawing = settled.finally(() => {
      this.drawing = null;
    });
    return done;
  }
}

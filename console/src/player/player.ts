/** Joins timeline and pictures: draws where the head is, one picture at a time. */

import type { RecordingManifest } from "../api/shapes";
import type { Gap } from "../recording/format";
import { PlayerClient } from "./client";
import type { Shown } from "./messages";
import { Timeline, type PlayState } from "./timeline";

export interface PlayerEvents {
  /** Something that the page shows has moved. */
  changed(): void;
  trouble(message: string): void;
}

/** "loading" until the first picture is drawn; "error" when it can't be. */
export type PlayerState = "loading" | "error" | PlayState;

export class Player {
  readonly timeline = new Timeline(() => performance.now());
  manifest: RecordingManifest | null = null;
  gaps: Gap[] = [];
  shown: Shown | null = null;
  private readonly client: PlayerClient;
  private drawing: Promise<void> | null = null;
  private drawnAtMs = -1;
  private broken = false;

  /** `startMs` null: at the live edge of a running recording, else at the beginning. */
  constructor(
    recordingId: string,
    canvas: OffscreenCanvas,
    private startMs: number | null,
    private readonly events: PlayerEvents,
  ) {
    this.client = new PlayerClient(recordingId, canvas, {
      manifest: (manifest, durationMs) => this.takeManifest(manifest, durationMs),
      gaps: (gaps) => {
        this.gaps = gaps;
        events.changed();
      },
      trouble: (message) => {
        this.broken = this.shown === null;
        events.trouble(message);
      },
    });
    const tick = (): void => {
      this.tick();
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  get state(): PlayerState {
    if (this.shown === null) return this.broken ? "error" : "loading";
    return this.timeline.state;
  }

  /** Go to a moment; resolves when its picture is drawn. */
  async seek(ms: number): Promise<void> {
    this.timeline.seek(ms);
    const wanted = this.timeline.position();
    while (this.drawing !== null) await this.drawing;
    await this.draw(this.timeline.state === "playing" ? this.timeline.position() : wanted);
  }

  /** SHA-256 (hex) of the drawn picture. */
  frameHash(): Promise<string> {
    return this.client.hash();
  }

  private takeManifest(manifest: RecordingManifest, durationMs: number): void {
    const first = this.manifest === null && manifest.segments.length > 0;
    if (manifest.segments.length > 0) this.manifest = manifest;
    this.timeline.extend(durationMs, manifest.open);
    if (first && this.startMs !== null) this.timeline.seek(this.startMs);
    else if (first && manifest.open) this.timeline.goLive();
    this.events.changed();
  }

  private tick(): void {
    if (this.manifest === null || this.drawing !== null) return;
    const at = this.timeline.position();
    if (at === this.drawnAtMs) return;
    void this.draw(at).catch(() => undefined);
  }

  private draw(atMs: number): Promise<void> {
    const follow = this.timeline.state === "live";
    this.drawnAtMs = atMs;
    const done = this.client.show(atMs, follow).then(
      (shown) => {
        this.shown = shown;
        this.broken = false;
        this.timeline.noteNextChange(atMs, shown.nextChangeMs);
        this.events.changed();
      },
      (error: unknown) => {
        this.broken = this.shown === null;
        this.events.trouble(error instanceof Error ? error.message : String(error));
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

/** The page's end of the scout: previews of moments, and searches in a part of the picture. */

import type { RecordingManifest } from "../api/shapes";
import { Asked } from "./asked";
import type { FromScout, ToScout } from "./messages";
import type { Box } from "./region";

export class ScoutClient {
  private worker: Worker | null = null;
  private readonly asked = new Asked();
  private manifest: RecordingManifest | null = null;
  private progress: (atMs: number) => void = () => undefined;

  /** The worker is made when it is needed first. */
  constructor(private readonly recordingId: string) {}

  /** The recording as it is known now. */
  know(manifest: RecordingManifest): void {
    this.manifest = manifest;
    if (this.worker !== null) this.send({ kind: "manifest", manifest });
  }

  /** A picture of a moment, so wide; null when another was asked for meanwhile, or there is none. */
  preview(atMs: number, width: number): Promise<ImageBitmap | null> {
    return this.asked.ask((id) => this.send({ kind: "preview", id, atMs, width }));
  }

  /** When the box shows other pixels than at the moment. `progress`: how far the search is. */
  search(box: Box, atMs: number, progress: (atMs: number) => void): Promise<{ atMs: number | null; stopped: boolean }> {
    this.progress = progress;
    return this.asked.ask((id) => this.send({ kind: "search", id, atMs, box }));
  }

  /** Give up a search. */
  stop(): void {
    this.send({ kind: "stop" });
  }

  close(): void {
    this.worker?.terminate();
  }

  private send(message: ToScout): void {
    if (this.worker === null) {
      this.worker = new Worker(new URL("./scout.ts", import.meta.url), { type: "module" });
      this.worker.onmessage = ({ data }: MessageEvent<FromScout>) => this.take(data);
      this.worker.postMessage({ kind: "open", recordingId: this.recordingId } satisfies ToScout);
      if (this.manifest !== null) this.worker.postMessage({ kind: "manifest", manifest: this.manifest } satisfies ToScout);
    }
    this.worker.postMessage(message);
  }

  private take(message: FromScout): void {
    switch (message.kind) {
      case "preview":
        this.asked.answer(message.id, message.image);
        break;
      case "searching":
        this.progress(message.atMs);
        break;
      case "found":
        this.asked.answer(message.id, { atMs: message.atMs, stopped: message.stopped });
        break;
      case "failed":
        this.asked.refuse(message.id, message.message);
        break;
    }
  }
}

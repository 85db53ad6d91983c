/** The page's end of the worker: asks for pictures one at a time, hands on what the worker tells. */

import type { RecordingManifest } from "../api/shapes";
import type { Gap } from "../recording/format";
import { Asked } from "./asked";
import type { FromWorker, Shown, ToWorker } from "./messages";

export interface ClientEvents {
  manifest(manifest: RecordingManifest, durationMs: number): void;
  grown(durationMs: number): void;
  gaps(gaps: Gap[]): void;
  /** The recording can't be read now; the worker goes on trying. `code`: the site's. */
  trouble(message: string, code: string | null): void;
}

export class PlayerClient {
  private readonly worker: Worker;
  private readonly asked = new Asked();

  constructor(
    recordingId: string,
    canvas: OffscreenCanvas,
    private readonly events: ClientEvents,
  ) {
    this.worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    this.worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.take(data);
    this.worker.onerror = (event) => events.trouble(`The player stopped: ${event.message}`, null);
    this.send({ kind: "open", recordingId, canvas }, [canvas]);
  }

  /** Resolves when the picture at that moment is drawn. */
  show(atMs: number, how: { follow: boolean; ahead: boolean }): Promise<Shown> {
    return this.asked.ask((id) => this.send({ kind: "show", id, atMs, ...how }));
  }

  /** The moment of the change after or before what is shown at a moment; null: none. */
  change(atMs: number, by: 1 | -1): Promise<number | null> {
    return this.asked.ask((id) => this.send({ kind: "change", id, atMs, by }));
  }

  /** SHA-256 (hex) over the drawn picture's bytes R, G, B, row by row. */
  hash(): Promise<string> {
    return this.asked.ask((id) => this.send({ kind: "hash", id }));
  }

  /** Read again what was refused. */
  again(): void {
    this.send({ kind: "again" });
  }

  close(): void {
    this.worker.terminate();
  }

  private send(message: ToWorker, moved: Transferable[] = []): void {
    this.worker.postMessage(message, moved);
  }

  private take(message: FromWorker): void {
    switch (message.kind) {
      case "manifest":
        this.events.manifest(message.manifest, message.durationMs);
        break;
      case "grown":
        this.events.grown(message.durationMs);
        break;
      case "gaps":
        this.events.gaps(message.gaps);
        break;
      case "shown":
        this.asked.answer(message.id, message.shown);
        break;
      case "change":
        this.asked.answer(message.id, message.atMs);
        break;
      case "hash":
        this.asked.answer(message.id, message.hash);
        break;
      case "failed":
        if (message.id === null || message.code !== null) this.events.trouble(message.message, message.code);
        if (message.id !== null) this.asked.refuse(message.id, message.message);
        break;
    }
  }
}

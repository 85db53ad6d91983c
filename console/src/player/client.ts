/** The page's end of the worker: asks for pictures one at a time, hands on what the worker tells. */

import type { RecordingManifest } from "../api/shapes";
import type { Gap } from "../recording/format";
import type { FromWorker, Shown, ToWorker } from "./messages";

export interface ClientEvents {
  manifest(manifest: RecordingManifest, durationMs: number): void;
  gaps(gaps: Gap[]): void;
  /** The recording can't be read now; the worker goes on trying. */
  trouble(message: string): void;
}

type Waiter = { done: (value: Shown | string) => void; fail: (error: Error) => void };

export class PlayerClient {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiter>();
  private lastId = 0;

  constructor(
    recordingId: string,
    canvas: OffscreenCanvas,
    private readonly events: ClientEvents,
  ) {
    this.worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    this.worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.take(data);
    this.worker.onerror = (event) => events.trouble(`The player stopped: ${event.message}`);
    this.send({ kind: "open", recordingId, canvas }, [canvas]);
  }

  /** Resolves when the picture at that moment is drawn. */
  async show(atMs: number, follow: boolean): Promise<Shown> {
    return (await this.ask((id) => ({ kind: "show", id, atMs, follow }))) as Shown;
  }

  /** SHA-256 (hex) over the drawn picture's bytes R, G, B, row by row. */
  async hash(): Promise<string> {
    return (await this.ask((id) => ({ kind: "hash", id }))) as string;
  }

  private ask(message: (id: number) => ToWorker): Promise<Shown | string> {
    const id = ++this.lastId;
    return new Promise((done, fail) => {
      this.waiting.set(id, { done, fail });
      this.send(message(id));
    });
  }

  private send(message: ToWorker, moved: Transferable[] = []): void {
    this.worker.postMessage(message, moved);
  }

  private take(message: FromWorker): void {
    switch (message.kind) {
      case "manifest":
        this.events.manifest(message.manifest, message.durationMs);
        break;
      case "gaps":
        this.events.gaps(message.gaps);
        break;
      case "shown":
        this.settle(message.id, (waiter) => waiter.done(message.shown));
        break;
      case "hash":
        this.settle(message.id, (waiter) => waiter.done(message.hash));
        break;
      case "failed":
        if (message.id === null) this.events.trouble(message.message);
        else this.settle(message.id, (waiter) => waiter.fail(new Error(message.message)));
        break;
    }
  }

  private settle(id: number, how: (waiter: Waiter) => void): void {
    const waiter = this.waiting.get(id);
    this.waiting.delete(id);
    if (waiter !== undefined) how(waiter);
  }
}

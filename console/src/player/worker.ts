/** The player's worker: fetches, decodes and draws, so that the page never waits for a picture. */

import { painter, type Painter } from "./canvas";
import type { FromWorker, ToWorker } from "./messages";
import { siteSource, Tape } from "./tape";

/** How often a running recording is looked at: at its edge, and while the head is elsewhere. */
const EDGE_POLL_MS = 500;
const AWAY_POLL_MS = 2000;

const scope = self as unknown as { postMessage(message: FromWorker): void; onmessage: unknown };

let tape: Tape | null = null;
let paint: Painter | null = null;
let follow = false;
let gapsTold = -1;
let lastPoll = 0;

/** Everything that reads or changes the tape runs one after the other. */
let line: Promise<void> = Promise.resolve();

function queue(id: number | null, work: () => Promise<void>): void {
  line = line.then(work).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    scope.postMessage({ kind: "failed", id, message });
  });
}

scope.onmessage = ({ data }: MessageEvent<ToWorker>): void => {
  switch (data.kind) {
    case "open":
      tape = new Tape(siteSource(data.recordingId));
      paint = painter(data.canvas);
      queue(null, look);
      setInterval(poll, 100);
      break;
    case "show":
      follow = data.follow;
      queue(data.id, () => show(data.id, data.atMs));
      break;
    case "hash":
      queue(data.id, () => hash(data.id));
      break;
  }
};

/** Queue a look at the recording when it is time; at most one waits. */
let lookQueued = false;
function poll(): void {
  if (tape === null || !tape.manifest.open || lookQueued) return;
  if (performance.now() - lastPoll < (follow ? EDGE_POLL_MS : AWAY_POLL_MS)) return;
  lookQueued = true;
  queue(null, look);
}

async function look(): Promise<void> {
  if (tape === null) return;
  lookQueued = false;
  lastPoll = performance.now();
  await tape.refresh();
  scope.postMessage({ kind: "manifest", manifest: tape.manifest, durationMs: tape.durationMs });
  tellGaps();
}

async function show(id: number, atMs: number): Promise<void> {
  if (tape === null || paint === null) return;
  const result = await tape.show(atMs);
  if (result === null) throw new Error("There is no picture yet.");
  paint(result.frame);
  scope.postMessage({ kind: "shown", id, shown: result.shown });
  tellGaps();
}

function tellGaps(): void {
  const gaps = tape?.gaps() ?? [];
  if (gaps.length === gapsTold) return;
  gapsTold = gaps.length;
  scope.postMessage({ kind: "gaps", gaps });
}

async function hash(id: number): Promise<void> {
  const frame = paint?.last();
  if (frame === undefined || frame === null) throw new Error("There is no picture yet.");
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", frame.rgb()));
  const text = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  scope.postMessage({ kind: "hash", id, hash: text });
}

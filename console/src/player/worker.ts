/** The player's worker: fetches, decodes and draws, so that the page never waits for a picture. */

import { painter, type Painter } from "./canvas";
import type { FromWorker, ToWorker } from "./messages";
import { codeOf, REASON_WANTED, siteSource, type Source } from "./source";
import { Tape } from "./tape";

/** How often the manifest of a running recording is read: between, its open segment is waited for. */
const LOOK_EACH_MS = 3000;
const TAIL_WAIT_S = 2;
const TAIL_EACH_MS = 100;

const scope = self as unknown as { postMessage(message: FromWorker): void; onmessage: unknown };

let source: Source | null = null;
let tape: Tape | null = null;
let paint: Painter | null = null;
let follow = false;
let halted = false;
let gapsTold = -1;
let fetching = -1;
/** Ends a wait of the loop below. */
let wake: () => void = () => undefined;

/** Everything that reads or changes the tape runs one after the other. */
let line: Promise<void> = Promise.resolve();

function queue(id: number | null, work: () => Promise<void>): Promise<void> {
  line = line.then(work).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    const code = codeOf(error);
    // Nothing is asked for again before a reason was given.
    if (code === REASON_WANTED) halted = true;
    scope.postMessage({ kind: "failed", id, message, code });
  });
  return line;
}

scope.onmessage = ({ data }: MessageEvent<ToWorker>): void => {
  switch (data.kind) {
    case "open":
      source = siteSource(data.recordingId);
      tape = new Tape(source);
      paint = painter(data.canvas);
      void keepUp(source, tape);
      break;
    case "again":
      halted = false;
      wake();
      break;
    case "show":
      if (data.follow && !follow) wake();
      follow = data.follow;
      void queue(data.id, () => show(data.id, data.atMs, data.ahead));
      break;
    case "change":
      void queue(data.id, () => change(data.id, data.atMs, data.by));
      break;
    case "hash":
      void queue(data.id, () => hash(data.id));
      break;
  }
};

/** Read what a running recording has more, until it has ended. */
async function keepUp(from: Source, into: Tape): Promise<void> {
  do {
    if (!halted) await queue(null, look);
    const until = performance.now() + LOOK_EACH_MS;
    while (into.manifest.open && !halted && performance.now() < until) {
      const tail = follow ? into.tail() : null;
      if (tail === null) await pause(until - performance.now());
      else if (!(await tailed(from, into, tail))) break;
    }
    if (halted) await pause(LOOK_EACH_MS);
  } while (into.manifest.open || halted);
}

/** Wait for more of the open segment. False: it is sealed, or can't be read; the manifest says what is there now. */
async function tailed(from: Source, into: Tape, { number, offset }: { number: number; offset: number }): Promise<boolean> {
  const began = performance.now();
  let piece;
  try {
    piece = await from.segment(number, offset, TAIL_WAIT_S);
  } catch {
    await pause(TAIL_EACH_MS);
    return false;
  }
  if (piece?.open === false) return false;
  if (piece !== null) {
    const grown = piece;
    await queue(null, () => into.grow(number, offset, grown));
    scope.postMessage({ kind: "grown", durationMs: into.durationMs });
  }
  // A screen that moves all the time is not asked for more often than an eye sees.
  await pause(TAIL_EACH_MS - (performance.now() - began));
  return true;
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, Math.max(ms, 0));
    wake = () => {
      clearTimeout(timer);
      done();
    };
  });
}

async function look(): Promise<void> {
  if (tape === null) return;
  await tape.refresh();
  scope.postMessage({ kind: "manifest", manifest: tape.manifest, durationMs: tape.durationMs });
  tellGaps();
}

async function show(id: number, atMs: number, ahead: boolean): Promise<void> {
  if (tape === null || paint === null) return;
  const result = await tape.show(atMs);
  if (result === null) throw new Error("There is no picture yet.");
  paint(result.frame);
  scope.postMessage({ kind: "shown", id, shown: result.shown });
  tellGaps();
  if (ahead) void fetchAhead(atMs);
}

/** The segment behind the one that is shown, so that playing does not wait for it. */
async function fetchAhead(atMs: number): Promise<void> {
  const number = tape?.ahead(atMs) ?? null;
  if (source === null || number === null || number === fetching) return;
  fetching = number;
  try {
    const piece = await source.segment(number, 0);
    if (piece !== null) await queue(null, async () => tape?.hold(number, piece));
  } catch {
    // It is read, and complained of, when it is needed.
  }
}

async function change(id: number, atMs: number, by: 1 | -1): Promise<void> {
  if (tape === null) return;
  scope.postMessage({ kind: "change", id, atMs: await tape.change(atMs, by) });
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

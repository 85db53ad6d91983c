/** A second worker, which looks elsewhere in the recording while the first one plays: small pictures, searches. */

import { codeOf, REASON_WANTED, siteSource } from "./source";
import type { FromScout, ToScout } from "./messages";
import { nextChangeIn, type Box } from "./region";
import { Tape } from "./tape";

const MAX_KEPT_BYTES = 96 * 1024 * 1024;

const scope = self as unknown as { postMessage(message: FromScout, moved?: Transferable[]): void; onmessage: unknown };

let tape: Tape | null = null;
let asked = 0;
let searching = 0;

/** Everything that reads or changes the tape runs one after the other. */
let line: Promise<void> = Promise.resolve();

function queue(id: number, work: (tape: Tape) => Promise<void>): void {
  line = line.then(() => (tape === null ? undefined : work(tape))).catch((error: unknown) => {
    // The player's own worker asks for the reason.
    if (codeOf(error) === REASON_WANTED) scope.postMessage({ kind: "preview", id, image: null });
    else scope.postMessage({ kind: "failed", id, message: error instanceof Error ? error.message : String(error) });
  });
}

scope.onmessage = ({ data }: MessageEvent<ToScout>): void => {
  switch (data.kind) {
    case "open":
      tape = new Tape(siteSource(data.recordingId), MAX_KEPT_BYTES);
      break;
    case "manifest":
      queue(0, (one) => one.use(data.manifest));
      break;
    case "preview":
      asked = data.id;
      queue(data.id, (one) => preview(one, data.id, data.atMs, data.width));
      break;
    case "search":
      searching = data.id;
      queue(data.id, (one) => search(one, data.id, data.atMs, data.box));
      break;
    case "stop":
      searching = 0;
      break;
  }
};

async function preview(one: Tape, id: number, atMs: number, width: number): Promise<void> {
  const found = asked === id ? await one.show(atMs) : null;
  if (found === null) {
    scope.postMessage({ kind: "preview", id, image: null });
    return;
  }
  const { frame } = found;
  const data = new ImageData(new Uint8ClampedArray(frame.pixels.buffer), frame.width, frame.height);
  const image = await createImageBitmap(data, {
    resizeWidth: width,
    resizeHeight: Math.max(1, Math.round((width * frame.height) / frame.width)),
    resizeQuality: "medium",
  });
  scope.postMessage({ kind: "preview", id, image }, [image]);
}

async function search(one: Tape, id: number, atMs: number, box: Box): Promise<void> {
  const stopped = (): boolean => searching !== id;
  const pause = (at: number): Promise<void> => {
    scope.postMessage({ kind: "searching", id, atMs: at });
    return new Promise((done) => setTimeout(done));
  };
  const found = await nextChangeIn(one, box, atMs, { stopped, pause });
  scope.postMessage({ kind: "found", id, atMs: found, stopped: stopped() });
}

/** A recording in a tab: picture, strip, events, keys; also while it is still being made. */

import { ApiError, call } from "../api/http";
import type { Page, Recording, RecordingEvent } from "../api/shapes";
import { errorText, tell } from "../parts/ask";
import { byId, h } from "../parts/dom";
import { sign } from "../parts/sign";
import { clockText, exactly, plain } from "../parts/words";
import { Player } from "../player/player";
import { SPEEDS } from "../player/timeline";
import { EventList } from "./event_list";
import { Strip } from "./strip";

const STEP_MS = 5000;
const EVENTS_MS = 2000;

const recordingId = location.pathname.split("/").filter((part) => part !== "").pop() ?? "";
const address = `/footlight/v1/recordings/${encodeURIComponent(recordingId)}`;

const picture = byId("picture", HTMLElement);
const canvas = h("canvas", { role: "img", "aria-label": "The recorded screen", width: "1", height: "1" });
picture.append(canvas);

const playButton = byId("play", HTMLButtonElement);
const liveButton = byId("live", HTMLButtonElement);
const speedList = byId("speed", HTMLSelectElement);
const skipBox = byId("skip", HTMLInputElement);
const note = byId("stage-note", HTMLElement);

const asked = new URLSearchParams(location.search).get("t");
const startMs = asked === null || !Number.isFinite(Number(asked)) ? null : Number(asked) * 1000;
const player = new Player(recordingId, canvas.transferControlToOffscreen(), startMs, { changed, trouble });
const timeline = player.timeline;
const strip = new Strip(byId("strip", HTMLElement), go);
const events = new EventList(byId("events", HTMLOListElement), byId("events-note", HTMLElement), go);

let wasOpen: boolean | null = null;
let gapsDrawn = -1;

/** Tests and curious people play through this. */
declare global {
  interface Window {
    footlightPlayer: {
      readonly durationMs: number;
      readonly positionMs: number;
      readonly state: string;
      seek(ms: number): Promise<void>;
      frameHash(): Promise<string>;
      play(): void;
      pause(): void;
    };
  }
}
window.footlightPlayer = {
  get durationMs() {
    return timeline.durationMs;
  },
  get positionMs() {
    return timeline.position();
  },
  get state() {
    return player.state;
  },
  seek: (ms) => player.seek(ms),
  frameHash: () => player.frameHash(),
  play: () => timeline.play(),
  pause: () => timeline.pause(),
};

function go(ms: number): void {
  player.seek(ms).catch((error: unknown) => trouble(errorText(error)));
}

function trouble(message: string): void {
  if (player.shown === null) {
    note.textContent = `${message} Trying again while the page is open.`;
    note.hidden = false;
  } else tell(message, "error");
}

/** Bring everything but the picture up to where the player is. */
function changed(): void {
  if (player.shown !== null) note.hidden = true;
  const gap = gapHere();
  if (gap !== null) {
    note.textContent = `Not observed here: ${gap}`;
    note.hidden = false;
  }
  if (wasOpen !== timeline.open || gapsDrawn !== player.gaps.length) {
    wasOpen = timeline.open;
    gapsDrawn = player.gaps.length;
    void readRecording();
    void readEvents();
  }
  liveButton.hidden = !timeline.open;
  drawHead();
}

function gapHere(): string | null {
  const atNs = timeline.position() * 1_000_000;
  const gap = player.gaps.find(({ fromNs, toNs }) => atNs >= fromNs && atNs < toNs);
  return gap === undefined ? null : plain(gap.cause);
}

function drawHead(): void {
  const at = timeline.position();
  const { state } = player;
  const running = state === "playing" || state === "live";
  const word = running ? "Pause" : "Play";
  if (playButton.textContent !== word) playButton.textContent = word;
  byId("clock", HTMLElement).textContent = `${clockText(at)} / ${clockText(timeline.durationMs)}`;
  liveButton.classList.toggle("lit", state === "live");
  liveButton.setAttribute("aria-pressed", String(state === "live"));
  speedList.value = String(timeline.speed);
  strip.draw(at, timeline.durationMs, player.manifest, player.gaps, events.marks());
  events.follow(at);
}

async function readRecording(): Promise<void> {
  try {
    const recording = await call<Recording>("GET", address);
    byId("title", HTMLElement).textContent = recording.resourceName ?? "Recording";
    const ordered = recording.orderedBy === undefined ? "" : ` · ${recording.reason ?? ""} by ${recording.orderedBy}`;
    byId("facts", HTMLElement).textContent =
      `${recording.userName} on ${recording.machineName} · ${exactly(recording.startedAt)}${ordered}`;
    byId("state", HTMLElement).replaceChildren(sign(recording.state));
    document.title = `Recording of ${recording.userName} · Footlight`;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) {
      location.assign(`/?to=${encodeURIComponent(location.pathname)}`);
    } else trouble(errorText(error));
  }
}

async function readEvents(): Promise<void> {
  try {
    const { items } = await call<Page<RecordingEvent>>("GET", `${address}/events`);
    events.take(items);
    drawHead();
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 401)) tell(errorText(error), "error");
  }
}

function keyPressed(event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  if (event.ctrlKey || event.altKey || event.metaKey || target.matches("select, input")) return;
  // A focused button has Space and Enter for itself.
  if (event.key === " " && target.matches("button, a")) return;
  const act = keyActions[event.key];
  if (act === undefined) return;
  event.preventDefault();
  act(event.shiftKey);
  drawHead();
}

const toggle = (): void => timeline.toggle();
const step = (ms: number): void => go(timeline.position() + ms);
const keyActions: Partial<Record<string, (shift: boolean) => void>> = {
  " ": toggle,
  k: toggle,
  j: () => step(-2 * STEP_MS),
  l: () => step(2 * STEP_MS),
  ArrowLeft: (shift) => (shift ? events.jump(timeline.position(), -1) : step(-STEP_MS)),
  ArrowRight: (shift) => (shift ? events.jump(timeline.position(), 1) : step(STEP_MS)),
  Home: () => go(0),
  End: () => (timeline.open ? timeline.goLive() : go(timeline.durationMs)),
  "[": () => timeline.stepSpeed(-1),
  "]": () => timeline.stepSpeed(1),
  i: () => skipBox.click(),
  f: () => void fullScreen(),
  "1": () => actual(),
};

async function fullScreen(): Promise<void> {
  if (document.fullscreenElement === null) await document.documentElement.requestFullscreen();
  else await document.exitFullscreen();
}

function actual(): void {
  const on = picture.classList.toggle("actual");
  byId("actual", HTMLButtonElement).setAttribute("aria-pressed", String(on));
}

for (const speed of SPEEDS) speedList.append(h("option", { value: String(speed) }, `${speed}×`));
speedList.addEventListener("change", () => timeline.setSpeed(Number(speedList.value)));
skipBox.addEventListener("change", () => (timeline.skipIdle = skipBox.checked));
playButton.addEventListener("click", () => {
  timeline.toggle();
  drawHead();
});
liveButton.addEventListener("click", () => timeline.goLive());
byId("full", HTMLButtonElement).addEventListener("click", () => void fullScreen());
byId("actual", HTMLButtonElement).addEventListener("click", actual);
document.addEventListener("keydown", keyPressed);
setInterval(drawHead, 100);
setInterval(() => {
  if (timeline.open) void readEvents();
}, EVENTS_MS);
void readRecording();
void readEvents();

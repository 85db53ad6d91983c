/** The page of an evidence file: it checks what it holds, says so, and plays it. */

import { painter } from "../player/canvas";
import { Tape } from "../player/tape";
import { check, hex, type Verdict } from "./check";
import { block, fileSource, type Facts } from "./file";

const FRAME_MS = 100;

function part(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page lacks ${id}`);
  return found;
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  return `${hours > 0 ? `${hours}:` : ""}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function row(table: HTMLElement, ...cells: string[]): HTMLTableRowElement {
  const line = document.createElement("tr");
  for (const cell of cells) {
    const place = document.createElement("td");
    place.textContent = cell;
    line.append(place);
  }
  table.append(line);
  return line;
}

function say(verdict: Verdict, siteName: string): void {
  const place = part("verdict");
  place.className = verdict.whole ? "good" : "bad";
  place.textContent = verdict.whole
    ? `Whole and unchanged: hashes and signatures hold, by the key above, which this file says is of the site ${siteName}.`
    : "Damaged: what this file holds is not what was recorded.";
  for (const finding of verdict.findings) {
    const line = document.createElement("li");
    line.textContent = finding;
    part("findings").append(line);
  }
}

async function begin(): Promise<void> {
  const raw = block("evidence.json");
  if (raw === null) throw new Error("the file lacks its facts");
  const facts = JSON.parse(new TextDecoder().decode(raw)) as Facts;
  const verdict = await check(facts.siteKey, facts.recordingId, block);
  say(verdict, facts.siteName);
  for (const { entry } of facts.openings) {
    row(part("openings"), new Date(entry.atMs).toISOString(), entry.userName, entry.address, entry.text);
  }

  const tape = new Tape(fileSource(facts));
  await tape.refresh();
  const paint = painter((part("screen") as HTMLCanvasElement).transferControlToOffscreen());
  const seek = (part("seek") as HTMLInputElement);
  seek.max = String(Math.ceil(tape.durationMs));
  let busy: Promise<void> = Promise.resolve();
  const show = (atMs: number): Promise<void> => {
    busy = busy.then(async () => {
      part("at").textContent = `${clock(atMs)} of ${clock(tape.durationMs)}`;
      try {
        const result = await tape.show(atMs);
        if (result !== null) paint(result.frame);
        if (result !== null && verdict.damaged.has(result.shown.segment)) {
          part("at").textContent += " (this part is damaged)";
        }
      } catch (error) {
        part("at").textContent += ` (${error instanceof Error ? error.message : String(error)})`;
      }
    });
    return busy;
  };
  for (const event of facts.events) {
    const atMs = Math.floor(event.atNs / 1_000_000);
    const told = Object.entries(event).filter(([name, value]) => name !== "type" && typeof value === "string");
    const line = row(part("events"), clock(atMs), event.type, told.map(([, value]) => String(value)).join(" "));
    line.onclick = () => {
      seek.value = String(atMs);
      void show(atMs);
    };
  }
  seek.oninput = () => void show(Number(seek.value));
  const play = (part("play") as HTMLButtonElement);
  let timer: ReturnType<typeof setInterval> | null = null;
  play.onclick = () => {
    if (timer !== null) {
      clearInterval(timer);
      timer = null;
    } else {
      timer = setInterval(() => {
        seek.value = String(Number(seek.value) + FRAME_MS);
        void show(Number(seek.value));
      }, FRAME_MS);
    }
    play.textContent = timer === null ? "Play" : "Pause";
  };
  await show(0);
  /** SHA-256 over the picture at a moment, R, G, B row by row: for who compares readers. */
  Object.assign(window, {
    pictureHash: async (atMs: number): Promise<string> => {
      await show(atMs);
      const frame = paint.last();
      if (frame === null) return "";
      return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", frame.rgb())));
    },
  });
  document.body.dataset.ready = "true";
}

begin().catch((error: unknown) => {
  const place = part("verdict");
  place.className = "bad";
  place.textContent = `This file cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  document.body.dataset.ready = "true";
});

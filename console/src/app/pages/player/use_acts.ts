/** What buttons and keys do to the player. */

import { useEffect, useRef } from "react";
import { neighbour, type RecordedEvent } from "./event_words";
import { actOf, type PlayerAct } from "./keys";
import type { InPage } from "./use_player";

const STEP_MS = 5000;

interface Around {
  events: readonly RecordedEvent[];
  setActual: (change: (before: boolean) => boolean) => void;
  mark: () => void;
  search: () => void;
  clear: () => void;
}

export function useActs({ player, look }: InPage, around: Around): (act: PlayerAct) => void {
  const act = (what: PlayerAct): void => {
    if (player === null) return;
    const { timeline } = player;
    const step = (ms: number): void => player.move(timeline.position() + ms);
    const event = (by: 1 | -1): void => {
      const to = neighbour(around.events, timeline.position(), by);
      if (to !== null) player.move(to.atMs);
    };
    const acts: Record<PlayerAct, () => void> = {
      toggle: () => timeline.toggle(),
      back: () => step(-STEP_MS),
      forward: () => step(STEP_MS),
      backMore: () => step(-2 * STEP_MS),
      forwardMore: () => step(2 * STEP_MS),
      eventBefore: () => event(-1),
      eventAfter: () => event(1),
      // What can't be read is told by the player itself.
      changeBefore: () => void player.step(-1).catch(() => undefined),
      changeAfter: () => void player.step(1).catch(() => undefined),
      slower: () => timeline.stepSpeed(-1),
      faster: () => timeline.stepSpeed(1),
      start: () => player.move(0),
      end: () => (timeline.open ? timeline.goLive() : player.move(timeline.durationMs)),
      skipIdle: () => (timeline.skipIdle = !timeline.skipIdle),
      full: () => void fullScreen(),
      actual: () => around.setActual((before) => !before),
      mark: around.mark,
      search: around.search,
      clear: around.clear,
    };
    acts[what]();
    look();
  };
  useKeys(act);
  return act;
}

/** Keys act unless they belong to what has the focus. */
function useKeys(act: (what: PlayerAct) => void): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const what = actOf(event);
      if (what === null || event.defaultPrevented || taken(event)) return;
      event.preventDefault();
      latest.current(what);
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);
}

function taken({ key, target }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest("[role=dialog], [role=menu]") !== null) return true;
  // A focused button or box has the space bar for itself.
  if (target.matches("button, a, input[type=checkbox]")) return key === " ";
  return target.matches("input, textarea, select");
}

async function fullScreen(): Promise<void> {
  if (document.fullscreenElement === null) await document.documentElement.requestFullscreen();
  else await document.exitFullscreen();
}

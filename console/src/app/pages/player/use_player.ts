/** The player of a page, and what the page shows of it. */

import { useCallback, useEffect, useState } from "react";
import type { RecordingManifest } from "../../../api/shapes";
import type { Shown } from "../../../player/messages";
import { Player, type PlayerState } from "../../../player/player";
import type { Gap } from "../../../recording/format";

/** The page is brought up to the head so often while it moves; pictures are drawn with each frame. */
const EACH_MS = 100;

/** What a page shows of the player at one moment. */
export interface Seen {
  state: PlayerState;
  atMs: number;
  durationMs: number;
  /** The recording still runs. */
  open: boolean;
  speed: number;
  skipIdle: boolean;
  eventsOnly: boolean;
  manifest: RecordingManifest | null;
  gaps: readonly Gap[];
  shown: Shown | null;
}

export interface Trouble {
  message: string;
  code: string | null;
}

export interface InPage {
  /** For the element that holds the picture. */
  host: (node: HTMLElement | null) => (() => void) | undefined;
  player: Player | null;
  seen: Seen | null;
  trouble: Trouble | null;
  /** Show at once what was done to the player. */
  look: () => void;
  /** Read again what was refused. */
  again: () => void;
}

function seenOf(player: Player): Seen {
  const { timeline } = player;
  return {
    state: player.state,
    atMs: timeline.position(),
    durationMs: timeline.durationMs,
    open: timeline.open,
    speed: timeline.speed,
    skipIdle: timeline.skipIdle,
    eventsOnly: player.eventsOnly,
    manifest: player.manifest,
    gaps: player.gaps,
    shown: player.shown,
  };
}

/** `startMs` null: where it is natural; undefined: not known yet, nothing is opened. */
export function usePlayer(recordingId: string, startMs: number | null | undefined, label: string): InPage {
  const [player, setPlayer] = useState<Player | null>(null);
  const [seen, setSeen] = useState<Seen | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const look = useCallback(() => {
    if (player !== null) setSeen(seenOf(player));
  }, [player]);

  const host = useCallback((node: HTMLElement | null) => {
    if (node === null || startMs === undefined) return undefined;
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", label);
    canvas.width = canvas.height = 1;
    node.prepend(canvas);
    let due: ReturnType<typeof setTimeout> | null = null;
    const made: Player = new Player(recordingId, canvas.transferControlToOffscreen(), startMs, {
      changed: () => {
        due ??= setTimeout(() => {
          due = null;
          setSeen(seenOf(made));
          if (made.shown !== null) setTrouble(null);
        }, EACH_MS);
      },
      trouble: (message, code) => {
        setTrouble({ message, code });
        setSeen(seenOf(made));
      },
    });
    setPlayer(made);
    return () => {
      if (due !== null) clearTimeout(due);
      made.close();
      canvas.remove();
      setPlayer(null);
    };
  }, [recordingId, startMs, label]);

  const moving = seen?.state === "playing" || seen?.state === "live";
  useEffect(() => {
    if (!moving) return;
    const timer = setInterval(look, EACH_MS);
    return () => clearInterval(timer);
  }, [moving, look]);

  const again = (): void => {
    setTrouble(null);
    player?.again();
  };
  return { host, player, seen, trouble, look, again };
}

/** "When does this part of the picture change next?" */

import { useState } from "react";
import type { Player } from "../../../player/player";
import type { Box } from "../../../player/region";
import { failed, told } from "../../parts/tell";
import { texts } from "../../texts";

const t = texts.player.region;

export interface RegionSearch {
  box: Box | null;
  setBox: (box: Box | null) => void;
  /** How far a search is, in ms; null: none runs. */
  searching: number | null;
  search: () => void;
  stop: () => void;
}

export function useSearch(player: Player | null): RegionSearch {
  const [box, setBox] = useState<Box | null>(null);
  const [searching, setSearching] = useState<number | null>(null);
  const search = async (): Promise<void> => {
    if (player === null || box === null || searching !== null) return;
    player.timeline.pause();
    const from = player.timeline.position();
    setSearching(from);
    try {
      const { atMs, stopped } = await player.scout.search(box, from, setSearching);
      if (atMs !== null) player.move(atMs);
      else if (!stopped) told(t.none);
    } catch (error) {
      failed(t.next, error);
    }
    setSearching(null);
  };
  const stop = (): void => player?.scout.stop();
  const choose = (next: Box | null): void => {
    if (searching !== null) stop();
    setBox(next);
  };
  return { box, setBox: choose, searching, search: () => void search(), stop };
}

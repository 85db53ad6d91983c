/** The row of buttons below the strip. */

import { ActionIcon, Button, Checkbox, NativeSelect } from "@mantine/core";
import { Bookmark, ChevronLeft, ChevronRight, Circle, Keyboard, Maximize, Pause, Play } from "lucide-react";
import { SPEEDS } from "../../../player/timeline";
import { clockText } from "../../../parts/words";
import { texts } from "../../texts";
import type { PlayerAct } from "./keys";
import type { Seen } from "./use_player";

const t = texts.player;

interface ControlsProps {
  seen: Seen;
  actual: boolean;
  act: (act: PlayerAct) => void;
  setSpeed: (speed: number) => void;
}

export function Controls({ seen, actual, act, setSpeed }: ControlsProps): React.JSX.Element {
  const running = seen.state === "playing" || seen.state === "live";
  const small = (name: PlayerAct, label: string, icon: React.ReactNode): React.JSX.Element => (
    <ActionIcon variant="subtle" color="gray" size={30} aria-label={label} title={label} onClick={() => act(name)}>{icon}</ActionIcon>
  );
  return (
    <div className="player-controls row" role="group" aria-label={t.controls}>
      <ActionIcon size={34} radius="xl" aria-label={running ? t.pause : t.play} title={running ? t.pause : t.play} onClick={() => act("toggle")}>
        {running ? <Pause size={17} aria-hidden fill="currentColor" /> : <Play size={17} aria-hidden fill="currentColor" />}
      </ActionIcon>
      {small("changeBefore", t.changeBefore, <ChevronLeft size={18} aria-hidden />)}
      {small("changeAfter", t.changeAfter, <ChevronRight size={18} aria-hidden />)}
      <span className="num player-clock">{clockText(seen.atMs)} <span className="soft">/ {clockText(seen.durationMs)}</span></span>
      {seen.open ? (
        <Button variant={seen.state === "live" ? "filled" : "default"} color="red" size="compact-sm" aria-pressed={seen.state === "live"} title={t.goLive}
          leftSection={<Circle size={9} aria-hidden fill="currentColor" />} onClick={() => act("end")}>{t.live}</Button>
      ) : null}
      <span className="grow" />
      <Checkbox size="xs" label={t.skipIdle} checked={seen.skipIdle} onChange={() => act("skipIdle")} />
      <NativeSelect size="xs" aria-label={t.speed} value={String(seen.speed)} 
        onChange={(event) => {
          setSpeed(Number(event.currentTarget.value));
          // The keys are the player's again.
          event.currentTarget.blur();
        }}
        data={SPEEDS.map((speed) => ({ value: String(speed), label: t.times(speed) }))} />
      {small("mark", t.mark, <Bookmark size={16} aria-hidden />)}
      <ActionIcon variant={actual ? "light" : "subtle"} color="gray" size={30} title={t.actualWhy} aria-pressed={actual} onClick={() => act("actual")}>
        <span className="player-actual">{t.actual}</span>
      </ActionIcon>
      {small("full", t.full, <Maximize size={16} aria-hidden />)}
      <ActionIcon variant="subtle" color="gray" size={30} aria-label={t.keysButton} title={t.keysButton}
        onClick={() => document.dispatchEvent(new KeyboardEvent("keydown", { key: "?" }))}><Keyboard size={16} aria-hidden /></ActionIcon>
    </div>
  );
}

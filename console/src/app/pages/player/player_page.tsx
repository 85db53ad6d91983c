/** A recording in a tab: picture, strip, events, keys; also while it is still being made. */

import { Button, Loader } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { useParams } from "wouter";
import { site } from "../../../api/site";
import type { Player } from "../../../player/player";
import { REASON_WANTED } from "../../../player/source";
import { clockText } from "../../../parts/words";
import { Keys } from "../../frame/keys";
import { Stale } from "../../frame/stale";
import { useRefreshOn } from "../../live/live";
import { Failure } from "../../parts/failure";
import { bare } from "../../parts/name";
import { attempt, undoable } from "../../parts/tell";
import { texts } from "../../texts";
import { Controls } from "./controls";
import { preRollOf, type RecordedEvent } from "./event_words";
import { Head } from "./head";
import { LinkDialog } from "./link_dialog";
import { MarkerDialog, type Marking } from "./marker_dialog";
import { Reason } from "./reason";
import { Side } from "./side";
import { Stage } from "./stage";
import { Strip } from "./strip";
import { useActs } from "./use_acts";
import { eventsKey, useEvents } from "./use_events";
import { type InPage, usePlayer } from "./use_player";
import { type RegionSearch, useSearch } from "./use_search";
import { useStart } from "./use_start";
import "./player.css";

const t = texts.player;
const NONE: readonly RecordedEvent[] = [];

export default function PlayerPage(): React.JSX.Element {
  const { id } = useParams<{ id: string }>();
  const key = ["recording", id, "view"];
  useRefreshOn(["recording"], key, id);
  const recording = useQuery({ queryKey: key, queryFn: () => site("GET /footlight/v1/recordings/{id}", { path: { id } }) });
  const user = recording.data === undefined ? null : bare(recording.data.userName);
  useEffect(() => {
    document.title = user === null ? "Footlight" : `${t.title(user)} · Footlight`;
  }, [user]);
  const start = useStart(id);
  const page = usePlayer(id, recording.data === undefined ? undefined : start.startMs, t.picture);
  const [actual, setActual] = useState(false);
  const [marking, setMarking] = useState<Marking | null>(null);
  const [linking, setLinking] = useState<number | null>(null);
  const region = useSearch(page.player);
  const { seen, player } = page;
  const open = seen?.open ?? false;
  const events = useEvents(id, seen?.manifest !== null && seen !== null, open);
  const items = events?.items ?? NONE;
  const markers = useMarkers(id, seen !== null);
  const preRollMs = preRollOf(items);
  const here = (): number => player?.timeline.position() ?? 0;
  const mark = (): void => {
    player?.timeline.pause();
    setMarking({ atMs: here(), marker: null });
  };
  const act = useActs(page, { events: items, setActual, mark, search: region.search, clear: () => region.setBox(null) });
  const go = useCallback((ms: number) => player?.move(ms), [player]);
  useScripted(page);

  if (recording.isError) return <main className="gate"><Failure error={recording.error} again={() => void recording.refetch()} /></main>;
  if (recording.data === undefined) return <main className="gate" role="status" aria-label={texts.loading}><Loader size="sm" /></main>;
  const wanted = start.reasonWanted || page.trouble?.code === REASON_WANTED;
  return (
    <div className="player">
      <Head recording={recording.data} link={() => setLinking(here())} />
      <Stale />
      {start.dead ? <p className="stale-line" role="alert">{t.link.gone}</p> : null}
      <main className="player-main">
        <Stage host={page.host} seen={seen} trouble={page.trouble} actual={actual} box={region.box} setBox={region.setBox} preRollMs={preRollMs} />
        {wanted ? <Reason id={id} given={start.reasonWanted ? start.again : page.again} /> : null}
        {region.box === null ? null : <RegionBar region={region} />}
      </main>
      <Side id={id} events={events} atMs={seen?.atMs ?? 0} go={go} own={markers.own} remove={markers.remove}
        change={(event) => setMarking({ atMs: event.atMs, marker: { id: String(event["markerId"]), text: String(event["text"]) } })} />
      <footer className="player-foot">
        {player === null || seen === null ? null : (
          <>
            <Strip player={player} seen={seen} events={items} preRollMs={preRollMs} />
            <Controls seen={seen} actual={actual} act={act} setSpeed={(speed) => { player.timeline.setSpeed(speed); page.look(); }} />
          </>
        )}
      </footer>
      {marking === null ? null : <MarkerDialog id={id} marking={marking} close={() => setMarking(null)} saved={markers.changed} />}
      {linking === null ? null : <LinkDialog id={id} atMs={linking} close={() => setLinking(null)} />}
      <Keys all={t.keys} />
    </div>
  );
}

function RegionBar({ region: { box, searching, search, stop, setBox } }: { region: RegionSearch }): React.JSX.Element | null {
  if (box === null) return null;
  return (
    <div className="player-region row" role="group" aria-label={t.region.next}>
      {searching === null ? (
        <>
          <span className="soft num">{t.region.chosen(box.right - box.left, box.bottom - box.top)}</span>
          <Button size="compact-sm" onClick={search}>{t.region.next}</Button>
          <Button size="compact-sm" variant="default" onClick={() => setBox(null)}>{t.region.clear}</Button>
        </>
      ) : (
        <>
          <Loader size="xs" />
          <span className="num" role="status">{t.region.searching(clockText(searching))}</span>
          <Button size="compact-sm" variant="default" onClick={stop}>{t.region.stop}</Button>
        </>
      )}
    </div>
  );
}

interface Markers {
  /** Ids of the caller's. */
  own: ReadonlySet<string>;
  changed: () => void;
  remove: (event: RecordedEvent) => void;
}

function useMarkers(id: string, enabled: boolean): Markers {
  const client = useQueryClient();
  const key = ["recording", id, "markers"];
  const { data } = useQuery({ queryKey: key, queryFn: () => site("GET /footlight/v1/recordings/{id}/markers", { path: { id } }), enabled });
  const own = new Set((data?.items ?? []).filter((one) => one.own).map((one) => one.id));
  const changed = (): void => {
    void client.invalidateQueries({ queryKey: key });
    void client.invalidateQueries({ queryKey: eventsKey(id) });
  };
  const remove = async (event: RecordedEvent): Promise<void> => {
    const { text, kind } = event;
    const marker = String(event["markerId"]);
    const gone = await attempt(t.marker.failed, () => site("DELETE /footlight/v1/recordings/{id}/markers/{marker}", { path: { id, marker } }));
    if (!gone) return;
    changed();
    const body = { text: String(text), kind: kind === "comment" ? ("comment" as const) : ("marker" as const), atMs: event.atMs };
    undoable(t.marker.removed, () => void attempt(t.marker.save, () => site("POST /footlight/v1/recordings/{id}/markers", { path: { id }, body })).then(changed));
  };
  return { own, changed, remove: (event) => void remove(event) };
}

/** Tests and curious people play through this. */
declare global {
  interface Window {
    footlightPlayer?: {
      readonly durationMs: number;
      readonly positionMs: number;
      readonly state: string;
      readonly frames: Player["frames"];
      seek(ms: number): Promise<void>;
      frameHash(): Promise<string>;
      play(): void;
      pause(): void;
      setSpeed(speed: number): void;
    };
  }
}

function useScripted({ player, look }: InPage): void {
  useEffect(() => {
    if (player === null) return;
    const { timeline } = player;
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
      frames: player.frames,
      seek: (ms) => player.seek(ms),
      frameHash: () => player.frameHash(),
      play: () => {
        timeline.play();
        look();
      },
      pause: () => timeline.pause(),
      setSpeed: (speed) => timeline.setSpeed(speed),
    };
    return () => {
      delete window.footlightPlayer;
    };
  }, [player, look]);
}

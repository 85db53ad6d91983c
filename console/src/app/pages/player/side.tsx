/** Beside the picture: what happened, and, for who may read the log, who has looked. */

import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useMayEverywhere } from "../../me";
import { texts } from "../../texts";
import { Openings } from "../recordings/openings";
import { EventList, type EventListProps } from "./event_list";

const t = texts.player;
const CHOICES = [
  { value: "events", label: t.events.title },
  { value: "openings", label: texts.recordings.openings.title },
];

export function Side({ id, ...events }: EventListProps & { id: string }): React.JSX.Element {
  const audits = useMayEverywhere()("Logging_Read");
  const [shown, setShown] = useState("events");
  const openings = audits && shown === "openings";
  return (
    <aside className="player-events" aria-label={openings ? texts.recordings.openings.title : t.events.title}>
      {audits ? <SegmentedControl className="player-side" fullWidth size="xs" aria-label={t.side} data={CHOICES} value={shown} onChange={setShown} /> : null}
      {openings ? <div className="player-openings"><Openings id={id} titled={false} /></div> : <EventList {...events} />}
    </aside>
  );
}

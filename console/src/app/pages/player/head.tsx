/** Above the picture: who, where, when, why recorded, whether it is unchanged, and what can be taken along. */

import { Button } from "@mantine/core";
import { ArrowLeft, Link2 } from "lucide-react";
import type { RecordingView } from "../../../api/wire.gen";
import { exactly, plain } from "../../../parts/words";
import { useMay, useMe } from "../../me";
import { bare, Name } from "../../parts/name";
import { Sign } from "../../parts/sign";
import { Ago } from "../../parts/when";
import { texts } from "../../texts";
import { Badge } from "./badge";
import { Exports } from "./exports";

const t = texts.player;

interface HeadProps {
  recording: RecordingView;
  /** Make a link to the moment. */
  link: () => void;
}

export function Head({ recording, link }: HeadProps): React.JSX.Element {
  const may = useMay();
  const { permissions } = useMe();
  const by = recording.orderedBy === "" ? "" : bare(recording.orderedBy);
  return (
    <header className="player-top">
      <Button variant="subtle" color="gray" component="a" href={permissions.length === 0 ? "/" : "/console/recordings"} px={8} aria-label={t.back} title={t.back}>
        <ArrowLeft size={16} aria-hidden />
      </Button>
      <div className="player-who">
        <h1>{t.of(bare(recording.userName), bare(recording.machineName))}</h1>
        <p className="soft row">
          <Name>{recording.resourceName}</Name>
          <span>·</span>
          <span title={exactly(recording.startedAt)}>{exactly(recording.startedAt)}</span>
          <span>(<Ago at={recording.startedAt} />)</span>
          {recording.reason === "" ? null : <><span>·</span><span>{t.why(plain(recording.reason), by)}</span></>}
        </p>
      </div>
      <span className="grow" />
      <Sign state={recording.state} />
      <Badge id={recording.id} ended={recording.state !== "recording"} />
      <Button variant="default" leftSection={<Link2 size={14} aria-hidden />} onClick={link}>{t.link.button}</Button>
      {may("Recording_Export") ? <Exports id={recording.id} ended={recording.state !== "recording"} /> : null}
    </header>
  );
}

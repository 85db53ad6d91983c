/** A recording beside the list: what is known of it, whether it is whole, what keeps it, what can be done with it. */

import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Download, Images, Play, ShieldCheck } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { address, site } from "../../../api/site";
import type { RecordingView } from "../../../api/wire.gen";
import { bytesText, clockText, exactly, plain } from "../../../parts/words";
import { JOBS } from "../../frame/jobs_menu";
import { useRefreshOn } from "../../live/live";
import { useMay, useMayEverywhere } from "../../me";
import { Activity } from "../../parts/activity";
import { errorText, Failure } from "../../parts/failure";
import { Facts } from "../../parts/facts";
import { bare, Id } from "../../parts/name";
import { Panel } from "../../parts/panel";
import { Sign } from "../../parts/sign";
import { attempt, told } from "../../parts/tell";
import { Ago } from "../../parts/when";
import { texts } from "../../texts";
import { DeleteRecording } from "./delete_recording";
import { Holds } from "./holds";
import { Openings } from "./openings";
import { Picture } from "./picture";
import { playAddress } from "./places";
import { ReasonDialog } from "./reason";

const t = texts.recordings;
const PICTURES_SHOWN = 6;

export function RecordingPanel({ id, close }: { id: string; close: () => void }): React.JSX.Element {
  const key = ["recordings", "one", id];
  useRefreshOn(["recording"], key, id);
  const found = useQuery({ queryKey: key, queryFn: () => site("GET /footlight/v1/recordings/{id}", { path: { id } }) });
  const { data } = found;
  return (
    <Panel title={data === undefined ? t.one : t.of(bare(data.userName), data.resourceName)} close={close} busy={found.isPending}>
      {found.isError ? <Failure error={found.error} again={() => void found.refetch()} /> : null}
      {data === undefined ? null : <Known recording={data} close={close} />}
    </Panel>
  );
}

function Known({ recording, close }: { recording: RecordingView; close: () => void }): React.JSX.Element {
  const may = useMay();
  const audits = useMayEverywhere()("Logging_Read");
  const over = recording.state !== "recording";
  return (
    <>
      <div className="row wrap">
        <Button component="a" href={playAddress(recording.id)} leftSection={<Play size={14} aria-hidden />}>{over ? t.play : t.live}</Button>
        {may("Recording_Export") && over ? <Exports id={recording.id} /> : null}
        {may("Recording_DeleteAndHold") && over ? <DeleteRecording recording={recording} deleted={close} /> : null}
      </div>
      <Activity activity={recording.activity} durationMs={recording.durationMs} />
      <Facts facts={[
        [t.state, <Sign key="state" state={recording.state} />],
        [t.error, recording.error],
        [t.user, recording.userName],
        [t.resource, recording.resourceName],
        [t.machine, bare(recording.machineName)],
        [t.reason, plain(recording.reason)],
        [t.orderedBy, recording.orderedBy],
        [t.started, <span key="started">{exactly(recording.startedAt)} (<Ago at={recording.startedAt} />)</span>],
        [t.ended, recording.endedAt === null ? null : exactly(recording.endedAt)],
        [t.length, clockText(recording.durationMs)],
        [t.size, bytesText(recording.sizeBytes)],
        [t.retentionClass, recording.retentionClass],
        [t.expires, recording.held ? t.heldOn : recording.expiresAt === null ? (over ? t.never : null) : exactly(recording.expiresAt)],
        [t.session, <Link key="session" href={`/console/sessions/${recording.sessionId}`}>{t.toSession}</Link>],
        [t.id, <Id key="id">{recording.id}</Id>],
      ]} />
      <Verification id={recording.id} />
      <Pictures recording={recording} />
      <Holds recording={recording} />
      {audits ? <Openings id={recording.id} /> : null}
    </>
  );
}

function Exports({ id }: { id: string }): React.JSX.Element {
  const client = useQueryClient();
  const run = async (kind: "mp4" | "evidence"): Promise<void> => {
    const begun = await attempt(t.export, () => site("POST /footlight/v1/recordings/{id}/export", { path: { id }, body: { kind } }));
    if (!begun) return;
    told(t.exporting);
    await client.invalidateQueries({ queryKey: JOBS });
  };
  return (
    <>
      <Button variant="default" leftSection={<Download size={14} aria-hidden />} onClick={() => void run("mp4")}>{t.film}</Button>
      <Button variant="default" leftSection={<Download size={14} aria-hidden />} onClick={() => void run("evidence")}>{t.evidence}</Button>
    </>
  );
}

function Verification({ id }: { id: string }): React.JSX.Element {
  const check = useMutation({ mutationFn: () => site("GET /footlight/v1/recordings/{id}/verification", { path: { id }, timeoutMs: 120_000 }) });
  const { data } = check;
  return (
    <section className="stack tight">
      <div className="row">
        <h3 className="grow">{t.verification}</h3>
        <Button variant="subtle" leftSection={<ShieldCheck size={14} aria-hidden />} loading={check.isPending} onClick={() => check.mutate()}>{t.verify}</Button>
      </div>
      {check.isError ? <p role="alert" className="soft">{errorText(check.error)}</p> : null}
      {data === undefined ? null : (
        <div role="status" className="stack tight">
          <Sign state={data.status} />
          <ul className="plain-list">{data.findings.map((one) => <li key={JSON.stringify(one)}>{plain(one.reason)}{one.segment === undefined || one.segment === null ? "" : ` (${t.segment(one.segment)})`}</li>)}</ul>
          <p className="soft">{t.checked(data.segments, bytesText(data.sizeBytes))}</p>
        </div>
      )}
    </section>
  );
}

/** Some moments of it; looked at when asked for, since that is an opening. */
function Pictures({ recording }: { recording: RecordingView }): React.JSX.Element {
  const [looking, setLooking] = useState(false);
  const [asking, setAsking] = useState(false);
  const path = address("GET /footlight/v1/recordings/{id}/contact-sheet", { path: { id: recording.id }, query: { count: PICTURES_SHOWN } });
  return (
    <section className="stack tight">
      <div className="row">
        <h3 className="grow">{t.pictures}</h3>
        {looking ? null : <Button variant="subtle" leftSection={<Images size={14} aria-hidden />} onClick={() => setLooking(true)}>{t.look}</Button>}
      </div>
      {looking ? <Picture path={path} alt={t.pictures} askReason={() => setAsking(true)} /> : <p className="soft">{t.lookWhy}</p>}
      {asking ? <ReasonDialog ids={[recording.id]} close={() => setAsking(false)} /> : null}
    </section>
  );
}

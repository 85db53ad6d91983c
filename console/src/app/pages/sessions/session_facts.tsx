/** What is known of a session at a glance. */

import { Link } from "wouter";
import type { SessionView } from "../../../api/wire.gen";
import { plain } from "../../../parts/words";
import { Facts } from "../../parts/facts";
import { bare, Id } from "../../parts/name";
import { Sign } from "../../parts/sign";
import { Ago, Since } from "../../parts/when";
import { texts } from "../../texts";
import { isProblem } from "./recording_sign";

const t = texts.sessions.facts;

/** What keeps a session from being recorded that should be. */
function trouble(health: SessionView["recordingHealth"]): React.JSX.Element | null {
  if (health === null || health === undefined || !isProblem(health.state)) return null;
  return <><span className="row"><Sign state={health.state} /><span className="soft">{t.for} <Since at={health.since} /></span></span>{health.reason}</>;
}

export function SessionFacts({ session }: { session: SessionView }): React.JSX.Element {
  const over = session.endedAt !== null;
  return (
    <Facts
      facts={[
        [t.state, <span className="row" key="state"><Sign state={session.state} />{over ? null : <span className="soft">{t.for} <Since at={session.stateChangedAt} /></span>}</span>],
        [t.ended, over ? <Ago at={session.endedAt} /> : null],
        [t.reason, session.endReason === null ? null : plain(session.endReason)],
        [t.exitCode, session.exitCode],
        [t.detail, session.exitDetail],
        [t.recording, session.recording ? <Link key="recording" href={`/r/${session.recordingId ?? ""}`} target="_blank"><Sign state="recording" /></Link> : over ? null : t.notRecorded],
        [t.trouble, over ? null : trouble(session.recordingHealth)],
        [t.user, session.userName],
        [t.resource, session.resourceName],
        [t.machine, bare(session.machineName)],
        [t.started, <Ago key="started" at={session.startedAt} />],
        [t.lastInput, over ? null : session.idleSince === null ? t.now : <Ago at={session.idleSince} />],
        [t.hidden, session.hidden ? t.hiddenWhy : null],
        [t.viewers, session.viewers.length === 0 ? (over ? null : t.nobody) : session.viewers.map((one) => (
          <div key={one.id}>
            {bare(one.userName)} <span className="soft">{one.mode === "view" ? t.watches : t.works} · {one.address} · {one.platform}
              {one.roundTripMs === null ? "" : ` · ${t.roundTrip(one.roundTripMs)}`}</span>
          </div>
        ))],
        [t.id, <Id key="id">{session.id}</Id>],
      ]}
    />
  );
}

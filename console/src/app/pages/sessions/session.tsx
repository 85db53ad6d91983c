/** One session: all that is known of it, what happened, its recordings, and what can be done. */

import { useParams } from "wouter";
import { Failure } from "../../parts/failure";
import { bare } from "../../parts/name";
import { Bones } from "../../parts/panel";
import { Sign } from "../../parts/sign";
import { SessionActs } from "./session_acts";
import { SessionDecision } from "./session_decision";
import { SessionDetails } from "./session_details";
import { SessionFacts } from "./session_facts";
import { SessionRecordings } from "./session_recordings";
import { SessionScreen } from "./session_screen";
import { SessionTimeline } from "./session_timeline";
import { useSession } from "./use_session";
import { texts } from "../../texts";

export default function Session(): React.JSX.Element {
  const { id = "" } = useParams();
  const session = useSession(id);
  if (session.isPending) return <div className="card"><Bones /></div>;
  if (session.isError) return <Failure error={session.error} again={() => void session.refetch()} />;
  const { data } = session;
  return (
    <>
      <div className="page-head">
        <h1>{bare(data.userName)} · {data.resourceName}</h1>
        <Sign state={data.state} />
        {data.recording ? <Sign state="recording" /> : null}
        <span className="grow" />
      </div>
      <SessionActs session={data} />
      <div className="cards">
        <section className="card"><h2>{texts.sessions.glance}</h2><SessionFacts session={data} /></section>
        <SessionScreen session={data} />
        <SessionTimeline session={data} />
        <SessionRecordings id={id} />
        <SessionDecision session={data} card />
        {data.endedAt === null ? <SessionDetails id={id} /> : null}
      </div>
    </>
  );
}

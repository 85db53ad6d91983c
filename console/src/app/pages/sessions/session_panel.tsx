/** A session beside the list, so that the list is not lost. */

import { SquareArrowOutUpRight } from "lucide-react";
import { Link } from "wouter";
import { Failure } from "../../parts/failure";
import { bare } from "../../parts/name";
import { Panel } from "../../parts/panel";
import { texts } from "../../texts";
import { SessionActs } from "./session_acts";
import { SessionDecision } from "./session_decision";
import { SessionFacts } from "./session_facts";
import { useSession } from "./use_session";

export default function SessionPanel({ id, close }: { id: string; close: () => void }): React.JSX.Element {
  const session = useSession(id);
  const title = session.data === undefined ? texts.pages.session : bare(session.data.userName);
  return (
    <Panel title={title} close={close} busy={session.isPending}>
      {session.isError ? <Failure error={session.error} again={() => void session.refetch()} /> : null}
      {session.data === undefined ? null : (
        <>
          <Link href={`/console/sessions/${id}`} className="row">
            <SquareArrowOutUpRight size={14} aria-hidden />{texts.sessions.openPage}
          </Link>
          <SessionActs session={session.data} />
          <SessionFacts session={session.data} />
          <SessionDecision session={session.data} />
        </>
      )}
    </Panel>
  );
}

/** Why a session is recorded, or is not, with what came of every policy: one click away. */

import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { CircleHelp } from "lucide-react";
import { useState } from "react";
import { site } from "../../../api/site";
import type { SessionView } from "../../../api/wire.gen";
import { useRefreshOn } from "../../live/live";
import { useMay, useMayEverywhere } from "../../me";
import { errorText } from "../../parts/failure";
import { Bones } from "../../parts/panel";
import { texts } from "../../texts";
import { Decision } from "../policies/decision";

const t = texts.policies.decision;

interface SessionDecisionProps {
  session: SessionView;
  /** On the session's own page. */
  card?: boolean;
}

export function SessionDecision({ session, card = false }: SessionDecisionProps): React.JSX.Element | null {
  const may = useMay();
  const keeps = useMayEverywhere()("Recording_ManagePolicy");
  const [asked, setAsked] = useState(false);
  if (session.endedAt !== null || !(may("Recording_Control") || keeps)) return null;
  return (
    <section className={card ? "card" : "stack tight"}>
      {card ? <h2>{t.title}</h2> : asked ? <h3>{t.title}</h3> : null}
      {asked ? <Asked id={session.id} /> : (
        <div><Button variant="subtle" leftSection={<CircleHelp size={14} aria-hidden />} onClick={() => setAsked(true)}>{t.ask}</Button></div>
      )}
    </section>
  );
}

function Asked({ id }: { id: string }): React.JSX.Element {
  const key = ["session", id, "decision"];
  useRefreshOn(["recording_policy"], key);
  const found = useQuery({ queryKey: key, queryFn: () => site("GET /footlight/v1/sessions/{id}/recording-decision", { path: { id } }) });
  if (found.isPending) return <Bones lines={3} />;
  if (found.isError) return <p role="alert" className="soft">{errorText(found.error)}</p>;
  return <Decision decision={found.data} />;
}

/** In front of a screen that is not there: why, and what to do. */

import { Button } from "@mantine/core";
import { Link } from "wouter";
import type { SessionView } from "../../../api/wire.gen";
import { plain } from "../../../parts/words";
import { errorText } from "../../parts/failure";
import { useFollowed } from "../../parts/followed";
import { texts } from "../../texts";
import { StepList } from "../portal/step_list";
import type { Connection, Standing, Why } from "./connection";

const t = texts.work.curtain;

interface CurtainProps {
  connection: Connection;
  session: SessionView | undefined;
}

export function Curtain({ connection, session }: CurtainProps): React.JSX.Element | null {
  const standing = useFollowed(connection.standing);
  if (standing.kind === "open") return null;
  const { title, text, again } = wordsOf(standing);
  const launching = standing.kind === "opening" && session?.state === "Connected";
  return (
    <div id="curtain" className="curtain">
      <div className="curtain-card stack" role="status">
        <h2>{title}</h2>
        {text === "" ? null : <p>{text}</p>}
        {launching ? <StepList through={session.launchPhases} /> : null}
        <div className="row">
          {again ? <Button onClick={() => void connection.open()}>{t.again}</Button> : null}
          <Button component={Link} href="/portal" variant="default">{t.portal}</Button>
        </div>
      </div>
    </div>
  );
}

interface Words {
  title: string;
  text: string;
  again: boolean;
}

function wordsOf(standing: Exclude<Standing, { kind: "open" }>): Words {
  switch (standing.kind) {
    case "opening":
      return { title: t.opening, text: "", again: false };
    case "trying":
      return { title: t.trying, text: `${whyText(standing.why)} ${t.untouched}`, again: true };
    case "inVain":
      return { title: t.inVain, text: `${whyText(standing.why)} ${t.notHelped}`, again: true };
    case "stopped":
      return { ...t.stopped[standing.because], again: true };
    case "refused":
      return { title: t.refused, text: errorText(standing.error), again: false };
    case "ended":
      return { title: t.ended, text: t.reason(ending(standing.session)), again: false };
  }
}

function whyText(why: Why): string {
  if ("error" in why) return errorText(why.error);
  return "said" in why ? t.said(why.said) : t.lost;
}

/** Why a session ended, in words. */
export function ending(session: Pick<SessionView, "endReason" | "exitCode" | "exitDetail">): string {
  const reason = session.endReason === null ? t.endedPlainly : plain(session.endReason);
  const code = session.exitCode === null || session.exitCode === 0 ? "" : t.exitCode(session.exitCode);
  const detail = session.exitDetail === null ? "" : `: ${session.exitDetail}`;
  return reason + code + detail;
}

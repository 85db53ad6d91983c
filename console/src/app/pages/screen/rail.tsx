/**
 * The page's own edge above the session's screen, which nothing inside can draw on and which is always there, so that
 * whatever the session shows of this kind is seen to be inside of it. It says when the session is recorded, watched
 * or covered, since when, and how the line does.
 */

import { UnstyledButton } from "@mantine/core";
import { Circle, Eye, LoaderCircle, type LucideIcon, PanelTop, Plug, ShieldAlert, Unplug } from "lucide-react";
import type { SessionView } from "../../../api/wire.gen";
import { exactly } from "../../../parts/words";
import { useFollowed } from "../../parts/followed";
import { texts } from "../../texts";
import type { Connection, Standing } from "./connection";
import { lineText } from "./line";

const t = texts.work;

interface RailProps {
  session: SessionView | undefined;
  connection: Connection;
  viewOnly: boolean;
  toolsOpen: boolean;
  toggleTools: () => void;
}

export function Rail({ session, connection, viewOnly, toolsOpen, toggleTools }: RailProps): React.JSX.Element {
  const standing = useFollowed(connection.standing);
  const viewer = useFollowed(connection.viewer);
  return (
    <header className={`rail ${alarmOf(session)}`}>
      <UnstyledButton className="rail-tools" aria-expanded={toolsOpen} aria-controls="tools" onClick={toggleTools} title={t.toolsHint}>
        <PanelTop size={14} aria-hidden />{t.tools}
      </UnstyledButton>
      <h1 className="rail-name">{session?.resourceName ?? ""}</h1>
      {session === undefined ? null : <Signs session={session} viewOnly={viewOnly} />}
      <span className="grow" />
      <span id="line" className="rail-line num" title={t.lineHint}>{lineText(viewer)}</span>
      <LinkSign standing={standing} viewOnly={viewOnly} />
    </header>
  );
}

/** Who only watches is among those who are told of, and need not be told. */
function Signs({ session, viewOnly }: { session: SessionView; viewOnly: boolean }): React.JSX.Element {
  const covered = session.recordingHealth?.covered === true;
  return (
    <span className="rail-signs" role="status">
      {covered ? <RailSign icon={ShieldAlert} kind="covered" words={t.covered} since={session.recordingHealth?.since ?? null} /> : null}
      {session.recording ? <RailSign icon={Circle} kind="recorded" words={t.recorded} since={session.recordingSince ?? null} /> : null}
      {session.watchedSince && !viewOnly ? <RailSign icon={Eye} kind="watched" words={t.watched} since={session.watchedSince} /> : null}
    </span>
  );
}

function RailSign({ icon: Icon, kind, words, since }: { icon: LucideIcon; kind: string; words: string; since: string | null }): React.JSX.Element {
  return (
    <span className="rail-sign" data-sign={kind} title={exactly(since)}>
      <Icon size={13} aria-hidden fill={kind === "recorded" ? "currentColor" : "none"} />
      {`${words} `}
      {since === null ? null : <time dateTime={since}>{t.since(clockOf(since))}</time>}
    </span>
  );
}

const clockOf = (at: string): string => new Date(at).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });

/** The colour of the whole edge, which can't be missed. */
function alarmOf(session: SessionView | undefined): string {
  if (session?.endedAt !== null) return "";
  if (session.recordingHealth?.covered === true) return "rail-covered";
  if (session.recording) return "rail-recorded";
  return session.watchedSince ? "rail-watched" : "";
}

function LinkSign({ standing, viewOnly }: { standing: Standing; viewOnly: boolean }): React.JSX.Element {
  const [Icon, word] = linkOf(standing, viewOnly);
  return <span id="link" className="rail-link" role="status" data-standing={standing.kind}><Icon size={13} aria-hidden />{word}</span>;
}

function linkOf(standing: Standing, viewOnly: boolean): [LucideIcon, string] {
  switch (standing.kind) {
    case "opening":
      return [LoaderCircle, t.link.opening];
    case "open":
      return viewOnly ? [Eye, t.link.watching] : [Plug, t.link.open];
    case "trying":
      return [LoaderCircle, t.link.trying];
    case "ended":
      return [Unplug, t.link.ended];
    default:
      return [Unplug, t.link.none];
  }
}

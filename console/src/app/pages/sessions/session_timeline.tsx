/** What happened in a session's life, and how long each part of its launch took. */

import type { SessionView } from "../../../api/wire.gen";
import { plain } from "../../../parts/words";
import { Ago } from "../../parts/when";
import { texts } from "../../texts";
import { lookOf } from "../../parts/sign";
import "./timeline.css";

const t = texts.sessions.timeline;

interface Moment {
  at: string;
  word: string;
}

/** The moments that are known, in their order. */
export function momentsOf(session: SessionView): Moment[] {
  const ended = session.endedAt;
  const found: { at: string | null; word: string }[] = [
    { at: session.startedAt, word: t.started },
    ...session.viewers.map((one) => ({ at: one.attachedAt, word: t.attached(one.userName, one.mode === "view") })),
    { at: ended === null && session.state !== "Connected" ? session.stateChangedAt : null, word: lookOf(session.state).word },
    { at: session.idleSince, word: t.idle },
    { at: ended, word: session.endReason === null ? t.ended : t.endedBecause(plain(session.endReason)) },
  ];
  return found.filter((one): one is Moment => one.at !== null).sort((a, b) => a.at.localeCompare(b.at));
}

export function SessionTimeline({ session }: { session: SessionView }): React.JSX.Element {
  const launch = session.launchPhases;
  const total = launch.reduce((sum, phase) => sum + phase.ms, 0);
  return (
    <section className="card">
      <h2>{t.title}</h2>
      <ol className="timeline">
        {momentsOf(session).map((one) => (
          <li key={one.at + one.word}><span>{one.word}</span> <span className="soft"><Ago at={one.at} /></span></li>
        ))}
      </ol>
      {total === 0 ? null : (
        <>
          <h3 className="timeline-launch">{t.launch(total)}</h3>
          <ul className="phases">
            {launch.map((phase) => (
              <li key={phase.name}>
                <span>{plain(phase.name)}</span>
                <meter min={0} max={total} value={phase.ms} aria-label={plain(phase.name)} />
                <span className="num">{t.ms(phase.ms)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

/** What runs, how it was over the day, and what went wrong. */

import { useQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { Link } from "wouter";
import { site } from "../../../api/site";
import type { Overview as Figures } from "../../../api/wire.gen";
import { useRefreshOn } from "../../live/live";
import { useMay } from "../../me";
import { AreaChart } from "../../parts/area_chart";
import { Failure } from "../../parts/failure";
import { bare } from "../../parts/name";
import { Bones } from "../../parts/panel";
import { peak } from "../../parts/scale";
import { Sign } from "../../parts/sign";
import { texts } from "../../texts";

const t = texts.overview;
const KEY = ["overview"];
const AGAIN_MS = 60_000;
const FULL = 10_000;
const HIGH = 0.8;

const within = (filter: string): string => `?f=${encodeURIComponent(filter)}`;

export default function Overview(): React.JSX.Element {
  useRefreshOn(["session", "machine", "recording"], KEY);
  const found = useQuery({ queryKey: KEY, queryFn: () => site("GET /footlight/v1/overview"), refetchInterval: AGAIN_MS });
  const head = <div className="page-head"><h1>{texts.pages.overview}</h1></div>;
  if (found.isPending) return <>{head}<div className="card"><Bones /></div></>;
  if (found.isError) return <>{head}<Failure error={found.error} again={() => void found.refetch()} /></>;
  const { data } = found;
  return (
    <>
      {head}
      <Numbers data={data} />
      <History data={data} />
      <div className="cards halves">
        <Busiest data={data} />
        <Failures data={data} />
      </div>
    </>
  );
}

function Numbers({ data }: { data: Figures }): React.JSX.Element {
  const may = useMay();
  const sessions = may("Session_Read") ? "/console/sessions" : null;
  const machines = may("Machine_Read") ? "/console/machines" : null;
  const { silent, maintenance, total } = data.machines;
  return (
    <div className="figures">
      <Figure value={data.sessions.active} to={sessions === null ? null : sessions + within("SessionState.Equals.Active")}><Sign state="active" /></Figure>
      <Figure value={data.sessions.disconnected} to={sessions === null ? null : sessions + within("SessionState.Equals.Disconnected")}><Sign state="disconnected" /></Figure>
      <Figure value={data.sessions.loggingOn} to={sessions === null ? null : sessions + within("SessionState.Equals.Connected")}><Sign state="connected" /></Figure>
      <Figure value={data.sessions.recorded} to={sessions === null ? null : sessions + within("Recording.Equals.true")}><Sign state="recording" /></Figure>
      <Figure value={total} to={machines}>{t.machines(maintenance)}</Figure>
      <Figure value={silent} to={machines === null ? null : machines + within("SummaryState.Equals.Unregistered")}>
        {silent === 0 ? <span className="tone-good sign"><CircleCheck size={13} aria-hidden />{t.noneSilent}</span> : <Sign state="unregistered" />}
      </Figure>
    </div>
  );
}

function Figure({ value, to, children }: { value: number; to: string | null; children: React.ReactNode }): React.JSX.Element {
  const inside = <><span className="figure-number">{value.toLocaleString()}</span><span>{children}</span></>;
  return to === null ? <div className="figure">{inside}</div> : <Link className="figure" href={to}>{inside}</Link>;
}

function History({ data }: { data: Figures }): React.JSX.Element {
  const from = Date.parse(data.historyFrom);
  const stepMs = data.historyStepSeconds * 1000;
  const at = peak(data.sessionCounts);
  const when = new Date(from + at * stepMs).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
  const title = t.history(data.sessionCounts[at] ?? 0, when, data.started);
  return (
    <section className="card">
      <h2>{title}</h2>
      <AreaChart label={title} from={from} stepMs={stepMs} values={data.sessionCounts} />
    </section>
  );
}

function Busiest({ data }: { data: Figures }): React.JSX.Element | null {
  const first = data.busiest.at(0);
  if (first === undefined) return null;
  return (
    <section className="card">
      <h2>{t.busiest(bare(first.name), first.loadIndex / FULL)}</h2>
      <ul className="bars">
        {data.busiest.map((one) => (
          <li key={one.id}>
            <Link className="bar" href={`/console/machines/${one.id}`}>
              <span>{bare(one.name)}</span>
              <span className="bar-track"><span className={one.loadIndex / FULL > HIGH ? "bar-fill high" : "bar-fill"} style={{ width: `${Math.min(one.loadIndex / FULL, 1) * 100}%` }} /></span>
              <span className="num">{texts.percent(one.loadIndex / FULL)} · {t.sessions(one.sessions)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Failures({ data }: { data: Figures }): React.JSX.Element {
  const count = data.failures.reduce((sum, one) => sum + one.count, 0) + data.failedRecordings;
  return (
    <section className="card">
      <h2>{t.failures(count)}</h2>
      {count === 0 ? <p className="sign lines tone-good"><CircleCheck size={14} aria-hidden />{t.noFailures}</p> : (
        <table className="plain-table">
          <tbody>
            {data.failures.map((one) => <tr key={one.reason}><td>{one.reason === "" ? t.unknownReason : one.reason}</td><td className="right num">{one.count}</td></tr>)}
            {data.failedRecordings === 0 ? null : <tr><td>{t.failedRecordings}</td><td className="right num">{data.failedRecordings}</td></tr>}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** Problems as people reported them, each with the way to its moment in the recording. */

import { useQuery } from "@tanstack/react-query";
import { LifeBuoy, Play } from "lucide-react";
import { Link } from "wouter";
import { site } from "../../../api/site";
import type { ReportView } from "../../../api/wire.gen";
import { clockText, exactly } from "../../../parts/words";
import { useMay } from "../../me";
import { Blank } from "../../parts/blank";
import { Facts, type Fact } from "../../parts/facts";
import { Failure } from "../../parts/failure";
import { bare, Id, Name } from "../../parts/name";
import { Panel } from "../../parts/panel";
import { agoAt } from "../../parts/when";
import type { Column } from "../../table/columns";
import { List } from "../../table/list";
import { type Tokened, useTokenRows } from "../../table/token_rows";
import { useView } from "../../table/view";
import { texts } from "../../texts";
import { RecordingTabs } from "../recordings/tabs";
import { factsOf } from "./report_facts";
import "./reports.css";

const t = texts.reports;

const COLUMNS: readonly Column<ReportView>[] = [
  { id: "when", title: t.when, width: 130, cell: (row, now) => agoAt(row.reportedAt, now), fits: true },
  { id: "by", title: t.by, width: 150, text: (row) => bare(row.reportedBy) },
  { id: "user", title: t.user, width: 150, text: (row) => bare(row.userName) },
  { id: "machine", title: t.machine, width: 130, text: (row) => bare(row.machineName) },
  { id: "text", title: t.text, width: 300, grow: true, cell: (row) => <Name longest={120}>{row.text}</Name> },
  { id: "moment", title: t.moment, width: 110, cell: (row) => <Moment report={row} /> },
];

const ROWS: Tokened<ReportView> = {
  name: ["reports"],
  kind: "audit",
  idOf: (row) => row.id,
  beganOf: (row) => row.reportedAt,
  read: (token) => site("GET /footlight/v1/reports", { query: { limit: 100, ...(token === undefined ? {} : { continuationToken: token }) } }),
};

export default function Reports(): React.JSX.Element {
  const [view, change] = useView();
  const rows = useTokenRows(ROWS);
  return (
    <>
      <RecordingTabs />
      <div className="beside">
        <List name="reports" label={t.title} columns={COLUMNS} rows={rows} idOf={ROWS.idOf} view={view} change={change} unsearched
          empty={<Blank icon={LifeBuoy} title={t.none}>{t.noneWhy}</Blank>} />
        {view.open === null ? null : <ReportPanel id={view.open} key={view.open} close={() => change({ open: null })} />}
      </div>
    </>
  );
}

/** The site's link ends some time after the report; within the console it need not be spent. */
function Moment({ report }: { report: ReportView }): React.JSX.Element {
  const may = useMay();
  if (report.link === null || report.atMs === null) return <span className="soft">{t.notRecorded}</span>;
  if (!may("Recording_View")) return <span className="num">{clockText(report.atMs)}</span>;
  return <a className="row" href={new URL(report.link).pathname + new URL(report.link).hash}><Play size={13} aria-hidden />{t.play(clockText(report.atMs))}</a>;
}

function ReportPanel({ id, close }: { id: string; close: () => void }): React.JSX.Element {
  const found = useQuery({ queryKey: ["reports", id], queryFn: () => site("GET /footlight/v1/reports/{id}", { path: { id } }) });
  const { data } = found;
  const { lastLines, ...others } = data?.facts ?? {};
  const lines = Array.isArray(lastLines) ? lastLines.map(String) : [];
  const facts: Fact[] = factsOf(others);
  return (
    <Panel title={t.one} close={close} busy={found.isPending}>
      {found.isError ? <Failure error={found.error} again={() => void found.refetch()} /> : null}
      {data === undefined ? null : (
        <>
          <p>{data.text}</p>
          <Moment report={data} />
          <Facts facts={[
            [t.by, data.reportedBy],
            [t.when, exactly(data.reportedAt)],
            [t.user, data.userName],
            [t.machine, bare(data.machineName)],
            [t.records, data.recordsUntil === null ? null : exactly(data.recordsUntil)],
            [t.session, <Link key="session" href={`/console/sessions/${data.sessionId}`}>{t.toSession}</Link>],
            [t.id, <Id key="id">{data.id}</Id>],
          ]} />
          {facts.length === 0 ? null : <><h3>{t.facts}</h3><Facts facts={facts} /></>}
          {lines.length === 0 ? null : <><h3>{t.lines}</h3><pre className="lines" tabIndex={0} aria-label={t.lines}>{lines.join("\n")}</pre></>}
        </>
      )}
    </Panel>
  );
}

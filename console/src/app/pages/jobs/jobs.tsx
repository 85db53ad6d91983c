/** Long work of the caller: how far it is, what came of each part. */

import { Button, Progress } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Download, ListTodo } from "lucide-react";
import { site } from "../../../api/site";
import type { Job } from "../../../api/wire.gen";
import { plain } from "../../../parts/words";
import { after, useEvery } from "../../every";
import { JOBS, runs } from "../../frame/jobs_menu";
import { useRefreshOn } from "../../live/live";
import { Blank } from "../../parts/blank";
import { Facts } from "../../parts/facts";
import { Failure } from "../../parts/failure";
import { Id } from "../../parts/name";
import { Panel } from "../../parts/panel";
import { Sign } from "../../parts/sign";
import { attempt } from "../../parts/tell";
import { Ago, agoAt } from "../../parts/when";
import type { Column } from "../../table/columns";
import { List } from "../../table/list";
import { useView } from "../../table/view";
import { useWholeRows } from "../../table/whole_rows";
import { texts } from "../../texts";

const t = texts.jobs;

/** What CVAD has no word for are the site's own: films and evidence files. */
const kindOf = (job: Job): string => (job.Type === "Unknown" ? t.exported : plain(job.Type));

const COLUMNS: readonly Column<Job>[] = [
  { id: "status", title: t.status, width: 130, cell: (row) => <Sign state={row.Status} />, fits: true, sort: (row) => row.Status },
  { id: "kind", title: t.kind, width: 200, grow: true, cell: kindOf, sort: kindOf },
  { id: "progress", title: t.progress, width: 150, cell: (row) => <Progress size="sm" value={row.OverallProgressPercent ?? 0} aria-label={t.progress} /> },
  { id: "made", title: t.made, width: 140, align: "right", cell: (row, now) => agoAt(row.FormattedCreationTime, now), fits: true, sort: (row) => row.FormattedCreationTime },
  { id: "error", title: t.error, width: 220, grow: true, cell: (row) => row.ErrorString ?? "" },
];

export default function Jobs(): React.JSX.Element {
  const [view, change] = useView();
  const all = useEvery([...JOBS, "all"], ["job"], (token) => site("GET /cvad/manage/Jobs", { query: after(token) }));
  const rows = useWholeRows(all, view, COLUMNS, (row) => `${kindOf(row)} ${row.Status} ${row.ErrorString ?? ""}`, (row) => row.Status);
  return (
    <>
      <div className="page-head"><h1>{texts.pages.jobs}</h1></div>
      <div className="beside">
        <List name="jobs" label={texts.pages.jobs} columns={COLUMNS} rows={rows} idOf={(row) => row.Id} view={view} change={change}
          empty={<Blank icon={ListTodo} title={t.none}>{t.noneWhy}</Blank>} />
        {view.open === null ? null : <JobPanel id={view.open} key={view.open} close={() => change({ open: null })} />}
      </div>
    </>
  );
}

/** What it made, for download: a film or an evidence file. Jobs of other kinds have none. */
function Result({ id, status }: { id: string; status: string }): React.JSX.Element | null {
  const made = useQuery({
    queryKey: [...JOBS, id, "made", status],
    queryFn: () => site("GET /footlight/v1/jobs/{id}", { path: { id } }),
    enabled: status === "Complete",
  });
  const path = made.data?.resultPath ?? null;
  return path === null ? null : <div><Button component="a" href={path} download leftSection={<Download size={14} aria-hidden />}>{t.download}</Button></div>;
}

function JobPanel({ id, close }: { id: string; close: () => void }): React.JSX.Element {
  const key = [...JOBS, id];
  useRefreshOn(["job"], key);
  const found = useQuery({ queryKey: key, queryFn: () => site("GET /cvad/manage/Jobs/{id}", { path: { id } }) });
  const job = found.data;
  return (
    <Panel title={job === undefined ? t.one : kindOf(job)} close={close} busy={found.isPending}>
      {found.isError ? <Failure error={found.error} again={() => void found.refetch()} /> : null}
      {job === undefined ? null : (
        <>
          {runs(job) ? <Progress value={job.OverallProgressPercent ?? 0} aria-label={t.progress} /> : null}
          {runs(job) && job.IsCancellable === true ? (
            <Button variant="default" onClick={() => void attempt(t.cancel, () => site("POST /cvad/manage/Jobs/{id}/$cancel", { path: { id } }))}>{t.cancel}</Button>
          ) : null}
          <Result id={id} status={job.Status} />
          <Facts facts={[
            [t.status, <Sign key="status" state={job.Status} />],
            [t.made, <Ago key="made" at={job.FormattedCreationTime} />],
            [t.ended, job.FormattedEndTime === null ? null : <Ago key="ended" at={job.FormattedEndTime} />],
            [t.error, job.ErrorString],
            ...job.Parameters.map((one): [string, string] => [one.Name === "Id" ? t.object : (one.Name ?? ""), one.Value ?? ""]),
            [t.id, <Id key="id">{job.Id}</Id>],
          ]} />
          {(job.SubJobs ?? []).length === 0 ? null : (
            <table className="plain-table">
              <thead><tr><th>{t.part}</th><th>{t.status}</th></tr></thead>
              <tbody>
                {(job.SubJobs ?? []).map((one) => (
                  <tr key={one.Id}>
                    <td>{plain(one.Type)}<div className="soft">{one.ErrorString ?? one.Parameters.map((given) => given.Value).join(" ")}</div></td>
                    <td><Sign state={one.Status} /></td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </>
      )}
    </Panel>
  );
}

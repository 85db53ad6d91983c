/** Long work of the caller: how much of it runs, and how far it is. */

import { ActionIcon, Indicator, Popover, Progress } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ListTodo } from "lucide-react";
import { Link } from "wouter";
import { site } from "../../api/site";
import type { Job } from "../../api/wire.gen";
import { plain } from "../../parts/words";
import { useRefreshOn } from "../live/live";
import { Sign } from "../parts/sign";
import { Ago } from "../parts/when";
import { texts } from "../texts";

const SHOWN = 8;
export const JOBS = ["jobs"] as const;

export const runs = (job: Job): boolean => job.Status === "InProgress" || job.Status === "NotStarted";

export function JobsMenu(): React.JSX.Element {
  useRefreshOn(["job"], JOBS);
  const jobs = useQuery({ queryKey: [...JOBS, "latest"], queryFn: () => site("GET /cvad/manage/Jobs", { query: { limit: 50 } }) });
  const items = jobs.data?.Items ?? [];
  const running = items.filter(runs).length;
  return (
    <Popover position="bottom-end" width={340}>
      <Indicator disabled={running === 0} label={running} size={16}>
        <Popover.Target>
          <ActionIcon variant="subtle" color="gray" size={32} aria-label={texts.jobs.running(running)} title={texts.jobs.running(running)}>
            <ListTodo size={18} aria-hidden />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown>
        <div className="stack">
          {items.length === 0 ? <p className="soft">{texts.jobs.none}</p> : null}
          {items.slice(0, SHOWN).map((job) => <JobLine key={job.Id} job={job} />)}
          <Link href="/console/jobs">{texts.jobs.all}</Link>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function JobLine({ job }: { job: Job }): React.JSX.Element {
  return (
    <Link href={`/console/jobs?open=${job.Id}`} className="job-line">
      <span className="row">
        <span className="grow">{plain(job.Type)}</span>
        <Sign state={job.Status} />
      </span>
      {runs(job) ? <Progress size="sm" value={job.OverallProgressPercent ?? 0} aria-label={plain(job.Type)} /> : null}
      <span className="soft"><Ago at={job.FormattedCreationTime} /></span>
    </Link>
  );
}

/** Films and evidence files: made by jobs, shown with their progress, then fetched. */

import { Button, Menu, Progress } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Download, FileCheck2, Film } from "lucide-react";
import { useState } from "react";
import { site } from "../../../api/site";
import type { ExportWanted } from "../../../api/wire.gen";
import { attempt } from "../../parts/tell";
import { texts } from "../../texts";

const t = texts.player.exports;
const LOOK_EACH_MS = 1000;

type Kind = NonNullable<ExportWanted["kind"]>;

interface Begun {
  kind: Kind;
  job: string;
}

export function Exports({ id, ended }: { id: string; ended: boolean }): React.JSX.Element {
  const [begun, setBegun] = useState<readonly Begun[]>([]);
  const start = (kind: Kind): Promise<boolean> =>
    attempt(t.failed(t[kind]), async () => {
      const { jobId } = await site("POST /footlight/v1/recordings/{id}/export", { path: { id }, body: { kind } });
      setBegun((before) => [...before.filter((one) => one.kind !== kind), { kind, job: jobId }]);
    });
  return (
    <>
      {begun.map((one) => <Export key={one.job} begun={one} />)}
      <Menu position="bottom-end">
        <Menu.Target><Button variant="default" leftSection={<Download size={14} aria-hidden />}>{t.button}</Button></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Film size={14} aria-hidden />} onClick={() => void start("mp4")}>{t.mp4}</Menu.Item>
          <Menu.Item leftSection={<FileCheck2 size={14} aria-hidden />} disabled={!ended} onClick={() => void start("evidence")}>
            {ended ? t.evidence : `${t.evidence}, ${t.notEnded}`}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

function Export({ begun: { kind, job } }: { begun: Begun }): React.JSX.Element {
  const read = useQuery({
    queryKey: ["job", job],
    queryFn: () => site("GET /footlight/v1/jobs/{id}", { path: { id: job } }),
    refetchInterval: ({ state }) => (state.data === undefined || state.data.state === "running" ? LOOK_EACH_MS : false),
  });
  const view = read.data;
  if (view === undefined || view.state === "running") {
    return (
      <span className="player-export" role="status" title={t.running(t[kind])}>
        <span className="soft">{t.running(t[kind])}</span>
        <Progress value={(view?.progress ?? 0) * 100} size="sm" aria-label={t.running(t[kind])} />
      </span>
    );
  }
  if (view.resultPath === null) return <span className="tone-bad" role="alert" title={view.error ?? ""}>{t.failed(t[kind])}</span>;
  return (
    <Button component="a" href={view.resultPath} download variant="light" title={t.done(t[kind])} leftSection={<Download size={14} aria-hidden />}>
      {t.download} {t[kind]}
    </Button>
  );
}

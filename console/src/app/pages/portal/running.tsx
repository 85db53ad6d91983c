/** Somebody's own sessions that run: each is taken up again by one click. */

import { ActionIcon, Menu, Skeleton } from "@mantine/core";
import { useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { EllipsisVertical, Play, Power, Unplug } from "lucide-react";
import { Link } from "wouter";
import type { SessionRow } from "../../../api/wire.gen";
import { useAsk } from "../../parts/ask";
import { Failure } from "../../parts/failure";
import { Sign } from "../../parts/sign";
import { attempt, told } from "../../parts/tell";
import { Since } from "../../parts/when";
import { texts } from "../../texts";
import { act } from "../sessions/acts";

const t = texts.portal.running;
export const OWN_SESSIONS = ["own-sessions"];

export function Running({ sessions }: { sessions: UseQueryResult<SessionRow[]> }): React.JSX.Element {
  const rows = sessions.data ?? [];
  return (
    <section className="stack" aria-labelledby="running-title">
      <h2 id="running-title">{t.title}</h2>
      {sessions.isPending ? <Skeleton height={56} role="status" aria-label={texts.loading} /> : null}
      {sessions.isError ? <Failure error={sessions.error} again={() => void sessions.refetch()} /> : null}
      {sessions.isSuccess && rows.length === 0 ? <p className="portal-none soft">{t.none}</p> : null}
      <ul className="running">
        {rows.map((row) => <RunningRow key={row.id} session={row} />)}
      </ul>
    </section>
  );
}

function RunningRow({ session }: { session: SessionRow }): React.JSX.Element {
  return (
    <li className="running-row" data-session={session.id}>
      <Link href={`/s/${session.id}`} className="running-open">
        <Play size={16} aria-hidden />
        <strong>{session.resourceName}</strong>
        <span className="unseen">{t.open}</span>
      </Link>
      <span className="running-facts">
        <Sign state={session.state} />
        <span className="soft"><Since at={session.stateChangedAt} /></span>
        {session.recording ? <Sign state="recording" /> : null}
      </span>
      <Acts session={session} />
    </li>
  );
}

function Acts({ session }: { session: SessionRow }): React.JSX.Element {
  const ask = useAsk();
  const client = useQueryClient();
  const name = session.resourceName;
  const run = async (what: string, verb: "disconnect" | "logoff", after: string): Promise<void> => {
    if (await attempt(what, () => act(verb, session.id))) told(after);
    await client.invalidateQueries({ queryKey: OWN_SESSIONS });
  };
  const logOff = async (): Promise<void> => {
    const sure = await ask({ title: texts.work.logOffTitle(name), consequence: texts.work.logOffLoses, act: texts.work.logOff });
    if (sure) await run(texts.work.logOff, "logoff", t.loggedOff(name));
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={32} aria-label={t.acts(name)}><EllipsisVertical size={16} aria-hidden /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Unplug size={14} aria-hidden />} disabled={session.state === "Disconnected"}
          onClick={() => void run(texts.work.disconnect, "disconnect", t.disconnected(name))}>{texts.work.disconnect}</Menu.Item>
        <Menu.Item color="red" leftSection={<Power size={14} aria-hidden />} onClick={() => void logOff()}>{texts.work.logOff}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Where people start their desktops and applications, and take up what runs. */

import { useQuery } from "@tanstack/react-query";
import { LayoutDashboard } from "lucide-react";
import { useEffect } from "react";
import { Link } from "wouter";
import { site } from "../../../api/site";
import type { SessionRow } from "../../../api/wire.gen";
import { Brand } from "../../frame/brand";
import { Stale } from "../../frame/stale";
import { WhoMenu } from "../../frame/who_menu";
import { useRefreshOn } from "../../live/live";
import { useMe } from "../../me";
import { texts } from "../../texts";
import { Resources } from "./resources";
import { OWN_SESSIONS, Running } from "./running";
import "./portal.css";

const t = texts.portal;
/** Nobody works in more at a time. */
const MOST = 100;

/** Of who sees others' sessions, too, only the own ones. */
async function ownSessions(userName: string, accountId: string): Promise<SessionRow[]> {
  const body = { SearchFilters: [{ Property: "UserName", Operator: "Equals", Value: userName }] };
  const { items } = await site("POST /footlight/v1/sessions/$search", { query: { limit: MOST }, body });
  const own = items.filter((row) => row.accountId === accountId && !row.hidden);
  return own.sort((a, b) => (b.startedAt ?? "").localeCompare(a.startedAt ?? ""));
}

export default function Portal(): React.JSX.Element {
  const me = useMe();
  useRefreshOn(["session"], OWN_SESSIONS);
  const sessions = useQuery({ queryKey: OWN_SESSIONS, queryFn: () => ownSessions(me.userName, me.accountId) });
  const running = (sessions.data?.length ?? 0) > 0;
  useEffect(() => {
    document.title = `${texts.pages.portal} · Footlight`;
  }, []);
  return (
    <div className="portal">
      <header className="portal-head">
        <Brand />
        <span className="grow" />
        {me.permissions.length === 0 ? null : (
          <Link href="/" className="row"><LayoutDashboard size={15} aria-hidden />{t.console}</Link>
        )}
        <span className="portal-who soft">{me.displayName}</span>
        <WhoMenu />
      </header>
      <Stale />
      <main className="portal-page">
        <h1>{texts.pages.portal}</h1>
        {running || !sessions.isSuccess ? <Running sessions={sessions} /> : null}
        <Resources sessions={sessions.data ?? []} />
        {running || !sessions.isSuccess ? null : <Running sessions={sessions} />}
      </main>
    </div>
  );
}

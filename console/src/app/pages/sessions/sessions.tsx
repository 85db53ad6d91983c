/** All live sessions: find them, look, act on one or on many. */

import { MonitorPlay } from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";
import { site } from "../../../api/site";
import type { SessionRow } from "../../../api/wire.gen";
import { Blank } from "../../parts/blank";
import { List } from "../../table/list";
import { type Searched, useSearchedRows } from "../../table/searched_rows";
import { useView } from "../../table/view";
import { texts } from "../../texts";
import { BulkActs } from "./bulk_acts";
import { SESSION_COLUMNS } from "./columns";

// Not needed before somebody opens a row.
const SessionPanel = lazy(() => import("./session_panel"));

export const SESSIONS: Searched<SessionRow> = {
  name: "sessions",
  kinds: ["session", "recording_health"],
  search: (body, limit, skip) => site("POST /footlight/v1/sessions/$search", { query: { limit, skip }, body }),
  idOf: (row) => row.id,
  uidOf: (row) => row.uid,
};

export default function Sessions(): React.JSX.Element {
  const [view, change] = useView();
  const rows = useSearchedRows(SESSIONS, view, SESSION_COLUMNS);
  const [picked, setPicked] = useState<ReadonlyMap<string, SessionRow>>(new Map());
  const chosen = useMemo(() => ({ rows: picked, set: setPicked }), [picked]);
  return (
    <>
      <div className="page-head"><h1>{texts.pages.sessions}</h1></div>
      <div className="beside">
        <List
          name="sessions"
          label={texts.pages.sessions}
          columns={SESSION_COLUMNS}
          rows={rows}
          idOf={SESSIONS.idOf}
          view={view}
          change={change}
          chosen={chosen}
          bulk={<BulkActs rows={[...picked.values()]} done={() => setPicked(new Map())} />}
          empty={<Blank icon={MonitorPlay} title={texts.sessions.none}>{texts.sessions.noneWhy} <a href="/portal">{texts.pages.portal}</a></Blank>}
        />
        {view.open === null ? null : (
          <Suspense fallback={null}><SessionPanel id={view.open} key={view.open} close={() => change({ open: null })} /></Suspense>
        )}
      </div>
    </>
  );
}

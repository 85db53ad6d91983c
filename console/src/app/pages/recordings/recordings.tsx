/** What has been recorded: found by a sentence, as recordings or, with words, as moments in them. */

import { Film } from "lucide-react";
import { useMemo } from "react";
import { site } from "../../../api/site";
import type { RecordingView } from "../../../api/wire.gen";
import { bytesText, clockText, plain } from "../../../parts/words";
import { Activity } from "../../parts/activity";
import { Blank } from "../../parts/blank";
import { bare } from "../../parts/name";
import { Sign } from "../../parts/sign";
import { agoAt } from "../../parts/when";
import type { Column, View } from "../../table/columns";
import { List } from "../../table/list";
import { type Tokened, useTokenRows } from "../../table/token_rows";
import { useView } from "../../table/view";
import { texts } from "../../texts";
import { Hits } from "./hits";
import { playAddress } from "./places";
import { RecordingPanel } from "./recording_panel";
import { Sentence } from "./sentence";
import { RecordingTabs } from "./tabs";
import { isNarrowed, listQuery, useWanted, type Wanted } from "./wanted";

const t = texts.recordings;
const PAGE = 100;

const COLUMNS: readonly Column<RecordingView>[] = [
  { id: "state", title: t.state, width: 112, cell: (row) => <Sign state={row.state} />, fits: true },
  { id: "user", title: t.user, width: 110, grow: true, text: (row) => bare(row.userName), sort: "userName" },
  { id: "resource", title: t.resource, width: 110, grow: true, text: (row) => row.resourceName, sort: "resourceName" },
  { id: "machine", title: t.machine, width: 100, grow: true, text: (row) => bare(row.machineName), sort: "machineName" },
  { id: "activity", title: t.activityTitle, width: 150, cell: (row) => <Activity activity={row.activity} durationMs={row.durationMs} /> },
  { id: "started", title: t.started, width: 112, align: "right", cell: (row, now) => agoAt(row.startedAt, now), fits: true, sort: "startedAt" },
  { id: "length", title: t.length, width: 76, align: "right", cell: (row) => clockText(row.durationMs), sort: "durationMs" },
  { id: "size", title: t.size, width: 80, align: "right", cell: (row) => bytesText(row.sizeBytes), sort: "sizeBytes" },
  { id: "held", title: t.hold, width: 76, cell: (row) => (row.held ? <Sign state="held" /> : null), fits: true },
  { id: "play", title: t.play, width: 84, cell: (row) => <a href={playAddress(row.id)}>{row.state === "recording" ? t.live : t.play}</a> },
  { id: "reason", title: t.reason, width: 130, cell: (row) => plain(row.reason), extra: true },
  { id: "by", title: t.orderedBy, width: 140, text: (row) => row.orderedBy, extra: true },
  { id: "class", title: t.retentionClass, width: 130, text: (row) => row.retentionClass, extra: true },
  { id: "expires", title: t.expires, width: 150, align: "right", cell: (row) => (row.expiresAt === null ? t.never : new Date(row.expiresAt).toLocaleDateString()), extra: true },
];

export default function Recordings(): React.JSX.Element {
  const [view, change] = useView();
  const [wanted, want] = useWanted();
  return (
    <>
      <RecordingTabs />
      <Sentence wanted={wanted} change={want} />
      <div className="beside">
        {wanted.words === "" ? <Found wanted={wanted} view={view} change={change} /> : <Hits wanted={wanted} />}
        {view.open === null ? null : <RecordingPanel id={view.open} key={view.open} close={() => change({ open: null })} />}
      </div>
    </>
  );
}

interface FoundProps {
  wanted: Wanted;
  view: View;
  change: (change: Partial<View>, replace?: boolean) => void;
}

function Found({ wanted, view, change }: FoundProps): React.JSX.Element {
  const by = COLUMNS.find((column) => column.id === view.sort?.column)?.sort;
  const sort = typeof by === "string" ? (view.sort?.descending === true ? "-" : "") + by : undefined;
  const { text } = view;
  const of = useMemo<Tokened<RecordingView>>(() => ({
    name: ["recordings", "list", wanted, text, sort ?? ""],
    kind: "recording",
    idOf: (row) => row.id,
    beganOf: (row) => row.startedAt,
    read: (token) => site("GET /footlight/v1/recordings", {
      query: {
        ...listQuery(wanted, text, Date.now()),
        limit: PAGE,
        ...(sort === undefined ? {} : { sort }),
        ...(token === undefined ? {} : { continuationToken: token }),
      },
    }),
  }), [wanted, text, sort]);
  const rows = useTokenRows(of);
  return (
    <List name="recordings" label={texts.pages.recordings} columns={COLUMNS} rows={rows} idOf={of.idOf} view={view} change={change}
      narrowed={isNarrowed(wanted)} empty={<Blank icon={Film} title={t.none}>{t.noneWhy}</Blank>} />
  );
}

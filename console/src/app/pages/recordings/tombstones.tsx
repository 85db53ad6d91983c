/** What is left of deleted recordings: who deleted which, when and why, signed by the site. */

import { Trash2 } from "lucide-react";
import { useQuery } from "@tanstack/react-query";
import { site } from "../../../api/site";
import type { TombstoneView } from "../../../api/wire.gen";
import { bytesText, exactly } from "../../../parts/words";
import { Blank } from "../../parts/blank";
import { Facts } from "../../parts/facts";
import { Failure } from "../../parts/failure";
import { bare, Id, Name } from "../../parts/name";
import { Panel } from "../../parts/panel";
import { Sign } from "../../parts/sign";
import { agoAt } from "../../parts/when";
import type { Column } from "../../table/columns";
import { List } from "../../table/list";
import { type Tokened, useTokenRows } from "../../table/token_rows";
import { useView } from "../../table/view";
import { texts } from "../../texts";
import { RecordingTabs } from "./tabs";

const t = texts.recordings;
const own = t.tombstones;

const COLUMNS: readonly Column<TombstoneView>[] = [
  { id: "state", title: t.state, width: 110, cell: (row) => <Sign state={row.filesGoneAt === null ? "removing" : "deleted"} />, fits: true },
  { id: "user", title: t.user, width: 150, grow: true, text: (row) => bare(row.userName) },
  { id: "machine", title: t.machine, width: 130, grow: true, text: (row) => bare(row.machineName) },
  { id: "started", title: t.started, width: 130, align: "right", cell: (row, now) => agoAt(row.startedAt, now), fits: true },
  { id: "size", title: t.size, width: 90, align: "right", cell: (row) => bytesText(row.sizeBytes) },
  { id: "deleted", title: own.at, width: 130, align: "right", cell: (row, now) => agoAt(row.deletedAt, now), fits: true },
  { id: "by", title: own.by, width: 150, text: (row) => bare(row.deletedBy) },
  { id: "why", title: own.why, width: 220, grow: true, cell: (row) => <Name longest={80}>{row.why}</Name> },
];

const ROWS: Tokened<TombstoneView> = {
  name: ["recordings", "tombstones"],
  kind: "recording",
  idOf: (row) => row.recordingId,
  beganOf: (row) => row.deletedAt,
  read: (token) => site("GET /footlight/v1/recordings/tombstones", { query: { limit: 100, ...(token === undefined ? {} : { continuationToken: token }) } }),
};

export default function Tombstones(): React.JSX.Element {
  const [view, change] = useView();
  const rows = useTokenRows(ROWS);
  return (
    <>
      <RecordingTabs />
      <div className="beside">
        <List name="tombstones" label={own.title} columns={COLUMNS} rows={rows} idOf={ROWS.idOf} view={view} change={change} unsearched
          empty={<Blank icon={Trash2} title={own.none}>{own.noneWhy}</Blank>} />
        {view.open === null ? null : <TombstonePanel id={view.open} key={view.open} close={() => change({ open: null })} />}
      </div>
    </>
  );
}

function TombstonePanel({ id, close }: { id: string; close: () => void }): React.JSX.Element {
  const found = useQuery({ queryKey: ["recordings", "tombstones", id], queryFn: () => site("GET /footlight/v1/recordings/tombstones/{id}", { path: { id } }) });
  const { data } = found;
  return (
    <Panel title={own.one} close={close} busy={found.isPending}>
      {found.isError ? <Failure error={found.error} again={() => void found.refetch()} /> : null}
      {data === undefined ? null : (
        <Facts facts={[
          [own.why, data.why],
          [own.by, data.deletedBy],
          [own.at, exactly(data.deletedAt)],
          [own.gone, data.filesGoneAt === null ? own.going : exactly(data.filesGoneAt)],
          [t.user, data.userName],
          [t.machine, bare(data.machineName)],
          [t.started, exactly(data.startedAt)],
          [t.ended, exactly(data.endedAt)],
          [t.size, bytesText(data.sizeBytes)],
          [own.segments, data.sealedSegments],
          [t.retentionClass, data.retentionClass],
          [own.head, <span key="head" className="mono">{data.head}</span>],
          [own.signature, <span key="signature" className="mono">{data.signature}</span>],
          [t.id, <Id key="id">{data.recordingId}</Id>],
        ]} />
      )}
    </Panel>
  );
}

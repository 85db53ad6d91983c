/** Zones: places in which machines stand. */

import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { MapPin, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { site } from "../../../api/site";
import type { ZoneSelection } from "../../../api/wire.gen";
import { useRefreshOn } from "../../live/live";
import { useMay, useMayEverywhere } from "../../me";
import { Act } from "../../parts/act";
import { useAsk } from "../../parts/ask";
import { Blank } from "../../parts/blank";
import { Facts } from "../../parts/facts";
import { Name, Id } from "../../parts/name";
import { Panel } from "../../parts/panel";
import { useRun } from "../../parts/use_run";
import type { Column } from "../../table/columns";
import { List } from "../../table/list";
import { useView } from "../../table/view";
import { useWholeRows } from "../../table/whole_rows";
import { texts } from "../../texts";
import { NamedForm } from "./named_form";
import { SettingsTabs } from "./tabs";

const t = texts.settings.zones;
const KEY = ["zones"];

const COLUMNS: readonly Column<ZoneSelection>[] = [
  { id: "name", title: t.zone, width: 240, grow: true, text: (row) => row.Name, sort: (row) => row.Name ?? "" },
  { id: "primary", title: t.primary, width: 110, cell: (row) => (row.IsPrimary === true ? texts.yes : texts.no), sort: (row) => String(row.IsPrimary) },
  { id: "description", title: texts.settings.description, width: 300, grow: true, cell: (row) => <Name longest={90}>{row.Description}</Name> },
];

export default function Zones(): React.JSX.Element {
  const [view, change] = useView();
  const may = useMay();
  const [making, setMaking] = useState(false);
  useRefreshOn(["zone"], KEY);
  const found = useQuery({ queryKey: KEY, queryFn: () => site("GET /cvad/manage/Zones") });
  const rows = useWholeRows({ data: found.data?.Items, error: found.error, refetch: found.refetch }, view, COLUMNS, (row) => `${row.Name ?? ""} ${row.Description ?? ""}`, () => "");
  const open = found.data?.Items.find((row) => row.Id === view.open);
  const make = may("Zone_Manage") ? <Button leftSection={<Plus size={14} aria-hidden />} onClick={() => setMaking(true)}>{t.make}</Button> : null;
  return (
    <>
      <SettingsTabs />
      <div className="beside">
        <List name="zones" label={t.title} columns={COLUMNS} rows={rows} idOf={(row) => row.Id ?? ""} view={view} change={change} tools={make} empty={<Blank icon={MapPin} title={t.none} />} />
        {open === undefined ? null : <ZonePanel key={open.Id} zone={open} close={() => change({ open: null })} />}
      </div>
      {making ? <NamedForm title={t.make} refresh={[KEY]} close={() => setMaking(false)} send={(body) => site("POST /cvad/manage/Zones", { body })} /> : null}
    </>
  );
}

function ZonePanel({ zone, close }: { zone: ZoneSelection; close: () => void }): React.JSX.Element {
  const changes = useMayEverywhere()("Zone_Manage");
  const ask = useAsk();
  const run = useRun(KEY);
  const [editing, setEditing] = useState(false);
  const name = zone.Name ?? "";
  const path = { nameOrId: zone.Id ?? "" };
  const remove = async (): Promise<void> => {
    if (!(await ask({ title: texts.settings.deleteTitle(name), consequence: t.removeLoses, act: texts.settings.delete }))) return;
    if (await run(texts.settings.delete, () => site("DELETE /cvad/manage/Zones/{nameOrId}", { path }))) close();
  };
  return (
    <Panel title={name} close={close} busy={false}>
      <div className="row wrap">
        <Act icon={Pencil} allowed={changes} run={() => setEditing(true)}>{texts.edit}</Act>
        <Act icon={Trash2} danger allowed={changes && zone.IsPrimary !== true} run={() => void remove()}>{texts.settings.delete}</Act>
      </div>
      <Facts facts={[
        [t.primary, zone.IsPrimary === true ? texts.yes : texts.no],
        [texts.settings.description, zone.Description],
        [texts.pages.machines, <Link key="machines" href={`/console/machines?f=${encodeURIComponent(`ZoneName.Equals.${name}`)}`}>{t.machines}</Link>],
        [texts.groups.id, <Id key="id">{zone.Id ?? ""}</Id>],
      ]} />
      {editing ? (
        <NamedForm title={texts.groups.edit(name)} name={name} description={zone.Description ?? ""} refresh={[KEY]} close={() => setEditing(false)}
          send={(body) => site("PATCH /cvad/manage/Zones/{nameOrId}", { path, body })} />
      ) : null}
    </Panel>
  );
}

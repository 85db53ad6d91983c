/** Delivery groups: who gets what on which machines. */

import { Button } from "@mantine/core";
import { Layers, Plus } from "lucide-react";
import { useState } from "react";
import { site } from "../../../api/site";
import type { DeliveryGroupSelection } from "../../../api/wire.gen";
import { after, useEvery } from "../../every";
import { useMay } from "../../me";
import { Blank } from "../../parts/blank";
import { Name } from "../../parts/name";
import { Sign } from "../../parts/sign";
import type { Column } from "../../table/columns";
import { List } from "../../table/list";
import { useView } from "../../table/view";
import { useWholeRows } from "../../table/whole_rows";
import { texts } from "../../texts";
import { GroupForm } from "./group_form";
import { GroupPanel } from "./group_panel";
import { stateOf } from "./group_state";
import { GroupTabs } from "./tabs";

const t = texts.groups;
const KEY = ["groups"];

const COLUMNS: readonly Column<DeliveryGroupSelection>[] = [
  {
    id: "state",
    title: t.state,
    width: 130,
    cell: (row) => <Sign state={stateOf(row)} />,
    fits: true,
    sort: stateOf,
    filter: { by: "choice", property: "state", choices: [{ value: "enabled", label: t.enabled }, { value: "disabled", label: t.disabled }, { value: "maintenance", label: t.maintenance }] },
  },
  { id: "name", title: t.name, width: 220, grow: true, text: (row) => row.Name, sort: (row) => row.Name ?? "" },
  { id: "sessions", title: t.sessions, width: 100, align: "right", cell: (row) => row.SessionCount, sort: (row) => row.SessionCount ?? 0 },
  { id: "machines", title: t.machines, width: 100, align: "right", cell: (row) => row.TotalMachines, sort: (row) => row.TotalMachines ?? 0 },
  { id: "silent", title: t.silent, width: 100, align: "right", cell: (row) => row.DesktopsUnregistered, sort: (row) => row.DesktopsUnregistered ?? 0 },
  { id: "applications", title: t.applications, width: 110, align: "right", cell: (row) => row.TotalApplications, sort: (row) => row.TotalApplications ?? 0 },
  { id: "description", title: t.description, width: 220, grow: true, cell: (row) => <Name longest={80}>{row.Description}</Name> },
];

export default function Groups(): React.JSX.Element {
  const [view, change] = useView();
  const may = useMay();
  const [making, setMaking] = useState(false);
  const all = useEvery(KEY, ["delivery_group", "machine"], (token) => site("GET /cvad/manage/DeliveryGroups", { query: after(token) }));
  const rows = useWholeRows(all, view, COLUMNS, (row) => `${row.Name ?? ""} ${row.Description ?? ""}`, stateOf);
  const open = all.data?.find((row) => row.Id === view.open);
  const make = may("DesktopGroup_Create") ? <Button leftSection={<Plus size={14} aria-hidden />} onClick={() => setMaking(true)}>{t.makeGroup}</Button> : null;
  return (
    <>
      <GroupTabs />
      <div className="beside">
        <List name="groups" label={t.groups} columns={COLUMNS} rows={rows} idOf={(row) => row.Id ?? ""} view={view} change={change} tools={make}
          empty={<Blank icon={Layers} title={t.noGroups}>{t.noGroupsWhy}</Blank>} />
        {open === undefined ? null : <GroupPanel key={open.Id} group={open} close={() => change({ open: null })} />}
      </div>
      {making ? <GroupForm close={() => setMaking(false)} /> : null}
    </>
  );
}

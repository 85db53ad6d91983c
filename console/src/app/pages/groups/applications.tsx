/** Published applications: what people can start. */

import { Button } from "@mantine/core";
import { AppWindow, Plus } from "lucide-react";
import { useState } from "react";
import { site } from "../../../api/site";
import type { ApplicationSelection } from "../../../api/wire.gen";
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
import { ApplicationForm } from "./application_form";
import { ApplicationPanel } from "./application_panel";
import { commandOf, folderOf, stateOf } from "./application_state";
import { GroupTabs } from "./tabs";

const t = texts.groups;
const KEY = ["applications"];

const COLUMNS: readonly Column<ApplicationSelection>[] = [
  {
    id: "state",
    title: t.state,
    width: 120,
    cell: (row) => <Sign state={stateOf(row)} />,
    fits: true,
    sort: stateOf,
    filter: { by: "choice", property: "state", choices: [{ value: "enabled", label: t.enabled }, { value: "disabled", label: t.disabled }] },
  },
  { id: "name", title: t.name, width: 180, grow: true, text: (row) => row.Name, sort: (row) => row.Name ?? "" },
  { id: "command", title: t.command, width: 260, grow: true, cell: (row) => <span className="mono"><Name longest={60}>{commandOf(row)}</Name></span>, sort: commandOf },
  { id: "groups", title: t.groups, width: 110, align: "right", cell: (row) => row.NumAssociatedDeliveryGroups, sort: (row) => row.NumAssociatedDeliveryGroups ?? 0 },
  { id: "folder", title: t.folder, width: 140, text: folderOf, sort: folderOf, filter: { by: "text", property: "folder" } },
  { id: "description", title: t.description, width: 200, grow: true, cell: (row) => <Name longest={80}>{row.Description}</Name> },
];

export default function Applications(): React.JSX.Element {
  const [view, change] = useView();
  const may = useMay();
  const [making, setMaking] = useState(false);
  const all = useEvery(KEY, ["application"], (token) => site("GET /cvad/manage/Applications", { query: after(token) }));
  const rows = useWholeRows(all, view, COLUMNS, (row) => `${row.Name ?? ""} ${row.Description ?? ""} ${commandOf(row)}`, (row, property) => (property === "folder" ? folderOf(row) : stateOf(row)));
  const open = all.data?.find((row) => row.Id === view.open);
  const make = may("Application_Create") ? <Button leftSection={<Plus size={14} aria-hidden />} onClick={() => setMaking(true)}>{t.makeApplication}</Button> : null;
  return (
    <>
      <GroupTabs />
      <div className="beside">
        <List name="applications" label={t.applications} columns={COLUMNS} rows={rows} idOf={(row) => row.Id ?? ""} view={view} change={change} tools={make}
          empty={<Blank icon={AppWindow} title={t.noApplications}>{t.noApplicationsWhy}</Blank>} />
        {open === undefined ? null : <ApplicationPanel key={open.Id} application={open} close={() => change({ open: null })} />}
      </div>
      {making ? <ApplicationForm close={() => setMaking(false)} /> : null}
    </>
  );
}

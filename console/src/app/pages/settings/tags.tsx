/** Tags: words by which objects are found again, and by which desktops choose their machines. */

import { Button } from "@mantine/core";
import { Pencil, Plus, Tags as TagsIcon, Trash2 } from "lucide-react";
import { useState } from "react";
import { site } from "../../../api/site";
import type { TagSelection } from "../../../api/wire.gen";
import { after, useEvery } from "../../every";
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

const t = texts.tags;
const g = texts.groups;
const KEY = ["tags"];

const usesOf = (row: TagSelection): number =>
  (row.NumMachines ?? 0) + (row.NumApplications ?? 0) + (row.NumDeliveryGroups ?? 0) + (row.NumMachineCatalogs ?? 0);

const COLUMNS: readonly Column<TagSelection>[] = [
  { id: "name", title: t.tag, width: 220, grow: true, text: (row) => row.Name, sort: (row) => row.Name ?? "" },
  { id: "machines", title: g.machines, width: 100, align: "right", cell: (row) => row.NumMachines, sort: (row) => row.NumMachines ?? 0 },
  { id: "applications", title: g.applications, width: 110, align: "right", cell: (row) => row.NumApplications, sort: (row) => row.NumApplications ?? 0 },
  { id: "groups", title: g.groups, width: 130, align: "right", cell: (row) => row.NumDeliveryGroups, sort: (row) => row.NumDeliveryGroups ?? 0 },
  { id: "catalogs", title: g.catalogs, width: 100, align: "right", cell: (row) => row.NumMachineCatalogs, sort: (row) => row.NumMachineCatalogs ?? 0 },
  { id: "description", title: g.description, width: 260, grow: true, cell: (row) => <Name longest={80}>{row.Description}</Name> },
];

export default function Tags(): React.JSX.Element {
  const [view, change] = useView();
  const may = useMay();
  const [making, setMaking] = useState(false);
  const all = useEvery(KEY, ["tag"], (token) => site("GET /cvad/manage/Tags", { query: after(token) }));
  const rows = useWholeRows(all, view, COLUMNS, (row) => `${row.Name ?? ""} ${row.Description ?? ""}`, () => "");
  const open = all.data?.find((row) => row.Id === view.open);
  const make = may("Tag_Manage") ? <Button leftSection={<Plus size={14} aria-hidden />} onClick={() => setMaking(true)}>{t.make}</Button> : null;
  return (
    <>
      <SettingsTabs />
      <div className="beside">
        <List name="tags" label={t.of} columns={COLUMNS} rows={rows} idOf={(row) => row.Id ?? ""} view={view} change={change} tools={make}
          empty={<Blank icon={TagsIcon} title={t.none}>{t.noneWhy}</Blank>} />
        {open === undefined ? null : <TagPanel key={open.Id} tag={open} close={() => change({ open: null })} />}
      </div>
      {making ? <NamedForm title={t.make} refresh={[KEY]} close={() => setMaking(false)} send={(body) => site("POST /cvad/manage/Tags", { body })} /> : null}
    </>
  );
}

function TagPanel({ tag, close }: { tag: TagSelection; close: () => void }): React.JSX.Element {
  const changes = useMayEverywhere()("Tag_Manage");
  const ask = useAsk();
  const run = useRun(KEY);
  const [editing, setEditing] = useState(false);
  const name = tag.Name ?? "";
  const path = { nameOrId: tag.Id ?? "" };
  const uses = usesOf(tag);
  const remove = async (): Promise<void> => {
    if (!(await ask({ title: texts.settings.deleteTitle(name), consequence: t.removeLoses(uses), act: texts.settings.delete }))) return;
    if (await run(texts.settings.delete, () => site("DELETE /cvad/manage/Tags/{nameOrId}", { path, query: { force: uses > 0 } }))) close();
  };
  return (
    <Panel title={name} close={close} busy={false}>
      <div className="row wrap">
        <Act icon={Pencil} allowed={changes} run={() => setEditing(true)}>{texts.edit}</Act>
        <Act icon={Trash2} danger allowed={changes} run={() => void remove()}>{texts.settings.delete}</Act>
      </div>
      <Facts facts={[[g.description, tag.Description], [t.uses, uses], [g.id, <Id key="id">{tag.Id ?? ""}</Id>]]} />
      {editing ? (
        <NamedForm title={g.edit(name)} name={name} description={tag.Description ?? ""} refresh={[KEY]} close={() => setEditing(false)}
          send={(body) => site("PATCH /cvad/manage/Tags/{nameOrId}", { path, body })} />
      ) : null}
    </Panel>
  );
}

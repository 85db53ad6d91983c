/** Who administers the site: by which roles, over what. */

import { Button } from "@mantine/core";
import { Pencil, Plus, Power, ShieldUser, Trash2 } from "lucide-react";
import { useState } from "react";
import { site } from "../../../api/site";
import type { Administrator } from "../../../api/wire.gen";
import { after, useEvery } from "../../every";
import { useMay } from "../../me";
import { Act } from "../../parts/act";
import { useAsk } from "../../parts/ask";
import { Blank } from "../../parts/blank";
import { Name } from "../../parts/name";
import { Panel } from "../../parts/panel";
import { Sign } from "../../parts/sign";
import { useRun } from "../../parts/use_run";
import type { Column } from "../../table/columns";
import { List } from "../../table/list";
import { useView } from "../../table/view";
import { useWholeRows } from "../../table/whole_rows";
import { texts } from "../../texts";
import { RightsForm } from "./rights_form";
import { SettingsTabs } from "./tabs";

const t = texts.settings;
const KEY = ["administrators"];

const nameOf = (row: Administrator): string => row.User.Name ?? "";
const rightsOf = (row: Administrator): string => row.ScopesAndRoles.map(({ Role, Scope }) => t.right(Role.Name, Scope.Name)).join("; ");
const stateOf = (row: Administrator): string => (row.Enabled ? "enabled" : "disabled");

const COLUMNS: readonly Column<Administrator>[] = [
  { id: "state", title: t.state, width: 120, cell: (row) => <Sign state={stateOf(row)} />, fits: true, sort: stateOf },
  { id: "person", title: t.person, width: 170, grow: true, text: (row) => row.User.DisplayName, sort: (row) => row.User.DisplayName ?? "" },
  { id: "name", title: t.account, width: 190, grow: true, text: (row) => nameOf(row), sort: nameOf },
  { id: "rights", title: t.rights, width: 320, grow: true, cell: (row) => <Name longest={80}>{rightsOf(row)}</Name>, sort: rightsOf },
];

export default function Administrators(): React.JSX.Element {
  const [view, change] = useView();
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const all = useEvery(KEY, ["administrator", "role", "scope"], (token) => site("GET /cvad/manage/Admin/Administrators", { query: after(token) }));
  const rows = useWholeRows(all, view, COLUMNS, (row) => `${row.User.DisplayName ?? ""} ${nameOf(row)} ${rightsOf(row)}`, stateOf);
  const open = all.data?.find((row) => nameOf(row) === view.open);
  const add = may("Admin_Manage") ? <Button leftSection={<Plus size={14} aria-hidden />} onClick={() => setAdding(true)}>{t.add}</Button> : null;
  return (
    <>
      <SettingsTabs />
      <div className="beside">
        <List name="administrators" label={t.administrators} columns={COLUMNS} rows={rows} idOf={nameOf} view={view} change={change} tools={add}
          empty={<Blank icon={ShieldUser} title={t.noAdministrators} />} />
        {open === undefined ? null : <AdministratorPanel key={nameOf(open)} administrator={open} close={() => change({ open: null })} />}
      </div>
      {adding ? <RightsForm close={() => setAdding(false)} /> : null}
    </>
  );
}

function AdministratorPanel({ administrator, close }: { administrator: Administrator; close: () => void }): React.JSX.Element {
  const may = useMay();
  const ask = useAsk();
  const run = useRun(KEY);
  const [editing, setEditing] = useState(false);
  const name = nameOf(administrator);
  const path = { nameOrId: administrator.User.UserIdentity ?? name };
  const turn = (): void => void run(t.state, () => site("PATCH /cvad/manage/Admin/Administrators/{nameOrId}", { path, body: { Enabled: !administrator.Enabled } }));
  const remove = async (): Promise<void> => {
    if (!(await ask({ title: t.removeTitle(name), consequence: t.removeLoses, act: t.remove }))) return;
    if (await run(t.remove, () => site("DELETE /cvad/manage/Admin/Administrators/{nameOrId}", { path }))) close();
  };
  return (
    <Panel title={name} close={close} busy={false}>
      <div className="row wrap">
        <Act icon={Pencil} allowed={may("Admin_Manage")} run={() => setEditing(true)}>{t.changeRights}</Act>
        <Act icon={Power} allowed={may("Admin_Manage")} run={turn}>{administrator.Enabled ? texts.groups.disable : texts.groups.enable}</Act>
        <Act icon={Trash2} danger allowed={may("Admin_Manage")} run={() => void remove()}>{t.remove}</Act>
      </div>
      {administrator.ScopesAndRoles.map(({ Role, Scope }) => (
        <section key={Role.Id + Scope.Id} className="stack tight">
          <h3>{t.right(Role.Name, Scope.Name)}</h3>
          <p className="soft">{(Role.Permissions ?? []).map((one) => one.Name).join(", ")}</p>
        </section>
      ))}
      {editing ? <RightsForm administrator={administrator} close={() => setEditing(false)} /> : null}
    </Panel>
  );
}

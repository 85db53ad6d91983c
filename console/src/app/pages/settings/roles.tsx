/** Roles: what an administrator may do. */

import { Button } from "@mantine/core";
import { Copy, Pencil, Plus, Trash2, UserCog } from "lucide-react";
import { useState } from "react";
import { site } from "../../../api/site";
import type { Role } from "../../../api/wire.gen";
import { after, useEvery } from "../../every";
import { useMayEverywhere } from "../../me";
import { Act } from "../../parts/act";
import { useAsk } from "../../parts/ask";
import { Blank } from "../../parts/blank";
import { Panel } from "../../parts/panel";
import { useRun } from "../../parts/use_run";
import type { Column } from "../../table/columns";
import { List } from "../../table/list";
import { useView } from "../../table/view";
import { useWholeRows } from "../../table/whole_rows";
import { texts } from "../../texts";
import { RoleForm } from "./role_form";
import { SettingsTabs } from "./tabs";

const t = texts.settings;

const COLUMNS: readonly Column<Role>[] = [
  { id: "name", title: t.role, width: 240, grow: true, text: (row) => row.Name, sort: (row) => row.Name },
  { id: "builtIn", title: t.builtIn, width: 100, cell: (row) => (row.IsBuiltIn ? texts.yes : texts.no), sort: (row) => String(row.IsBuiltIn) },
  { id: "permissions", title: t.permissions, width: 110, align: "right", cell: (row) => row.Permissions?.length ?? 0, sort: (row) => row.Permissions?.length ?? 0 },
  { id: "description", title: t.description, width: 300, grow: true, cell: (row) => <span title={row.Description ?? ""}>{row.Description}</span> },
];

export default function Roles(): React.JSX.Element {
  const [view, change] = useView();
  const manages = useMayEverywhere()("Admin_Manage");
  const [making, setMaking] = useState(false);
  const all = useEvery(["roles"], ["role"], (token) => site("GET /cvad/manage/Admin/Roles", { query: after(token) }));
  const rows = useWholeRows(all, view, COLUMNS, (row) => `${row.Name} ${row.Description ?? ""}`, () => "");
  const open = all.data?.find((row) => row.Id === view.open);
  const make = manages ? <Button leftSection={<Plus size={14} aria-hidden />} onClick={() => setMaking(true)}>{t.makeRole}</Button> : null;
  return (
    <>
      <SettingsTabs />
      <div className="beside">
        <List name="roles" label={t.roles} columns={COLUMNS} rows={rows} idOf={(row) => row.Id} view={view} change={change} tools={make} empty={<Blank icon={UserCog} title={t.noRoles} />} />
        {open === undefined ? null : <RolePanel key={open.Id} role={open} close={() => change({ open: null })} />}
      </div>
      {making ? <RoleForm close={() => setMaking(false)} /> : null}
    </>
  );
}

function RolePanel({ role, close }: { role: Role; close: () => void }): React.JSX.Element {
  const manages = useMayEverywhere()("Admin_Manage");
  const ask = useAsk();
  const run = useRun(["roles"]);
  const [dialog, setDialog] = useState<"edit" | "copy" | null>(null);
  const remove = async (): Promise<void> => {
    if (!(await ask({ title: t.deleteTitle(role.Name), consequence: t.deleteRoleLoses, act: t.delete }))) return;
    if (await run(t.delete, () => site("DELETE /cvad/manage/Admin/Roles/{nameOrId}", { path: { nameOrId: role.Id } }))) close();
  };
  const changes = manages && !role.IsBuiltIn;
  return (
    <Panel title={role.Name} close={close} busy={false}>
      <div className="row wrap">
        <Act icon={Pencil} allowed={changes} run={() => setDialog("edit")}>{texts.edit}</Act>
        <Act icon={Copy} allowed={manages} run={() => setDialog("copy")}>{t.copyRole}</Act>
        <Act icon={Trash2} danger allowed={changes} run={() => void remove()}>{t.delete}</Act>
      </div>
      <p>{role.Description}</p>
      <ul className="plain-list">{(role.Permissions ?? []).map((one) => <li key={one.Id}>{one.Name} <span className="soft mono">{one.Id}</span></li>)}</ul>
      {dialog === null ? null : <RoleForm role={role} copy={dialog === "copy"} close={() => setDialog(null)} />}
    </Panel>
  );
}

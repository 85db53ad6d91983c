/** Scopes: over what an administrator has rights. */

import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Pencil, Plus, ScanSearch, Trash2 } from "lucide-react";
import { useState } from "react";
import { site } from "../../../api/site";
import type { Scope } from "../../../api/wire.gen";
import { plain } from "../../../parts/words";
import { after, useEvery } from "../../every";
import { useMay, useMayEverywhere } from "../../me";
import { Act } from "../../parts/act";
import { useAsk } from "../../parts/ask";
import { Blank } from "../../parts/blank";
import { Failure } from "../../parts/failure";
import { Name } from "../../parts/name";
import { Panel } from "../../parts/panel";
import { useRun } from "../../parts/use_run";
import type { Column } from "../../table/columns";
import { List } from "../../table/list";
import { useView } from "../../table/view";
import { useWholeRows } from "../../table/whole_rows";
import { texts } from "../../texts";
import { ScopeForm } from "./scope_form";
import { SettingsTabs } from "./tabs";

const t = texts.settings;

const COLUMNS: readonly Column<Scope>[] = [
  { id: "name", title: t.scope, width: 240, grow: true, text: (row) => row.Name, sort: (row) => row.Name },
  { id: "builtIn", title: t.builtIn, width: 100, cell: (row) => (row.IsBuiltIn ? texts.yes : texts.no), sort: (row) => String(row.IsBuiltIn) },
  { id: "description", title: t.description, width: 300, grow: true, cell: (row) => <Name longest={90}>{row.Description}</Name> },
];

export default function Scopes(): React.JSX.Element {
  const [view, change] = useView();
  const manages = useMayEverywhere()("Admin_Manage");
  const [making, setMaking] = useState(false);
  const all = useEvery(["scopes"], ["scope"], (token) => site("GET /cvad/manage/Admin/Scopes", { query: after(token) }));
  const rows = useWholeRows(all, view, COLUMNS, (row) => `${row.Name} ${row.Description ?? ""}`, () => "");
  const open = all.data?.find((row) => row.Id === view.open);
  const make = manages ? <Button leftSection={<Plus size={14} aria-hidden />} onClick={() => setMaking(true)}>{t.makeScope}</Button> : null;
  return (
    <>
      <SettingsTabs />
      <div className="beside">
        <List name="scopes" label={t.scopes} columns={COLUMNS} rows={rows} idOf={(row) => row.Id} view={view} change={change} tools={make} empty={<Blank icon={ScanSearch} title={t.noScopes} />} />
        {open === undefined ? null : <ScopePanel key={open.Id} scope={open} close={() => change({ open: null })} />}
      </div>
      {making ? <ScopeForm close={() => setMaking(false)} /> : null}
    </>
  );
}

function ScopePanel({ scope, close }: { scope: Scope; close: () => void }): React.JSX.Element {
  const may = useMay();
  const ask = useAsk();
  const run = useRun(["scopes"]);
  const [editing, setEditing] = useState(false);
  const key = ["scopes", scope.Id, "objects"];
  const found = useQuery({
    queryKey: key,
    queryFn: () => site("GET /cvad/manage/Admin/Scopes/{nameOrId}/ScopedObjects", { path: { nameOrId: scope.Id }, query: { limit: 250 } }),
  });
  const items = found.data?.Items ?? [];
  const remove = async (): Promise<void> => {
    if (!(await ask({ title: t.deleteTitle(scope.Name), consequence: t.deleteScopeLoses, act: t.delete }))) return;
    if (await run(t.delete, () => site("DELETE /cvad/manage/Admin/Scopes/{nameOrId}", { path: { nameOrId: scope.Id } }))) close();
  };
  const changes = may("Admin_Manage") && !scope.IsBuiltIn && found.data !== undefined;
  return (
    <Panel title={scope.Name} close={close} busy={found.isPending}>
      {found.isError ? <Failure error={found.error} again={() => void found.refetch()} /> : null}
      <div className="row wrap">
        <Act icon={Pencil} allowed={changes} run={() => setEditing(true)}>{texts.edit}</Act>
        <Act icon={Trash2} danger allowed={changes} run={() => void remove()}>{t.delete}</Act>
      </div>
      <p>{scope.Description}</p>
      <h3>{t.objects(items.length)}</h3>
      <ul className="plain-list">{items.map((one) => <li key={one.Object.Id}>{one.Object.Name} <span className="soft">{plain(one.ObjectType)}</span></li>)}</ul>
      {editing ? <ScopeForm scope={scope} objects={items} close={() => setEditing(false)} /> : null}
    </Panel>
  );
}

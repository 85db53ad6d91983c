/** Folders: how applications, and with them catalogs and delivery groups, are put in order for administrators. */

import { Button } from "@mantine/core";
import { FolderPlus, FolderTree, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { site } from "../../../api/site";
import type { FolderSelection } from "../../../api/wire.gen";
import { useMay, useMayEverywhere } from "../../me";
import { Act } from "../../parts/act";
import { useAsk } from "../../parts/ask";
import { Blank } from "../../parts/blank";
import { Facts } from "../../parts/facts";
import { Id, Name } from "../../parts/name";
import { Panel } from "../../parts/panel";
import { useRun } from "../../parts/use_run";
import type { Column } from "../../table/columns";
import { List } from "../../table/list";
import { useView } from "../../table/view";
import { useWholeRows } from "../../table/whole_rows";
import { texts } from "../../texts";
import { FolderForm } from "./folder_form";
import { heldBy, placeOf } from "./folder_state";
import { GroupTabs } from "./tabs";
import { FOLDERS, useFolders } from "./use_folders";

const t = texts.groups;

const COLUMNS: readonly Column<FolderSelection>[] = [
  { id: "name", title: t.folder, width: 320, grow: true, cell: (row) => <Name longest={90}>{placeOf(row.Path)}</Name>, sort: (row) => placeOf(row.Path) },
  { id: "applications", title: t.applications, width: 120, align: "right", cell: (row) => row.TotalApplications, sort: (row) => row.TotalApplications ?? 0 },
  { id: "groups", title: t.groups, width: 130, align: "right", cell: (row) => row.TotalDesktopGroups, sort: (row) => row.TotalDesktopGroups ?? 0 },
  { id: "catalogs", title: t.catalogs, width: 130, align: "right", cell: (row) => row.TotalMachineCatalogs, sort: (row) => row.TotalMachineCatalogs ?? 0 },
  { id: "inner", title: t.folders.inner, width: 130, align: "right", cell: (row) => row.Children?.length, sort: (row) => row.Children?.length ?? 0 },
];

export default function Folders(): React.JSX.Element {
  const [view, change] = useView();
  const may = useMay();
  const [making, setMaking] = useState(false);
  const all = useFolders();
  const rows = useWholeRows(all, view, COLUMNS, (row) => placeOf(row.Path), () => "");
  const open = all.data?.find((row) => row.Id === view.open);
  const make = may("Folder_Manage") ? <Button leftSection={<FolderPlus size={14} aria-hidden />} onClick={() => setMaking(true)}>{t.folders.make}</Button> : null;
  return (
    <>
      <GroupTabs />
      <div className="beside">
        <List name="folders" label={t.folders.title} columns={COLUMNS} rows={rows} idOf={(row) => row.Id ?? ""} view={view} change={change} tools={make}
          empty={<Blank icon={FolderTree} title={t.folders.none}>{t.folders.noneWhy}</Blank>} />
        {open === undefined ? null : <FolderPanel key={open.Id} folder={open} close={() => change({ open: null })} />}
      </div>
      {making ? <FolderForm close={() => setMaking(false)} /> : null}
    </>
  );
}

function FolderPanel({ folder, close }: { folder: FolderSelection; close: () => void }): React.JSX.Element {
  // What lies in it may lie in any scope.
  const changes = useMayEverywhere()("Folder_Manage");
  const ask = useAsk();
  const run = useRun(FOLDERS);
  const [editing, setEditing] = useState(false);
  const name = folder.Name ?? "";
  const place = placeOf(folder.Path);
  const remove = async (): Promise<void> => {
    if (!(await ask({ title: t.removeTitle(name), consequence: t.folders.removeLoses, act: t.remove }))) return;
    if (await run(t.remove, () => site("DELETE /cvad/manage/ApplicationFolders/{pathOrId}", { path: { pathOrId: folder.Id ?? "" } }))) close();
  };
  return (
    <Panel title={name} close={close} busy={false}>
      <div className="row wrap">
        <Act icon={Pencil} allowed={changes} run={() => setEditing(true)}>{t.folders.edit}</Act>
        <Act icon={Trash2} danger allowed={changes && heldBy(folder) === 0} run={() => void remove()}>{t.remove}</Act>
      </div>
      <Facts facts={[
        [t.folder, place],
        [t.applications, <Link key="applications" href={`/console/applications?f=${encodeURIComponent(`folder.Contains.${place}`)}`}>{folder.TotalApplications}</Link>],
        [t.groups, folder.TotalDesktopGroups],
        [t.catalogs, folder.TotalMachineCatalogs],
        [t.folders.inner, folder.Children?.length],
        [t.id, <Id key="id">{folder.Id ?? ""}</Id>],
      ]} />
      {heldBy(folder) === 0 ? null : <p className="soft">{t.folders.notEmpty}</p>}
      {editing ? <FolderForm folder={folder} close={() => setEditing(false)} /> : null}
    </Panel>
  );
}

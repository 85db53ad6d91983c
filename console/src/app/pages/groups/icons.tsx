/** Icons that applications and desktops can have. */

import { Button, FileInput } from "@mantine/core";
import { ImagePlus, Images, Trash2 } from "lucide-react";
import { useState } from "react";
import { site } from "../../../api/site";
import type { IconSelection } from "../../../api/wire.gen";
import { useMay, useMayEverywhere } from "../../me";
import { Act } from "../../parts/act";
import { useAsk } from "../../parts/ask";
import { Blank } from "../../parts/blank";
import { Facts } from "../../parts/facts";
import { FormDialog } from "../../parts/form_dialog";
import { Panel } from "../../parts/panel";
import { useRun } from "../../parts/use_run";
import type { Column } from "../../table/columns";
import { List } from "../../table/list";
import { useView } from "../../table/view";
import { useWholeRows } from "../../table/whole_rows";
import { texts } from "../../texts";
import { FILES } from "./icon_form";
import { addIcon, ICONS, Picture, SMALL, useIcons } from "./icon_picture";
import { GroupTabs } from "./tabs";

const t = texts.groups.icons;

const COLUMNS: readonly Column<IconSelection>[] = [
  { id: "picture", title: t.picture, width: 80, cell: (row) => <Picture icon={row} side={SMALL} /> },
  { id: "number", title: t.number, width: 110, align: "right", cell: (row) => row.Id, sort: (row) => Number(row.Id) },
  { id: "builtIn", title: t.builtIn, width: 160, grow: true, cell: (row) => (row.IsBuiltIn === true ? texts.yes : texts.no), sort: (row) => String(row.IsBuiltIn) },
];

export default function Icons(): React.JSX.Element {
  const [view, change] = useView();
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const all = useIcons();
  const rows = useWholeRows(all, view, COLUMNS, (row) => row.Id ?? "", () => "");
  const open = all.data?.find((row) => row.Id === view.open);
  const add = may("Icon_Manage") ? <Button leftSection={<ImagePlus size={14} aria-hidden />} onClick={() => setAdding(true)}>{t.add}</Button> : null;
  return (
    <>
      <GroupTabs />
      <div className="beside">
        <List name="icons" label={t.title} columns={COLUMNS} rows={rows} idOf={(row) => row.Id ?? ""} view={view} change={change} tools={add} empty={<Blank icon={Images} title={t.none} />} />
        {open === undefined ? null : <IconPanel key={open.Id} icon={open} close={() => change({ open: null })} />}
      </div>
      {adding ? <AddIcon close={() => setAdding(false)} /> : null}
    </>
  );
}

function IconPanel({ icon, close }: { icon: IconSelection; close: () => void }): React.JSX.Element {
  const removes = useMayEverywhere()("Icon_Manage");
  const ask = useAsk();
  const run = useRun(ICONS);
  const id = icon.Id ?? "";
  const remove = async (): Promise<void> => {
    if (!(await ask({ title: t.removeTitle, consequence: t.removeLoses, act: texts.groups.remove }))) return;
    if (await run(texts.groups.remove, () => site("DELETE /cvad/manage/Icons/{id}", { path: { id } }))) close();
  };
  return (
    <Panel title={t.one(Number(id))} close={close} busy={false}>
      <div className="row wrap"><Act icon={Trash2} danger allowed={removes && icon.IsBuiltIn === false} run={() => void remove()}>{texts.groups.remove}</Act></div>
      <Picture icon={icon} />
      <Facts facts={[[t.number, id], [t.builtIn, icon.IsBuiltIn === true ? texts.yes : texts.no]]} />
    </Panel>
  );
}

function AddIcon({ close }: { close: () => void }): React.JSX.Element {
  const [file, setFile] = useState<File | null>(null);
  const submit = async (): Promise<void> => {
    if (file !== null) await addIcon(file);
  };
  return (
    <FormDialog title={t.add} act={texts.groups.add} submit={submit} close={close} refresh={[ICONS]}>
      <FileInput label={t.file} description={t.fileWhy} required accept={FILES} value={file} onChange={setFile} placeholder={t.choose} />
    </FormDialog>
  );
}

/** A new folder, or the name and place of one. */

import { useState } from "react";
import { site } from "../../../api/site";
import type { FolderSelection } from "../../../api/wire.gen";
import { FormDialog } from "../../parts/form_dialog";
import { Line } from "../../parts/line";
import { texts } from "../../texts";
import { FolderPick } from "./folder_pick";
import { othersOf } from "./folder_state";
import { FOLDERS, useFolders } from "./use_folders";

const t = texts.groups;

interface FolderFormProps {
  folder?: FolderSelection;
  close: () => void;
}

export function FolderForm({ folder, close }: FolderFormProps): React.JSX.Element {
  const before = within(folder);
  const [name, setName] = useState(folder?.Name ?? "");
  const [above, setAbove] = useState(before);
  const all = useFolders();
  const submit = (): Promise<unknown> => {
    if (folder === undefined) return site("POST /cvad/manage/ApplicationFolders", { body: { Name: name, ...(above === "" ? {} : { ParentId: above }) } });
    const moved = above === before ? {} : { Parent: above };
    return site("PATCH /cvad/manage/ApplicationFolders/{pathOrId}", { path: { pathOrId: folder.Id ?? "" }, body: { Name: name, ...moved } });
  };
  return (
    <FormDialog title={folder === undefined ? t.folders.make : t.edit(folder.Name ?? "")} act={folder === undefined ? t.make : texts.save} submit={submit} close={close} refresh={[FOLDERS, ["applications"]]}>
      <Line label={t.name} required value={name} change={setName} data-autofocus />
      <FolderPick folders={othersOf(all.data ?? [], folder)} value={above} change={setAbove} />
    </FormDialog>
  );
}

/** The root has a name of no letters. */
function within(folder: FolderSelection | undefined): string {
  const above = folder?.Parent;
  return above === null || above === undefined || (above.Name ?? "") === "" ? "" : (above.Id ?? "");
}

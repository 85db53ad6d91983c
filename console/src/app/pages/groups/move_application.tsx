/** Moves an application into a folder. */

import { useState } from "react";
import { site } from "../../../api/site";
import type { ApplicationSelection } from "../../../api/wire.gen";
import { FormDialog } from "../../parts/form_dialog";
import { texts } from "../../texts";
import { FolderPick } from "./folder_pick";
import { FOLDERS, useFolders } from "./use_folders";

const t = texts.groups.folders;

export function MoveApplication({ application, close }: { application: ApplicationSelection; close: () => void }): React.JSX.Element {
  const now = application.ApplicationFolder;
  const [folder, setFolder] = useState((now?.Name ?? "") === "" ? "" : (now?.Id ?? ""));
  const all = useFolders();
  const submit = (): Promise<unknown> => site("PATCH /cvad/manage/Applications/{nameOrId}", { path: { nameOrId: application.Id ?? "" }, body: { ApplicationFolder: folder } });
  return (
    <FormDialog title={t.moveOne(application.Name ?? "")} act={t.move} submit={submit} close={close} refresh={[["applications"], FOLDERS]}>
      <FolderPick folders={all.data ?? []} value={folder} change={setFolder} />
    </FormDialog>
  );
}

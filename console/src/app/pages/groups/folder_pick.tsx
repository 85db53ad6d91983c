/** Picks a folder, or the top. */

import { Select } from "@mantine/core";
import type { FolderSelection } from "../../../api/wire.gen";
import { texts } from "../../texts";
import { placeOf } from "./folder_state";

const t = texts.groups.folders;
const TOP = "top";

interface FolderPickProps {
  folders: readonly FolderSelection[];
  /** Id of the folder; "" is the top. */
  value: string;
  change: (id: string) => void;
}

export function FolderPick({ folders, value, change }: FolderPickProps): React.JSX.Element {
  const data = [{ value: TOP, label: t.top }, ...folders.map((one) => ({ value: one.Id ?? "", label: placeOf(one.Path) }))];
  return <Select label={t.within} searchable allowDeselect={false} data={data} value={value === "" ? TOP : value} onChange={(id) => change(id === null || id === TOP ? "" : id)} />;
}

/** All folders, by their paths. */

import { useMemo } from "react";
import { site } from "../../../api/site";
import type { FolderSelection } from "../../../api/wire.gen";
import { after, useEvery } from "../../every";
import type { Whole } from "../../table/whole_rows";
import { placeOf } from "./folder_state";

export const FOLDERS = ["folders"];

export function useFolders(): Whole<FolderSelection> {
  const { data, error, refetch } = useEvery(FOLDERS, ["folder", "application"], (token) => site("GET /cvad/manage/ApplicationFolders", { query: after(token) }));
  const sorted = useMemo(() => (data === undefined ? undefined : [...data].sort((a, b) => placeOf(a.Path).localeCompare(placeOf(b.Path), undefined, { numeric: true }))), [data]);
  return { data: sorted, error, refetch };
}

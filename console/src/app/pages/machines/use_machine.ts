/** One machine, kept up to date. */

import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { site } from "../../../api/site";
import type { MachineDetailSelection } from "../../../api/wire.gen";
import { useRefreshOn } from "../../live/live";

export function useMachine(nameOrId: string): UseQueryResult<MachineDetailSelection> {
  const key = ["machine", nameOrId];
  useRefreshOn(["machine"], key);
  return useQuery({ queryKey: key, queryFn: () => site("GET /cvad/manage/Machines/{nameOrId}", { path: { nameOrId } }) });
}

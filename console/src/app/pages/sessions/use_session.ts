/** One session, kept up to date. */

import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { site } from "../../../api/site";
import type { SessionView } from "../../../api/wire.gen";
import { useRefreshOn } from "../../live/live";

export function useSession(id: string): UseQueryResult<SessionView> {
  const key = ["session", id];
  useRefreshOn(["session"], key, id);
  return useQuery({ queryKey: key, queryFn: () => site("GET /footlight/v1/sessions/{id}", { path: { id } }) });
}

export const isOver = (session: SessionView): boolean => session.endedAt !== null;

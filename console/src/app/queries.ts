/** What was read from the site, kept while a page shows it. */

import { QueryCache, QueryClient, type QueryState } from "@tanstack/react-query";
import { ApiError } from "../api/http";

export const ME = ["me"] as const;

/** A sign-in that has ended meanwhile is found by the first question that is refused: then the gate asks again. */
function refused(error: Error): void {
  if (error instanceof ApiError && error.status === 401) queries.setQueryData(ME, null);
}

/** How long a page says that it could not be read before something that happens elsewhere has it try anew. */
export const FAILED_RESTS_MS = 15_000;

/** Whether a change is a reason to ask this again: what has failed, and has nothing to show, would lose its message to
 * each of many changes, and wait for ever. */
export function worthAsking({ data, status, errorUpdatedAt }: Asked, nowMs = Date.now()): boolean {
  return data !== undefined || status !== "error" || nowMs - errorUpdatedAt >= FAILED_RESTS_MS;
}

type Asked = Pick<QueryState, "data" | "status" | "errorUpdatedAt">;

export const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: refused }),
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
      refetchOnWindowFocus: false,
      staleTime: 5_000,
    },
  },
});

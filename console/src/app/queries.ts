/** What was read from the site, kept while a page shows it. */

import { QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "../api/http";

export const ME = ["me"] as const;

/** A sign-in that has ended meanwhile is found by the first question that is refused: then the gate asks again. */
function refused(error: Error): void {
  if (error instanceof ApiError && error.status === 401) queries.setQueryData(ME, null);
}

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

/** Policies in their order, kept up to date. */

import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { site } from "../../../api/site";
import type { ForecastView, PolicyList } from "../../../api/wire.gen";
import { useRefreshOn } from "../../live/live";

export const POLICIES = ["policies"] as const;
const LIST = [...POLICIES, "list"] as const;
export const POLICY_LIST = LIST;

export function usePolicies(): UseQueryResult<PolicyList> {
  useRefreshOn(["recording_policy"], LIST);
  return useQuery({ queryKey: LIST, queryFn: () => site("GET /footlight/v1/recording-policies") });
}

/** What recordings come to, from those that ended within so many days. */
export function useForecast(days: number): UseQueryResult<ForecastView> {
  return useQuery({
    queryKey: [...POLICIES, "forecast", days],
    queryFn: () => site("GET /footlight/v1/recording-policies/forecast", { query: { days } }),
    staleTime: 60_000,
  });
}

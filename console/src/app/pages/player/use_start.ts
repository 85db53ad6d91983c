/** Where a recording is opened: at the moment of a link, of the address, or where it is natural. */

import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { site } from "../../../api/site";
import { codeOf, REASON_WANTED } from "../../../player/source";

export interface Start {
  /** null: where it is natural; undefined: not known yet. */
  startMs: number | null | undefined;
  /** The link has expired, or is of another recording. */
  dead: boolean;
  reasonWanted: boolean;
  again: () => void;
}

function asked(): number | null {
  const seconds = new URLSearchParams(location.search).get("t");
  return seconds === null || !Number.isFinite(Number(seconds)) ? null : Number(seconds) * 1000;
}

export function useStart(recordingId: string): Start {
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get("link"));
  const [inAddress] = useState(asked);
  const link = useQuery({
    queryKey: ["link", token],
    queryFn: () => site("GET /footlight/v1/recordings/links/{token}", { path: { token: token ?? "" } }),
    enabled: token !== null,
    retry: false,
    staleTime: Infinity,
  });
  const reasonWanted = codeOf(link.error) === REASON_WANTED;
  const dead = (link.isError && !reasonWanted) || (link.data !== undefined && link.data.recordingId !== recordingId);
  const atMs = link.data === undefined || dead ? null : link.data.atMs;
  useEffect(() => {
    // The token has done its work: what stays in the address says where, and opens nothing.
    if (atMs !== null) history.replaceState(null, "", `${location.pathname}?t=${atMs / 1000}`);
  }, [atMs]);
  const startMs = token === null || dead ? inAddress : (atMs ?? undefined);
  return { startMs, dead, reasonWanted, again: () => void link.refetch() };
}

/** Who has opened a recording, the newest first: the log's word, for who may read the log. */

import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { site } from "../../../api/site";
import type { AuditAct } from "../../../api/wire.gen";
import { useRefreshOn } from "../../live/live";
import { errorText } from "../../parts/failure";
import { bare } from "../../parts/name";
import { Bones } from "../../parts/panel";
import { Ago } from "../../parts/when";
import { texts } from "../../texts";

const t = texts.recordings.openings;
const AT_ONCE = 20;
const WAYS: Partial<Record<string, string>> = t.ways;

export function Openings({ id, titled = true }: { id: string; titled?: boolean }): React.JSX.Element {
  const key = ["recordings", "openings", id];
  useRefreshOn(["audit"], key);
  const found = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => site("GET /footlight/v1/audit", {
      query: { kind: "RecordingViewed", objectId: id, limit: AT_ONCE, ...(pageParam === null ? {} : { continuationToken: pageParam }) },
    }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.continuationToken,
  });
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className="stack tight" aria-label={t.title}>
      {titled ? <h3>{t.title}</h3> : null}
      {found.isPending ? <Bones lines={2} /> : null}
      {found.isError ? <p role="alert" className="soft">{errorText(found.error)}</p> : null}
      {found.data !== undefined && items.length === 0 ? <p className="soft">{t.none}</p> : null}
      {items.map(({ entry }) => <Opening key={entry.id} act={entry} />)}
      {found.hasNextPage ? <Button variant="subtle" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>{t.more}</Button> : null}
    </section>
  );
}

function Opening({ act }: { act: AuditAct }): React.JSX.Element {
  const told: Partial<Record<string, string>> = act.parameters;
  const { Way: way, Reason: reason, Segments: segments, Seconds: seconds } = told;
  const seen = segments === undefined ? (seconds === undefined ? null : t.seconds(seconds)) : t.segments(segments);
  return (
    <div>
      <span>{bare(act.userName)} <span className="soft">{[way === undefined ? t.reasonOnly : (WAYS[way] ?? way), seen, act.address].filter(Boolean).join(" · ")}</span></span>
      <div className="soft">{reason === undefined ? null : `${t.why(reason)} `}<Ago at={new Date(act.atMs).toISOString()} /></div>
    </div>
  );
}

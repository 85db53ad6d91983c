/** Moments in recordings at which something happened that was searched for; each leads to its moment. */

import { Button } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Play, SearchX } from "lucide-react";
import { useState } from "react";
import { address, site } from "../../../api/site";
import type { HitView } from "../../../api/wire.gen";
import { clockText, exactly, plain } from "../../../parts/words";
import { Activity } from "../../parts/activity";
import { Blank } from "../../parts/blank";
import { Failure } from "../../parts/failure";
import { bare } from "../../parts/name";
import { Bones } from "../../parts/panel";
import { Ago } from "../../parts/when";
import { texts } from "../../texts";
import { marked, spoken } from "./marked";
import { Picture } from "./picture";
import { playAddress } from "./places";
import { ReasonDialog } from "./reason";
import { hitQuery, type Wanted } from "./wanted";

const t = texts.recordings.hits;
const PAGE = 20;

export function Hits({ wanted }: { wanted: Wanted }): React.JSX.Element {
  const [asking, setAsking] = useState(false);
  const found = useInfiniteQuery({
    queryKey: ["recordings", "hits", wanted],
    queryFn: ({ pageParam }) => site("GET /footlight/v1/recordings/search", {
      query: { ...hitQuery(wanted, Date.now()), limit: PAGE, ...(pageParam === undefined ? {} : { continuationToken: pageParam }) },
    }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.continuationToken ?? undefined,
    // What is shown of a recording is an opening of it, so nothing is read again by itself.
    staleTime: Infinity,
  });
  const hits = found.data?.pages.flatMap((page) => page.items) ?? [];
  const ids = [...new Set(hits.map((hit) => hit.recordingId))];
  return (
    <section className="list" aria-label={t.title}>
      <div className="list-tools">
        <span className="list-count" role="status">{found.data === undefined ? "" : t.count(hits.length, ids.length, found.hasNextPage)}</span>
        <span className="grow" />
        <span className="soft">{t.noted}</span>
      </div>
      {found.isPending ? <div className="card"><Bones /></div> : null}
      {found.isError ? <Failure error={found.error} again={() => void found.refetch()} /> : null}
      {found.data !== undefined && hits.length === 0 ? <Blank icon={SearchX} title={t.none(wanted.words)}>{t.noneWhy}</Blank> : null}
      <ul className="hits">
        {hits.map((hit) => (
          <Hit key={`${hit.recordingId} ${hit.atMs} ${hit.type} ${hit.text}`} hit={hit} words={wanted.words} askReason={() => setAsking(true)} />
        ))}
        {found.hasNextPage ? (
          <li className="hit-more"><Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>{t.more}</Button></li>
        ) : null}
      </ul>
      {asking ? <ReasonDialog ids={ids} close={() => setAsking(false)} /> : null}
    </section>
  );
}

interface HitProps {
  hit: HitView;
  words: string;
  askReason: () => void;
}

function Hit({ hit, words, askReason }: HitProps): React.JSX.Element {
  const id = hit.recordingId;
  const recording = useQuery({
    queryKey: ["recordings", "one", id],
    queryFn: () => site("GET /footlight/v1/recordings/{id}", { path: { id } }),
    staleTime: 60_000,
  });
  const at = hit.startedAt === null ? null : new Date(Date.parse(hit.startedAt) + hit.atMs).toISOString();
  const path = address("GET /footlight/v1/recordings/{id}/frame", { path: { id }, query: { at: hit.atMs / 1000 } });
  return (
    <li className="hit">
      <Picture path={path} alt={t.picture(bare(hit.userName), clockText(hit.atMs))} askReason={askReason} />
      <div className="stack tight">
        <p className="hit-text">
          {marked(spoken(hit.text), words).map((part, place) => (part.hit ? <mark key={place}>{part.text}</mark> : <span key={place}>{part.text}</span>))}
        </p>
        <p className="soft">{plain(hit.type)} · {bare(hit.userName)} · {hit.resourceName} · {bare(hit.machineName)} · <Ago at={at} /> ({exactly(at)})</p>
        {recording.data === undefined ? null : <Activity activity={recording.data.activity} durationMs={recording.data.durationMs} atMs={hit.atMs} />}
        <p><a className="row" href={playAddress(id, hit.atMs)}><Play size={13} aria-hidden />{t.play(clockText(hit.atMs))}</a></p>
      </div>
    </li>
  );
}

/** What somebody can start: tiles with pictures, the last used first, found by a few letters. */

import { Skeleton, TextInput, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { AppWindow, Monitor, PackageOpen, Search } from "lucide-react";
import { useRef, useState } from "react";
import { site } from "../../../api/site";
import type { ResourceView, SessionView } from "../../../api/wire.gen";
import { useKey } from "../../frame/keys";
import { useRefreshOn } from "../../live/live";
import { useMe } from "../../me";
import { Blank } from "../../parts/blank";
import { Failure } from "../../parts/failure";
import { texts } from "../../texts";
import { Launching } from "./launching";
import { matching, recentFirst, usesOf } from "./recent";

const t = texts.portal.resources;
const KEY = ["resources"];
/** Fewer are seen at a glance. */
const SEARCHED_FROM = 7;
const SKELETONS = [0, 1, 2, 3];

export function Resources({ sessions }: { sessions: readonly Pick<SessionView, "resourceName" | "startedAt">[] }): React.JSX.Element {
  const { accountId } = useMe();
  const [typed, setTyped] = useState("");
  const [starting, setStarting] = useState<ResourceView | null>(null);
  const box = useRef<HTMLInputElement>(null);
  useKey("/", false, () => box.current?.focus());
  useRefreshOn(["deliveryGroup", "application"], KEY);
  const resources = useQuery({ queryKey: KEY, queryFn: () => site("GET /footlight/v1/resources") });
  const all = recentFirst(resources.data?.items ?? [], usesOf(accountId), sessions);
  const found = matching(all, typed.trim());
  const start = (event: React.SyntheticEvent): void => {
    event.preventDefault();
    setStarting(found.at(0) ?? null);
  };
  return (
    <section className="stack" aria-labelledby="resources-title">
      <div className="row wrap">
        <h2 id="resources-title" className="grow">{t.title}</h2>
        {all.length < SEARCHED_FROM ? null : (
          <form role="search" onSubmit={start}>
            <TextInput ref={box} className="portal-search" aria-label={t.search} placeholder={t.search} value={typed}
              leftSection={<Search size={15} aria-hidden />} onChange={(event) => setTyped(event.currentTarget.value)} />
          </form>
        )}
      </div>
      {resources.isPending ? <Waiting /> : null}
      {resources.isError ? <Failure error={resources.error} again={() => void resources.refetch()} /> : null}
      {resources.isSuccess && all.length === 0 ? <Blank icon={PackageOpen} title={t.none}>{t.noneWhy}</Blank> : null}
      {all.length > 0 && found.length === 0 ? <Blank icon={Search} title={texts.table.noMatch}>{t.noMatch(typed.trim())}</Blank> : null}
      <ul className="tiles">
        {found.map((one) => <li key={one.id}><Tile resource={one} start={() => setStarting(one)} /></li>)}
      </ul>
      {starting === null ? null : <Launching key={starting.id} resource={starting} close={() => setStarting(null)} />}
    </section>
  );
}

function Waiting(): React.JSX.Element {
  return (
    <div className="tiles" role="status" aria-label={texts.loading}>
      {SKELETONS.map((one) => <Skeleton key={one} height={72} />)}
    </div>
  );
}

function Tile({ resource, start }: { resource: ResourceView; start: () => void }): React.JSX.Element {
  return (
    <UnstyledButton className="tile" onClick={start} title={t.start(resource.name)}>
      <Picture resource={resource} />
      <span className="tile-words">
        <strong>{resource.name}</strong>
        <span className="soft">{resource.description ?? kindOf(resource)}</span>
      </span>
    </UnstyledButton>
  );
}

const isDesktop = (resource: ResourceView): boolean => resource.kind.toLowerCase() === "desktop";

const kindOf = (resource: ResourceView): string => (isDesktop(resource) ? t.desktop : t.application);

function Picture({ resource }: { resource: ResourceView }): React.JSX.Element {
  const Icon = isDesktop(resource) ? Monitor : AppWindow;
  if (resource.iconPath === null || resource.iconPath === undefined) return <Icon className="tile-icon" size={32} strokeWidth={1.5} aria-hidden />;
  return <img className="tile-icon" src={resource.iconPath} alt="" width={36} height={36} />;
}

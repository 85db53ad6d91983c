/** Ctrl-K: sessions, users, machines, recordings and pages by a few letters. */

import { Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { CornerDownLeft, Film, type LucideIcon, MonitorPlay, Server } from "lucide-react";
import { useDeferredValue, useId, useState } from "react";
import { useLocation } from "wouter";
import { site } from "../../api/site";
import { useMay } from "../me";
import type { Page } from "../pages";
import { bare } from "../parts/name";
import { lookOf } from "../parts/sign";
import { texts } from "../texts";

const EACH = 6;

interface Hit {
  key: string;
  icon: LucideIcon;
  name: string;
  about: string;
  href: string;
}

export function Finder({ pages, close }: { pages: readonly Page[]; close: () => void }): React.JSX.Element {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const [, go] = useLocation();
  const list = useId();
  const hits = useHits(useDeferredValue(typed.trim()), pages);
  const place = Math.min(at, hits.length - 1);
  const open = (hit: Hit | undefined): void => {
    if (hit === undefined) return;
    close();
    go(hit.href);
  };
  const pressed = (event: React.KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setAt((place + step + hits.length) % Math.max(hits.length, 1));
    } else if (event.key === "Enter") open(hits[place]);
  };
  return (
    <Modal opened onClose={close} withCloseButton={false} size="lg" padding={0} yOffset="12vh" centered={false} aria-label={texts.find.open}>
      <input className="finder-box" role="combobox" aria-expanded aria-controls={list} aria-activedescendant={`${list}-${place}`}
        aria-label={texts.find.open} placeholder={texts.find.hint} value={typed} data-autofocus
        onChange={(event) => { setTyped(event.currentTarget.value); setAt(0); }} onKeyDown={pressed} />
      <ul className="finder-hits" id={list} role="listbox" aria-label={texts.find.open}>
        {hits.map((hit, index) => (
          <li key={hit.key} id={`${list}-${index}`} role="option" aria-selected={index === place} className="finder-hit"
            onPointerMove={() => setAt(index)} onClick={() => open(hit)}>
            <hit.icon size={16} aria-hidden />
            <span>{hit.name}</span>
            <span className="soft grow">{hit.about}</span>
            {index === place ? <CornerDownLeft size={14} aria-hidden /> : null}
          </li>
        ))}
        {hits.length === 0 ? <li className="finder-none soft">{texts.find.none}</li> : null}
      </ul>
    </Modal>
  );
}

function useHits(text: string, pages: readonly Page[]): Hit[] {
  const may = useMay();
  const asked = text.length > 0;
  const body = { BasicSearchString: text };
  const sessions = useQuery({
    queryKey: ["find", "sessions", text],
    queryFn: () => site("POST /footlight/v1/sessions/$search", { query: { limit: EACH }, body }),
    enabled: asked && may("Session_Read"),
  });
  const machines = useQuery({
    queryKey: ["find", "machines", text],
    queryFn: () =>
      site("POST /cvad/manage/Machines/$search", {
        query: { limit: EACH, fields: "Id,Name,SummaryState" },
        body: { SearchFilters: [{ Property: "MachineName", Operator: "Contains", Value: text }] },
      }),
    enabled: asked && may("Machine_Read"),
  });
  const found: Hit[] = [];
  for (const one of sessions.data?.items ?? []) {
    const about = [one.resourceName, bare(one.machineName), lookOf(one.state).word].join(" · ");
    found.push({ key: one.id, icon: MonitorPlay, name: one.displayName || bare(one.userName), about, href: `/console/sessions/${one.id}` });
  }
  for (const one of machines.data?.Items ?? []) {
    const name = bare(one.Name ?? "");
    found.push({ key: one.Id ?? name, icon: Server, name, about: texts.find.machine, href: `/console/machines/${one.Id ?? ""}` });
  }
  const words = text.toLowerCase();
  for (const page of pages) {
    if (page.icon === undefined || !page.title.toLowerCase().includes(words)) continue;
    found.push({ key: page.path, icon: page.icon, name: page.title, about: texts.find.page, href: page.path });
  }
  // Not before the others, or a quick Enter would take it for them.
  if (asked && !sessions.isLoading && !machines.isLoading && may("Recording_View")) {
    const about = texts.find.recordingsOf(text);
    found.push({ key: "recordings", icon: Film, name: about, about: texts.find.search, href: `/console/recordings?q=${encodeURIComponent(text)}` });
  }
  return found;
}

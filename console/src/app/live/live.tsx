/** Pages that stay true: what they read is read again when the site says that it changed. */

import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useRef, useState } from "react";
import { worthAsking } from "../queries";
import { Changes, type Listener } from "./changes";

interface Live {
  changes: Changes;
  lostSince: number | null;
}

const Context = createContext<Live | null>(null);

export function LiveProvider({ children }: { children: React.ReactNode }): React.JSX.Element {
  const [lostSince, setLostSince] = useState<number | null>(null);
  const [changes] = useState(() => new Changes(() => setLostSince(changes.lostSince)));
  const client = useQueryClient();
  useEffect(() => {
    changes.start();
    return () => changes.stop();
  }, [changes]);
  // What no page shows now follows nothing: it is read again when a page shows it, however young it is.
  useEffect(() => changes.listen(() => void client.invalidateQueries({ type: "inactive", refetchType: "none" })), [changes, client]);
  return <Context.Provider value={{ changes, lostSince }}>{children}</Context.Provider>;
}

function useContextual(): Live {
  const live = useContext(Context);
  if (live === null) throw new Error("There is no event stream here.");
  return live;
}

/** When the stream was lost, in ms; null while pages are true. */
export const useLostSince = (): number | null => useContextual().lostSince;

/** Be told of batches of changes; null: anything may have changed. */
export function useChanges(listener: Listener): void {
  const { changes } = useContextual();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => changes.listen((batch) => latest.current(batch)), [changes]);
}

/** Read `key` again after changes of these kinds (of that object, if one is named), once a second at most. */
export function useRefreshOn(kinds: readonly string[], key: QueryKey, id?: string): void {
  const client = useQueryClient();
  const { changes } = useContextual();
  const due = useRef<ReturnType<typeof setTimeout> | null>(null);
  const latest = useRef(key);
  useEffect(() => {
    latest.current = key;
  });
  useEffect(() => () => {
    if (due.current === null) return;
    clearTimeout(due.current);
    due.current = null;
    // What came within the second has not been read.
    void client.invalidateQueries({ queryKey: latest.current, refetchType: "none" });
  }, [client]);
  useChanges((batch) => {
    const hit = batch?.some((one) => kinds.includes(one.kind) && (id === undefined || one.id === id)) ?? true;
    if (!hit || due.current !== null) return;
    // The line is back: what failed without it is asked at once.
    const back = batch === null && changes.lostSince === null;
    void client.invalidateQueries({ queryKey: key, predicate: ({ state }) => back || worthAsking(state) });
    due.current = setTimeout(() => {
      due.current = null;
      void client.invalidateQueries({ queryKey: key, predicate: ({ state }) => worthAsking(state) });
    }, 1000);
  });
}

/** What stands beside a list: one object of it. Escape closes it. */

import { ActionIcon, Skeleton } from "@mantine/core";
import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import { useKey } from "../frame/keys";
import { texts } from "../texts";
import "./panel.css";

interface PanelProps {
  title: string;
  close: () => void;
  busy: boolean;
  children: React.ReactNode;
}

export function Panel({ title, close, busy, children }: PanelProps): React.JSX.Element {
  const panel = useRef<HTMLElement>(null);
  const before = useRef(document.activeElement);
  useKey("escape", false, close);
  useEffect(() => {
    const opener = before.current;
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <aside className="panel" aria-label={title} ref={panel}>
      <div className="panel-head">
        <h2 className="grow">{title}</h2>
        <ActionIcon variant="subtle" color="gray" onClick={close} aria-label={texts.close}><X size={16} aria-hidden /></ActionIcon>
      </div>
      <div className="panel-body stack">
        {busy ? <Bones /> : children}
      </div>
    </aside>
  );
}

/** The shape of what comes. */
export function Bones({ lines = 8 }: { lines?: number }): React.JSX.Element {
  return (
    <div className="stack" role="status" aria-label={texts.loading}>
      {Array.from({ length: lines }, (_, line) => <Skeleton key={line} height={14} width={line % 3 === 2 ? "60%" : "100%"} />)}
    </div>
  );
}

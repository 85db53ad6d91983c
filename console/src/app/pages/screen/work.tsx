/** A session in a tab: its screen, the page's edge above it, and tools when they are wanted. */

import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import type { SessionView } from "../../../api/wire.gen";
import { dropNotes, readNotes } from "../../../parts/notes";
import { useRefreshOn } from "../../live/live";
import { useMe } from "../../me";
import { useAsk } from "../../parts/ask";
import { useFollowed } from "../../parts/followed";
import { attempt } from "../../parts/tell";
import { texts } from "../../texts";
import { act } from "../sessions/acts";
import { ClipboardPanel } from "./clipboard_panel";
import { goesIn } from "./clipboard";
import { Curtain } from "./curtain";
import { DropTarget } from "./drop_target";
import { FilesPanel } from "./files_panel";
import { keepLook, keptLook, type Look } from "./look";
import { Rail } from "./rail";
import { ReportPanel } from "./report_panel";
import { type PanelName, Tools } from "./tools";
import { useToolsKey } from "./tools_key";
import { Works } from "./works";
import "./work.css";

const t = texts.work;

export default function Work({ id }: { id: string }): React.JSX.Element {
  const client = useQueryClient();
  const [viewOnly] = useState(() => new URLSearchParams(location.search).get("view") === "1");
  const [look, setLook] = useState(keptLook);
  const [works] = useState(() => new Works(id, viewOnly, look, client));
  const [toolsOpen, setToolsOpen] = useState(false);
  const [panel, setPanel] = useState<PanelName | null>(null);
  const session = useSeen(id, works);
  const fileDirection = useFollowed(works.files);
  const toggleTools = useCallback((): void => {
    setToolsOpen(!toolsOpen);
    setPanel(null);
    if (toolsOpen) works.display?.focus();
  }, [toolsOpen, works]);
  useToolsKey(toggleTools);
  const open = (wanted: PanelName | null): void => {
    setPanel(wanted);
    if (wanted === null) works.display?.focus();
  };
  const show = (chosen: Look): void => {
    setLook(chosen);
    keepLook(chosen);
    works.show(chosen);
  };
  return (
    <div className="work">
      <Rail session={session} connection={works.connection} viewOnly={viewOnly} toolsOpen={toolsOpen} toggleTools={toggleTools} />
      {viewOnly ? null : <Notes id={id} />}
      <main className="stage" aria-label={t.stage}>
        <Screen attach={works.attach} />
        <DropTarget takes={goesIn(fileDirection)} add={(files) => { setPanel("files"); works.uploads.add(files); }} />
        <Curtain connection={works.connection} session={session} />
        <div className="over">
          {toolsOpen ? <Shown works={works} session={session} look={look} show={show} panel={panel} open={open} /> : null}
          <Panels id={id} works={works} panel={panel} close={() => open(null)} />
        </div>
      </main>
    </div>
  );
}

function Screen({ attach }: { attach: Works["attach"] }): React.JSX.Element {
  return <div id="screen" className="screen" ref={attach} />;
}

/** The session as it was read last, by whomever; its end closes the display. */
function useSeen(id: string, works: Works): SessionView | undefined {
  useRefreshOn(["session"], works.key, id);
  const { data } = useQuery({ queryKey: works.key, queryFn: works.read, retry: false });
  useEffect(() => {
    if (data === undefined) return;
    document.title = `${data.resourceName} · ${data.machineName}`;
    works.connection.seen(data);
  }, [data, works]);
  return data;
}

interface ShownProps {
  works: Works;
  session: SessionView | undefined;
  look: Look;
  show: (look: Look) => void;
  panel: PanelName | null;
  open: (panel: PanelName | null) => void;
}

function Shown({ works, session, look, show, panel, open }: ShownProps): React.JSX.Element {
  const me = useMe();
  const ask = useAsk();
  const standing = useFollowed(works.connection.standing);
  const clipboard = useFollowed(works.clipboard.direction);
  const files = useFollowed(works.files);
  const own = session?.userName === me.userName;
  const over = standing.kind === "ended" || standing.kind === "refused";
  const logOff = async (): Promise<void> => {
    const sure = await ask({ title: t.logOffTitle(session?.resourceName ?? ""), consequence: t.logOffLoses, act: t.logOff });
    if (sure) await attempt(t.logOff, () => act("logoff", works.id));
  };
  const fullScreen = async (): Promise<void> => {
    if (document.fullscreenElement === null) await document.documentElement.requestFullscreen();
    else await document.exitFullscreen();
    works.display?.focus();
  };
  return (
    <Tools panel={panel} open={open} over={over} look={look} show={show} types={!works.viewOnly && standing.kind === "open"}
      offers={{ clipboard: clipboard !== "off", files: files !== "off", report: own || me.permissions.includes("Recording_Control") }}
      press={(chord) => works.display?.press(chord.keysyms)}
      fullScreen={() => void attempt(t.fullScreen, fullScreen)}
      disconnect={() => void attempt(t.disconnect, () => works.leave())}
      logOff={own || me.permissions.includes("Session_Logoff") ? () => void logOff() : null} />
  );
}

interface PanelsProps {
  id: string;
  works: Works;
  panel: PanelName | null;
  close: () => void;
}

function Panels({ id, works, panel, close }: PanelsProps): React.JSX.Element | null {
  const clipboard = useFollowed(works.clipboard.direction);
  const files = useFollowed(works.files);
  const standing = useFollowed(works.connection.standing);
  if (panel === null || standing.kind === "ended") return null;
  if (panel === "report") return <ReportPanel id={id} close={close} />;
  if (panel === "clipboard") return clipboard === "off" ? null : <ClipboardPanel clipboard={works.clipboard} close={close} />;
  return files === "off" ? null : <FilesPanel session={works.address} direction={files} uploads={works.uploads} close={close} />;
}

/** What will be missing in the session is said once, until somebody has read it. */
function Notes({ id }: { id: string }): React.JSX.Element | null {
  const [notes, setNotes] = useState(() => readNotes(id));
  useEffect(() => dropNotes(id), [id]);
  if (notes.length === 0) return null;
  return (
    <p className="work-notes" role="status">
      <span className="grow">{notes.join(" ")}</span>
      <Button variant="default" size="compact-xs" onClick={() => setNotes([])}>{t.understood}</Button>
    </p>
  );
}

/** What can be done to one session, in order of severity. */

import { Button, Menu } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { ChevronDown, Circle, Eye, EyeOff, MessageSquare, Monitor, Power, RefreshCw, Square, Unplug } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { site } from "../../../api/site";
import type { SessionView } from "../../../api/wire.gen";
import { span } from "../../../parts/words";
import { useMay, useMe } from "../../me";
import { useAsk } from "../../parts/ask";
import { bare } from "../../parts/name";
import { attempt, leading, told, undoable } from "../../parts/tell";
import { texts } from "../../texts";
import { playAddress } from "../recordings/places";
import { act, NEEDS, type Verb } from "./acts";

const t = texts.sessions.acts;
const Message = lazy(() => import("./message"));

export function SessionActs({ session }: { session: SessionView }): React.JSX.Element | null {
  const may = useMay();
  const me = useMe();
  const [busy, setBusy] = useState<string | null>(null);
  const [writing, setWriting] = useState(false);
  const ask = useAsk();
  const client = useQueryClient();
  const user = bare(session.userName);
  const own = session.userName === me.userName;
  if (session.endedAt !== null) return null;

  const run = async (what: string, todo: () => Promise<unknown>): Promise<boolean> => {
    setBusy(what);
    const done = await attempt(what, todo);
    setBusy(null);
    await client.invalidateQueries({ queryKey: ["session", session.id] });
    return done;
  };
  const simple = async (verb: Verb, what: string, after: string): Promise<void> => {
    if (await run(what, () => act(verb, session.id))) told(after);
  };
  const logOff = async (): Promise<void> => {
    const sure = await ask({ title: t.logOffTitle(user, session.resourceName), consequence: t.logOffLoses(bare(session.machineName)), act: t.logOff });
    if (sure) await simple("logoff", t.logOff, t.loggedOff(user));
  };
  const hide = async (): Promise<void> => {
    if (!(await run(t.hide, () => act("hide", session.id)))) return;
    undoable(t.hidden(user), () => void run(t.unhide, () => act("unhide", session.id)));
  };
  const record = async (notify: boolean): Promise<void> => {
    if (await run(t.record, () => act("startRecording", session.id, { notify }))) told(notify ? t.recordingTold : t.recordingSilent);
  };
  const stop = async (): Promise<void> => {
    const id = session.recordingId;
    if (!(await run(t.stop, () => act("stopRecording", session.id)))) return;
    const kept = id === null ? null : await site("GET /footlight/v1/recordings/{id}", { path: { id } }).catch(() => null);
    if (kept === null || !may("Recording_View")) told(kept === null ? t.stopped : t.stoppedAfter(span(kept.durationMs)));
    else leading(t.stoppedAfter(span(kept.durationMs)), t.play, playAddress(kept.id));
  };

  return (
    <div className="row wrap" role="group" aria-label={t.label}>
      {may(NEEDS.startRecording) && !session.recording ? (
        <Button.Group>
          <Button variant="default" leftSection={<Circle size={12} aria-hidden fill="var(--fl-record)" stroke="var(--fl-record)" />} loading={busy === t.record}
            onClick={() => void record(true)}>{t.record}</Button>
          <Menu position="bottom-end">
            <Menu.Target><Button variant="default" px={6} aria-label={t.recordHow}><ChevronDown size={14} aria-hidden /></Button></Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => void record(true)}>{t.recordTell}</Menu.Item>
              <Menu.Item onClick={() => void record(false)}>{t.recordSilently}</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Button.Group>
      ) : null}
      {may(NEEDS.stopRecording) && session.recording ? (
        <Button variant="default" leftSection={<Square size={12} aria-hidden fill="currentColor" />} loading={busy === t.stop} onClick={() => void stop()}>{t.stop}</Button>
      ) : null}
      {may(NEEDS.sendMessage) ? (
        <Button variant="default" leftSection={<MessageSquare size={14} aria-hidden />} onClick={() => setWriting(true)}>{t.message}</Button>
      ) : null}
      {own || may("Session_Shadow") ? (
        <Button variant="default" component="a" target="_blank" href={own ? `/s/${session.id}` : `/s/${session.id}?view=1`}
          leftSection={own ? <Monitor size={14} aria-hidden /> : <Eye size={14} aria-hidden />}>{own ? t.open : t.shadow}</Button>
      ) : null}
      {own || may(NEEDS.disconnect) ? (
        <Button variant="default" leftSection={<Unplug size={14} aria-hidden />} loading={busy === t.disconnect} disabled={session.state === "Disconnected"}
          onClick={() => void simple("disconnect", t.disconnect, t.disconnected(user))}>{t.disconnect}</Button>
      ) : null}
      {own || may(NEEDS.logoff) ? (
        <Button variant="default" leftSection={<RefreshCw size={14} aria-hidden />} loading={busy === t.restart}
          onClick={() => void run(t.restart, () => site("POST /footlight/v1/sessions/{id}/restart-window-manager", { path: { id: session.id } })).then((done) => { if (done) told(t.restarted); })}>{t.restart}</Button>
      ) : null}
      {may(NEEDS.hide) ? (
        session.hidden
          ? <Button variant="default" leftSection={<Eye size={14} aria-hidden />} loading={busy === t.unhide} onClick={() => void simple("unhide", t.unhide, t.unhidden(user))}>{t.unhide}</Button>
          : <Button variant="default" leftSection={<EyeOff size={14} aria-hidden />} loading={busy === t.hide} onClick={() => void hide()}>{t.hide}</Button>
      ) : null}
      {own || may(NEEDS.logoff) ? (
        <Button variant="light" color="red" leftSection={<Power size={14} aria-hidden />} loading={busy === t.logOff} onClick={() => void logOff()}>{t.logOff}</Button>
      ) : null}
      {writing ? (
        <Suspense fallback={null}><Message to={user} close={() => setWriting(false)}
          send={async (message) => {
            const done = await run(t.message, () => act("sendMessage", session.id, { message }));
            if (done) told(t.messaged(user));
            return done;
          }} /></Suspense>
      ) : null}
    </div>
  );
}

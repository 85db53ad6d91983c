/** What can be done to several sessions at once: a job, with a result for each. */

import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Circle, EyeOff, MessageSquare, Power, Square, Unplug } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { SendMessageRequest, SessionRow } from "../../../api/wire.gen";
import { JOBS } from "../../frame/jobs_menu";
import { useMay } from "../../me";
import { useAsk } from "../../parts/ask";
import { bare } from "../../parts/name";
import { attempt, told } from "../../parts/tell";
import { texts } from "../../texts";
import { actOnAll, NEEDS, type Verb } from "./acts";

const t = texts.sessions.acts;
const Message = lazy(() => import("./message"));
const NAMED = 5;

export function BulkActs({ rows, done }: { rows: readonly SessionRow[]; done: () => void }): React.JSX.Element {
  const may = useMay();
  const ask = useAsk();
  const client = useQueryClient();
  const [writing, setWriting] = useState(false);
  const count = rows.length;

  const run = (verb: Verb, what: string, message?: SendMessageRequest): Promise<boolean> =>
    attempt(what, async () => {
      await actOnAll(verb, rows, message === undefined ? {} : { message });
      await client.invalidateQueries({ queryKey: JOBS });
      told(t.begun(what, count));
      done();
    });
  const asked = async (verb: Verb, act: string, loses: string): Promise<void> => {
    const names = rows.slice(0, NAMED).map((row) => `${bare(row.userName)} (${row.resourceName})`).join(", ");
    const more = count > NAMED ? ` ${texts.ask.andMore(count - NAMED)}` : "";
    if (await ask({ title: t.bulkTitle(act, count), consequence: `${names}${more}. ${loses}`, act, count })) await run(verb, act);
  };
  const live = rows.some((row) => row.recording);
  return (
    <>
      {may(NEEDS.startRecording) ? (
        <Button variant="default" size="compact-sm" leftSection={<Circle size={11} aria-hidden fill="var(--fl-record)" stroke="var(--fl-record)" />}
          onClick={() => void asked("startRecording", t.record, t.recordLoses)}>{t.record}</Button>
      ) : null}
      {may(NEEDS.stopRecording) && live ? (
        <Button variant="default" size="compact-sm" leftSection={<Square size={11} aria-hidden />} onClick={() => void asked("stopRecording", t.stop, "")}>{t.stop}</Button>
      ) : null}
      {may(NEEDS.sendMessage) ? (
        <Button variant="default" size="compact-sm" leftSection={<MessageSquare size={13} aria-hidden />} onClick={() => setWriting(true)}>{t.message}</Button>
      ) : null}
      {may(NEEDS.disconnect) ? (
        <Button variant="default" size="compact-sm" leftSection={<Unplug size={13} aria-hidden />}
          onClick={() => void asked("disconnect", t.disconnect, t.disconnectLoses)}>{t.disconnect}</Button>
      ) : null}
      {may(NEEDS.hide) ? (
        <Button variant="default" size="compact-sm" leftSection={<EyeOff size={13} aria-hidden />} onClick={() => void asked("hide", t.hide, t.hideLoses)}>{t.hide}</Button>
      ) : null}
      {may(NEEDS.logoff) ? (
        <Button variant="light" color="red" size="compact-sm" leftSection={<Power size={13} aria-hidden />}
          onClick={() => void asked("logoff", t.logOff, t.unsaved)}>{t.logOff}</Button>
      ) : null}
      {writing ? <Suspense fallback={null}><Message to={texts.sessions.many(count)} close={() => setWriting(false)} send={(message) => run("sendMessage", t.message, message)} /></Suspense> : null}
    </>
  );
}

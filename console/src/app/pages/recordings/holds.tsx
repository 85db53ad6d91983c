/** Legal holds: as long as there is one, the recording stays. */

import { Button, Textarea } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Lock, LockOpen } from "lucide-react";
import { useState } from "react";
import { site } from "../../../api/site";
import type { HoldView, RecordingView } from "../../../api/wire.gen";
import { useRefreshOn } from "../../live/live";
import { useMay } from "../../me";
import { useAsk } from "../../parts/ask";
import { errorText } from "../../parts/failure";
import { FormDialog } from "../../parts/form_dialog";
import { Bones } from "../../parts/panel";
import { attempt, told } from "../../parts/tell";
import { Ago } from "../../parts/when";
import { texts } from "../../texts";

const t = texts.recordings.holds;

export function Holds({ recording }: { recording: RecordingView }): React.JSX.Element {
  const may = useMay();
  const ask = useAsk();
  const client = useQueryClient();
  const [placing, setPlacing] = useState(false);
  const [reason, setReason] = useState("");
  const path = { id: recording.id };
  const key = ["recordings", "holds", recording.id];
  useRefreshOn(["recording"], key, recording.id);
  const found = useQuery({ queryKey: key, queryFn: () => site("GET /footlight/v1/recordings/{id}/holds", { path }) });
  const changed = (): Promise<void> => client.invalidateQueries({ queryKey: ["recordings"] });
  const place = async (): Promise<void> => {
    await site("POST /footlight/v1/recordings/{id}/holds", { path, body: { reason } });
    told(t.placed);
    await changed();
  };
  const release = async (hold: HoldView): Promise<void> => {
    if (!(await ask({ title: t.releaseTitle, consequence: t.releaseLoses(hold.reason), act: t.release }))) return;
    const gone = await attempt(t.release, () => site("DELETE /footlight/v1/recordings/{id}/holds/{hold}", { path: { ...path, hold: hold.id } }));
    if (gone) told(t.released);
    await changed();
  };
  const items = found.data?.items ?? [];
  return (
    <section className="stack tight">
      <div className="row">
        <h3 className="grow">{t.title}</h3>
        {may("Recording_DeleteAndHold") ? (
          <Button variant="subtle" leftSection={<Lock size={14} aria-hidden />} onClick={() => { setReason(""); setPlacing(true); }}>{t.place}</Button>
        ) : null}
      </div>
      {found.isPending ? <Bones lines={1} /> : null}
      {found.isError ? <p role="alert" className="soft">{errorText(found.error)}</p> : null}
      {found.data !== undefined && items.length === 0 ? <p className="soft">{t.none}</p> : null}
      {items.map((hold) => (
        <div className="row" key={hold.id}>
          <div className="grow">{hold.reason}<div className="soft">{t.by(hold.placedBy)} <Ago at={hold.placedAt} /></div></div>
          {may("Recording_DeleteAndHold") ? (
            <Button variant="default" leftSection={<LockOpen size={14} aria-hidden />} onClick={() => void release(hold)}>{t.release}</Button>
          ) : null}
        </div>
      ))}
      {placing ? (
        <FormDialog title={t.place} act={t.placeAct} submit={place} close={() => setPlacing(false)}>
          <p>{t.about}</p>
          <Textarea label={t.reason} required autosize minRows={2} value={reason} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus />
        </FormDialog>
      ) : null}
    </section>
  );
}

/** Deleting a recording before its time, with a reason; a signed tombstone is left. */

import { Button, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { site } from "../../../api/site";
import type { RecordingView } from "../../../api/wire.gen";
import { clockText } from "../../../parts/words";
import { FormDialog } from "../../parts/form_dialog";
import { bare } from "../../parts/name";
import { told } from "../../parts/tell";
import { texts } from "../../texts";

const t = texts.recordings.remove;

export function DeleteRecording({ recording, deleted }: { recording: RecordingView; deleted: () => void }): React.JSX.Element {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const submit = async (): Promise<void> => {
    await site("DELETE /footlight/v1/recordings/{id}", { path: { id: recording.id }, query: { reason } });
    told(t.done);
    await client.invalidateQueries({ queryKey: ["recordings", "list"] });
    deleted();
  };
  return (
    <>
      <Button variant="light" color="red" leftSection={<Trash2 size={14} aria-hidden />} disabled={recording.held} title={recording.held ? t.held : undefined}
        onClick={() => setAsking(true)}>{t.act}</Button>
      {asking ? (
        <FormDialog grave title={t.title(bare(recording.userName), clockText(recording.durationMs))} act={t.act} submit={submit} close={() => setAsking(false)}>
          <p>{t.loses}</p>
          <Textarea label={t.reason} description={t.reasonWhy} required autosize minRows={2} value={reason} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus />
        </FormDialog>
      ) : null}
    </>
  );
}

/** Saying why recordings are opened, where the site asks for it first. */

import { Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { site } from "../../../api/site";
import { codeOf, REASON_WANTED } from "../../../player/source";
import { FormDialog } from "../../parts/form_dialog";
import { texts } from "../../texts";

const t = texts.recordings.why;

/** Keys of what is looked at begin so, and are read again once a reason was given. */
export const PICTURES = "pictures";

export const wantsReason = (error: unknown): boolean => codeOf(error) === REASON_WANTED;

export function ReasonDialog({ ids, close }: { ids: readonly string[]; close: () => void }): React.JSX.Element {
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const submit = async (): Promise<void> => {
    for (const id of ids) await site("POST /footlight/v1/recordings/{id}/openings", { path: { id }, body: { reason } });
    await client.invalidateQueries({ queryKey: [PICTURES] });
  };
  return (
    <FormDialog title={t.title(ids.length)} act={t.give} submit={submit} close={close}>
      <p className="soft">{t.about}</p>
      <Textarea label={t.reason} required autosize minRows={2} value={reason} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus />
    </FormDialog>
  );
}

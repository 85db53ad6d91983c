/** Asked before the first picture, where the site wants it. */

import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { site } from "../../../api/site";
import { errorText } from "../../parts/failure";
import { texts } from "../../texts";

const t = texts.player.reason;

export function Reason({ id, given }: { id: string; given: () => void }): React.JSX.Element {
  const [reason, setReason] = useState("");
  const sent = useMutation({
    mutationFn: () => site("POST /footlight/v1/recordings/{id}/openings", { path: { id }, body: { reason } }),
    onSuccess: given,
  });
  return (
    <div className="player-reason">
      <form className="card stack" onSubmit={(event) => { event.preventDefault(); sent.mutate(); }}>
        <h2 className="row"><KeyRound size={16} aria-hidden />{t.title}</h2>
        <p className="soft">{t.why}</p>
        <TextInput label={t.label} value={reason} required autoFocus autoComplete="off" onChange={(event) => setReason(event.currentTarget.value)} />
        {sent.error === null ? null : <p role="alert" className="tone-bad">{errorText(sent.error)}</p>}
        <div className="row"><span className="grow" /><Button type="submit" loading={sent.isPending} disabled={reason.trim() === ""}>{t.open}</Button></div>
      </form>
    </div>
  );
}

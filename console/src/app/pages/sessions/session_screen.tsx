/**
 * The screen as it is now, of a session that is being recorded: the newest picture of its recording. It is an opening
 * of the recording, so it is looked at when asked for, not by itself.
 */

import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Eye, RefreshCw } from "lucide-react";
import { address, site } from "../../../api/site";
import type { SessionView } from "../../../api/wire.gen";
import { useMay } from "../../me";
import { errorText } from "../../parts/failure";
import { texts } from "../../texts";

const t = texts.sessions.screen;

export function SessionScreen({ session }: { session: SessionView }): React.JSX.Element | null {
  const may = useMay();
  const { recordingId: id } = session;
  const look = useMutation({
    mutationFn: async () => {
      const path = { id: id ?? "" };
      const { durationMs } = await site("GET /footlight/v1/recordings/{id}", { path });
      // The last half second may still be on its way to the host's disk.
      const at = Math.max(0, durationMs / 1000 - 0.5);
      return address("GET /footlight/v1/recordings/{id}/frame", { path, query: { at } });
    },
  });
  if (id === null || !may("Recording_View")) return null;
  return (
    <section className="card">
      <div className="row">
        <h2 className="grow">{t.title}</h2>
        <Button variant="subtle" loading={look.isPending} onClick={() => look.mutate()}
          leftSection={look.data === undefined ? <Eye size={14} aria-hidden /> : <RefreshCw size={14} aria-hidden />}>
          {look.data === undefined ? t.look : t.again}
        </Button>
      </div>
      {look.isError ? <p role="alert" className="soft">{errorText(look.error)}</p> : null}
      {look.data === undefined ? <p className="soft">{t.why}</p> : <img className="shot" src={look.data} alt={t.alt(session.resourceName)} />}
    </section>
  );
}

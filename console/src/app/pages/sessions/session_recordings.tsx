/** The recordings of a session. */

import { useQuery } from "@tanstack/react-query";
import { Play } from "lucide-react";
import { site } from "../../../api/site";
import { bytesText, clockText } from "../../../parts/words";
import { useRefreshOn } from "../../live/live";
import { useMay } from "../../me";
import { errorText } from "../../parts/failure";
import { Bones } from "../../parts/panel";
import { Sign } from "../../parts/sign";
import { Ago } from "../../parts/when";
import { texts } from "../../texts";

const t = texts.sessions.recordings;

export function SessionRecordings({ id }: { id: string }): React.JSX.Element | null {
  const may = useMay();
  const key = ["recordings", "of", id];
  useRefreshOn(["recording"], key);
  const found = useQuery({
    queryKey: key,
    queryFn: () => site("GET /footlight/v1/recordings", { query: { sessionId: id, limit: 50 } }),
    enabled: may("Recording_View"),
  });
  if (!may("Recording_View")) return null;
  const items = found.data?.items ?? [];
  return (
    <section className="card">
      <h2>{t.title}</h2>
      {found.isPending ? <Bones lines={2} /> : null}
      {found.isError ? <p className="soft" role="alert">{errorText(found.error)}</p> : null}
      {found.data !== undefined && items.length === 0 ? <p className="soft">{t.none}</p> : null}
      {items.length === 0 ? null : (
        <table className="plain-table">
          <thead><tr><th>{t.state}</th><th>{t.started}</th><th className="right">{t.length}</th><th className="right">{t.size}</th><th><span className="unseen">{t.play}</span></th></tr></thead>
          <tbody>
            {items.map((one) => (
              <tr key={one.id}>
                <td><Sign state={one.state} /></td>
                <td><Ago at={one.startedAt} /></td>
                <td className="right num">{clockText(one.durationMs)}</td>
                <td className="right num">{bytesText(one.sizeBytes)}</td>
                <td className="right"><a className="row" href={`/r/${one.id}`} target="_blank" rel="noreferrer"><Play size={13} aria-hidden />{t.play}</a></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

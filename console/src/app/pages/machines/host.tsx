/** The host of a machine: its standing with the site. */

import { useQuery } from "@tanstack/react-query";
import { Ban, KeyRound } from "lucide-react";
import { site } from "../../../api/site";
import { useRefreshOn } from "../../live/live";
import { useMay } from "../../me";
import { Act } from "../../parts/act";
import { useAsk } from "../../parts/ask";
import { Facts } from "../../parts/facts";
import { Sign } from "../../parts/sign";
import { told } from "../../parts/tell";
import { useRun } from "../../parts/use_run";
import { Ago } from "../../parts/when";
import { texts } from "../../texts";

const t = texts.machines.host;
const HOSTS = ["hosts"];

/** The host's own standing: not every machine has one (simulated ones have none). */
export function Host({ id }: { id: string }): React.JSX.Element | null {
  const may = useMay();
  const ask = useAsk();
  const run = useRun(HOSTS);
  useRefreshOn(["machine"], HOSTS, id);
  const hosts = useQuery({ queryKey: HOSTS, queryFn: () => site("GET /footlight/v1/hosts") });
  const host = hosts.data?.items.find((one) => one.id === id);
  if (host === undefined) return null;
  const rotate = async (): Promise<void> => {
    if (await run(t.rotate, () => site("POST /footlight/v1/hosts/{id}/rotate", { path: { id } }))) told(t.rotated);
  };
  const revoke = async (): Promise<void> => {
    if (!(await ask({ title: t.revokeTitle, consequence: t.revokeLoses, act: t.revoke }))) return;
    await run(t.revoke, () => site("POST /footlight/v1/hosts/{id}/revoke", { path: { id } }));
  };
  const active = may("Machine_EditProperties") && host.status !== "revoked";
  return (
    <section className="card">
      <h2>{t.title}</h2>
      <div className="row wrap">
        <Act icon={KeyRound} allowed={active} run={() => void rotate()}>{t.rotate}</Act>
        <Act icon={Ban} danger allowed={active} run={() => void revoke()}>{t.revoke}</Act>
      </div>
      <Facts
        facts={[
          [t.status, <Sign key="status" state={host.status} />],
          [t.seen, <Ago key="seen" at={host.lastSeenAt} />],
          [t.root, host.asRoot ? texts.yes : texts.no],
          [t.enrolled, <Ago key="enrolled" at={host.enrolledAt} />],
          [t.by, host.enrolledBy],
          [t.expires, new Date(host.expiresAt).toLocaleDateString()],
          [t.key, <span key="key" className="mono">{host.signingKey}</span>],
        ]}
      />
    </section>
  );
}

/** One machine: its facts, its sessions, its host. */

import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "wouter";
import { site } from "../../../api/site";
import { useRefreshOn } from "../../live/live";
import { useMay } from "../../me";
import { errorText, Failure } from "../../parts/failure";
import { bare } from "../../parts/name";
import { ObjectTags } from "../../parts/object_tags";
import { Bones } from "../../parts/panel";
import { Sign } from "../../parts/sign";
import { Since } from "../../parts/when";
import { texts } from "../../texts";
import { stateOf } from "./columns";
import { Host } from "./host";
import { MachineActs } from "./machine_acts";
import { MachineFacts } from "./machine_facts";
import { useMachine } from "./use_machine";

const SHOWN = 50;

export default function Machine(): React.JSX.Element {
  const { id = "" } = useParams();
  const may = useMay();
  const machine = useMachine(id);
  if (machine.isPending) return <div className="card"><Bones /></div>;
  if (machine.isError) return <Failure error={machine.error} again={() => void machine.refetch()} />;
  const { data } = machine;
  return (
    <>
      <div className="page-head"><h1>{bare(data.Name ?? "")}</h1><Sign state={stateOf(data)} /></div>
      <MachineActs machine={data} />
      <div className="cards">
        <section className="card"><h2>{texts.sessions.glance}</h2><MachineFacts machine={data} /><ObjectTags kind="Machines" id={data.Id ?? ""} /></section>
        {may("Session_Read") ? <Here name={data.Name ?? ""} /> : null}
        <Host id={data.Id ?? ""} />
      </div>
    </>
  );
}

function Here({ name }: { name: string }): React.JSX.Element {
  const key = ["sessions", "on", name];
  useRefreshOn(["session"], key);
  const filter = { Property: "MachineName", Operator: "Equals", Value: name };
  const found = useQuery({
    queryKey: key,
    queryFn: () => site("POST /footlight/v1/sessions/$search", { query: { limit: SHOWN }, body: { SearchFilters: [filter] } }),
  });
  const items = found.data?.items ?? [];
  return (
    <section className="card">
      <h2>{texts.machines.here(found.data?.total ?? 0)}</h2>
      {found.isPending ? <Bones lines={3} /> : null}
      {found.isError ? <p role="alert" className="soft">{errorText(found.error)}</p> : null}
      {items.length === 0 ? null : (
        <table className="plain-table">
          <thead><tr><th>{texts.sessions.columns.state}</th><th>{texts.sessions.columns.user}</th><th>{texts.sessions.columns.resource}</th><th className="right">{texts.sessions.columns.since}</th></tr></thead>
          <tbody>
            {items.map((one) => (
              <tr key={one.id}>
                <td><Sign state={one.state} /></td>
                <td><Link href={`/console/sessions/${one.id}`}>{bare(one.userName)}</Link></td>
                <td>{one.resourceName}</td>
                <td className="right"><Since at={one.stateChangedAt} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

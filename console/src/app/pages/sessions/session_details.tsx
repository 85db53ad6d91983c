/** The facts that CVAD's API has of a session beside our own: client, connection, brokering. */

import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { site } from "../../../api/site";
import { useRefreshOn } from "../../live/live";
import { errorText } from "../../parts/failure";
import { Facts } from "../../parts/facts";
import { bare } from "../../parts/name";
import { Bones } from "../../parts/panel";
import { Ago } from "../../parts/when";
import { texts } from "../../texts";

const t = texts.sessions.details;

export function SessionDetails({ id }: { id: string }): React.JSX.Element {
  const key = ["session", id, "cvad"];
  useRefreshOn(["session"], key, id);
  const found = useQuery({ queryKey: key, queryFn: () => site("GET /cvad/manage/Sessions/{id}", { path: { id } }) });
  const { data } = found;
  return (
    <section className="card">
      <h2>{t.title}</h2>
      {found.isPending ? <Bones /> : null}
      {found.isError ? <p role="alert" className="soft">{errorText(found.error)}</p> : null}
      {data === undefined ? null : (
        <Facts
          facts={[
            [t.person, data.User?.DisplayName],
            [t.linuxUser, data.UntrustedUserName],
            [t.machine, <Link key="machine" href={`/console/machines/${encodeURIComponent(data.Machine?.Name ?? "")}`}>{bare(data.Machine?.Name ?? "")}</Link>],
            [t.group, data.Machine?.DeliveryGroup.Name],
            [t.catalog, data.Machine?.MachineCatalog.Name],
            [t.zone, data.Machine?.Zone.Name],
            [t.os, data.Machine?.OSType],
            [t.client, data.Client?.Name],
            [t.address, data.Client?.IPAddress],
            [t.platform, [data.Client?.Platform, data.Client?.Version].filter(Boolean).join(" ")],
            [t.protocol, data.Connection?.Protocol],
            [t.via, data.Connection?.LaunchedViaHostName],
            [t.applications, data.ApplicationsInUse?.map((one) => one.Name).join(", ")],
            [t.brokered, <Ago key="brokered" at={data.Brokering?.FormattedTime} />],
            [t.brokeredBy, data.Brokering?.UserName],
            [t.number, data.Uid],
          ]}
        />
      )}
    </section>
  );
}

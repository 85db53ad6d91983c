/** The site itself, and whether it is well. */

import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Stethoscope } from "lucide-react";
import { site } from "../../../api/site";
import { useRefreshOn } from "../../live/live";
import { errorText, Failure } from "../../parts/failure";
import { Facts } from "../../parts/facts";
import { Id } from "../../parts/name";
import { Bones } from "../../parts/panel";
import { texts } from "../../texts";
import { SettingsTabs } from "./tabs";

const t = texts.settings.site;
const KEY = ["site"];

export default function SitePage(): React.JSX.Element {
  useRefreshOn(["site"], KEY);
  const found = useQuery({
    queryKey: KEY,
    queryFn: async () => {
      const first = (await site("GET /cvad/manage/Sites")).Items.at(0)?.Id ?? "";
      return site("GET /cvad/manage/Sites/{nameOrId}", { path: { nameOrId: first } });
    },
  });
  return (
    <>
      <SettingsTabs />
      {found.isPending ? <div className="card"><Bones /></div> : null}
      {found.isError ? <Failure error={found.error} again={() => void found.refetch()} /> : null}
      {found.data === undefined ? null : (
        <div className="cards halves">
          <section className="card">
            <h2>{t.itself}</h2>
            <Facts facts={[
              [texts.settings.name, found.data.Name],
              [t.version, found.data.ProductVersion],
              [t.zone, found.data.PrimaryZone.Name],
              [texts.groups.id, <Id key="id">{found.data.Id}</Id>],
            ]} />
          </section>
          <Health id={found.data.Id} />
        </div>
      )}
    </>
  );
}

function Health({ id }: { id: string }): React.JSX.Element {
  const test = useMutation({ mutationFn: () => site("POST /cvad/manage/Sites/{nameOrId}/$test", { path: { nameOrId: id } }) });
  return (
    <section className="card">
      <h2>{t.health}</h2>
      <div className="stack">
        <p className="soft">{t.healthWhy}</p>
        <div className="row"><Button variant="default" leftSection={<Stethoscope size={14} aria-hidden />} loading={test.isPending} onClick={() => test.mutate()}>{t.test}</Button></div>
        {test.isError ? <p role="alert" className="tone-bad">{errorText(test.error)}</p> : null}
        {test.data === undefined ? null : <p role="status">{t.found(test.data.NumPassed, test.data.NumWarnings, test.data.NumFailures)}</p>}
      </div>
    </section>
  );
}

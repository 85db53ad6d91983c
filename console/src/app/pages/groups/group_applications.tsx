/** The applications that a delivery group publishes. */

import { MultiSelect } from "@mantine/core";
import { Plus } from "lucide-react";
import { useState } from "react";
import { site } from "../../../api/site";
import { useChoices } from "../../choices";
import { after, useEvery } from "../../every";
import { useMay } from "../../me";
import { Act } from "../../parts/act";
import { FormDialog } from "../../parts/form_dialog";
import { Members } from "../../parts/members";
import { useRun } from "../../parts/use_run";
import { texts } from "../../texts";

const t = texts.groups;

export function GroupApplications({ id }: { id: string }): React.JSX.Element | null {
  const may = useMay();
  const run = useRun(["groups"], ["applications"]);
  const [adding, setAdding] = useState(false);
  const reads = may("Application_Read");
  const found = useEvery(["groups", id, "applications"], ["application", "delivery_group"],
    (token) => site("GET /cvad/manage/DeliveryGroups/{nameOrId}/Applications", { path: { nameOrId: id }, query: after(token) }), reads);
  if (!reads) return null;
  const all = found.data ?? [];
  const remove = (app: string): void =>
    void run(texts.takeOut(""), () => site("DELETE /cvad/manage/DeliveryGroups/{nameOrId}/Applications/{appNameOrId}", { path: { nameOrId: id, appNameOrId: app } }));
  return (
    <Members title={t.applications} none={t.noneHere} found={found} rows={all.map((one) => ({ id: one.Id ?? "", name: one.Name ?? "", note: one.Enabled === false ? t.disabled : null }))}
      {...(may("DesktopGroup_RemoveApplication") ? { remove } : {})}>
      <Act icon={Plus} allowed={may("DesktopGroup_AddApplication")} run={() => setAdding(true)}>{t.addApplications}</Act>
      {adding ? <Add id={id} there={all.map((one) => one.Id ?? "")} close={() => setAdding(false)} /> : null}
    </Members>
  );
}

function Add({ id, there, close }: { id: string; there: string[]; close: () => void }): React.JSX.Element {
  const [chosen, setChosen] = useState<string[]>([]);
  const choices = useChoices("applications").filter((one) => !there.includes(one.value));
  const submit = (): Promise<unknown> =>
    site("POST /cvad/manage/DeliveryGroups/{nameOrId}/Applications", { path: { nameOrId: id }, body: { ExistingApplications: chosen.map((Item) => ({ Item })) } });
  return (
    <FormDialog title={t.addApplications} act={t.add} submit={submit} close={close} refresh={[["groups"], ["applications"]]}>
      <MultiSelect label={t.applications} searchable required data={choices} value={chosen} onChange={setChosen} data-autofocus />
    </FormDialog>
  );
}

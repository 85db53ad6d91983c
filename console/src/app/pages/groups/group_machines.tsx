/** The machines of a delivery group. */

import { MultiSelect, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { site } from "../../../api/site";
import type { MachineSelection } from "../../../api/wire.gen";
import { useChoices } from "../../choices";
import { after, everyOf } from "../../every";
import { useRefreshOn } from "../../live/live";
import { useMay } from "../../me";
import { Act } from "../../parts/act";
import { useAsk } from "../../parts/ask";
import { FormDialog } from "../../parts/form_dialog";
import { Members } from "../../parts/members";
import { bare } from "../../parts/name";
import { useRun } from "../../parts/use_run";
import { texts } from "../../texts";

const t = texts.groups;
const FIELDS = "Id,Name,RegistrationState,DeliveryGroup";
const SHOWN = 100;

export function GroupMachines({ id }: { id: string }): React.JSX.Element | null {
  const may = useMay();
  const ask = useAsk();
  const key = ["groups", id, "machines"];
  const run = useRun(["groups"], ["machine"]);
  useRefreshOn(["machine", "delivery_group"], key);
  const [adding, setAdding] = useState(false);
  const reads = may("Machine_Read");
  const path = { nameOrId: id };
  const found = useQuery({
    queryKey: key,
    queryFn: () => site("GET /cvad/manage/DeliveryGroups/{nameOrId}/Machines", { path, query: { limit: SHOWN, fields: FIELDS } }),
    enabled: reads,
  });
  if (!reads) return null;
  const all = found.data?.Items ?? [];
  const remove = async (machine: string): Promise<void> => {
    const name = bare(all.find((one) => one.Id === machine)?.Name ?? "");
    if (!(await ask({ title: t.takeMachine(name), consequence: t.takeMachineLoses, act: texts.takeOut(name) }))) return;
    await run(texts.takeOut(name), () => site("DELETE /cvad/manage/DeliveryGroups/{nameOrId}/Machines/{machineNameOrId}", { path: { ...path, machineNameOrId: machine } }));
  };
  return (
    <Members title={t.machines} none={t.noneHere} found={found}
      rows={all.map((one) => ({ id: one.Id ?? "", name: bare(one.Name ?? ""), note: one.RegistrationState === "Registered" ? null : texts.states.silent }))}
      {...(may("DesktopGroup_RemoveMachine") ? { remove: (machine: string) => void remove(machine) } : {})}>
      <Act icon={Plus} allowed={may("DesktopGroup_AddMachines") && may("Catalog_Read")} run={() => setAdding(true)}>{t.addMachines}</Act>
      {adding ? <Add id={id} close={() => setAdding(false)} /> : null}
    </Members>
  );
}

function Add({ id, close }: { id: string; close: () => void }): React.JSX.Element {
  const catalogs = useChoices("catalogs");
  const [picked, setPicked] = useState<string | null>(null);
  const catalog = picked ?? (catalogs.length === 1 ? (catalogs[0]?.value ?? null) : null);
  const [chosen, setChosen] = useState<string[]>([]);
  const found = useQuery({
    queryKey: ["catalogs", catalog, "machines"],
    queryFn: () => everyOf<MachineSelection>((token) =>
      site("GET /cvad/manage/MachineCatalogs/{nameOrId}/Machines", { path: { nameOrId: catalog ?? "" }, query: { ...after(token), fields: FIELDS } })),
    enabled: catalog !== null,
  });
  const free = (found.data ?? []).filter((one) => one.DeliveryGroup?.Id !== id);
  const submit = (): Promise<unknown> => {
    const AssignMachinesToUsers = chosen.map((Machine) => ({ Machine }));
    return site("POST /cvad/manage/DeliveryGroups/{nameOrId}/Machines", { path: { nameOrId: id }, body: { MachineCatalog: catalog ?? "", AssignMachinesToUsers } });
  };
  return (
    <FormDialog title={t.addMachines} act={t.add} submit={submit} close={close} refresh={[["groups"], ["machine"], ["catalogs"]]}>
      <Select label={t.catalog} required data={catalogs} value={catalog} onChange={(value) => { setPicked(value); setChosen([]); }} data-autofocus />
      <MultiSelect label={t.machines} description={t.addMachinesWhy} searchable required value={chosen} onChange={setChosen}
        data={free.map((one) => ({ value: one.Id ?? "", label: labelOf(one) }))} />
    </FormDialog>
  );
}

function labelOf(machine: MachineSelection): string {
  const name = bare(machine.Name ?? "");
  const group = machine.DeliveryGroup?.Name ?? "";
  return group === "" ? name : t.machineOf(name, group);
}

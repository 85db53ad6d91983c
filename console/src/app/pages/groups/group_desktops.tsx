/** The desktops that a delivery group publishes. */

import { Checkbox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { site } from "../../../api/site";
import type { Desktop, DesktopRequest } from "../../../api/wire.gen";
import { useRefreshOn } from "../../live/live";
import { useMay } from "../../me";
import { Act } from "../../parts/act";
import { useAsk } from "../../parts/ask";
import { FormDialog } from "../../parts/form_dialog";
import { Line } from "../../parts/line";
import { Members } from "../../parts/members";
import { useRun } from "../../parts/use_run";
import { texts } from "../../texts";
import { OPEN, type Rule, RuleFields, ruledBy, ruleOf } from "./rule";

const t = texts.groups;

/** The site's list of desktops is replaced whole; one that is named by its id only stays as it is. */
function put(id: string, desktops: DesktopRequest[]): Promise<unknown> {
  return site("PATCH /cvad/manage/DeliveryGroups/{nameOrId}", { path: { nameOrId: id }, body: { Desktops: desktops } });
}

export function GroupDesktops({ id }: { id: string }): React.JSX.Element {
  const may = useMay();
  const ask = useAsk();
  const key = ["groups", id, "desktops"];
  const run = useRun(["groups"]);
  useRefreshOn(["delivery_group"], key);
  const [changed, setChanged] = useState<Desktop | "new" | null>(null);
  const found = useQuery({ queryKey: key, queryFn: () => site("GET /cvad/manage/DeliveryGroups/{nameOrId}/Desktops", { path: { nameOrId: id } }) });
  const all = found.data?.Items ?? [];
  const others = (desktop: Desktop): DesktopRequest[] => all.filter((one) => one.Id !== desktop.Id).map(({ Id }) => ({ Id }));
  const remove = async (desktop: Desktop): Promise<void> => {
    if (!(await ask({ title: t.removeTitle(desktop.PublishedName), consequence: t.removeLoses, act: t.remove }))) return;
    await run(t.remove, () => put(id, others(desktop)));
  };
  const changes = may("DesktopGroup_EditProperties");
  return (
    <Members title={t.desktops} none={t.noDesktops} found={found}
      rows={all.map((one) => ({ id: one.Id, name: one.PublishedName, note: one.Enabled ? null : t.disabled }))}
      {...(changes ? { edit: (row) => setChanged(all.find((one) => one.Id === row) ?? null), remove: (row) => void all.filter((one) => one.Id === row).map(remove) } : {})}>
      <Act icon={Plus} allowed={changes} run={() => setChanged("new")}>{t.addDesktop}</Act>
      {changed === null ? null : (
        <DesktopForm desktop={changed === "new" ? null : changed} close={() => setChanged(null)}
          send={(desktop) => put(id, [...(changed === "new" ? all.map(({ Id }) => ({ Id })) : others(changed)), desktop])} />
      )}
    </Members>
  );
}

interface DesktopFormProps {
  desktop: Desktop | null;
  send: (desktop: DesktopRequest) => Promise<unknown>;
  close: () => void;
}

function DesktopForm({ desktop, send, close }: DesktopFormProps): React.JSX.Element {
  const [name, setName] = useState(desktop?.PublishedName ?? "");
  const [description, setDescription] = useState(desktop?.Description ?? "");
  const [enabled, setEnabled] = useState(desktop?.Enabled ?? true);
  const [rule, setRule] = useState<Rule>(() => (desktop === null ? OPEN : ruleOf(desktop)));
  const submit = (): Promise<unknown> => send({
    ...(desktop === null ? {} : { Id: desktop.Id }), PublishedName: name, Description: description, Enabled: enabled, ...ruledBy(rule),
  });
  return (
    <FormDialog title={desktop === null ? t.addDesktop : t.edit(desktop.PublishedName)} act={texts.save} submit={submit} close={close} refresh={[["groups"]]}>
      <Line label={t.publishedName} required value={name} change={setName} data-autofocus />
      <Line label={t.description} value={description} change={setDescription} />
      <Checkbox label={t.enabled} checked={enabled} onChange={(event) => setEnabled(event.currentTarget.checked)} />
      <RuleFields rule={rule} change={setRule} />
    </FormDialog>
  );
}

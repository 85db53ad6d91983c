/** A new delivery group, or another name and description of one. */

import { Select, Textarea } from "@mantine/core";
import { useState } from "react";
import { site } from "../../../api/site";
import type { DeliveryGroupSelection } from "../../../api/wire.gen";
import { FormDialog } from "../../parts/form_dialog";
import { Line } from "../../parts/line";
import { texts } from "../../texts";

const t = texts.groups;
const SUPPORTS = ["MultiSession", "SingleSession"] as const;
const KINDS = ["DesktopsAndApps", "DesktopsOnly", "AppsOnly"] as const;

export function GroupForm({ group, close }: { group?: DeliveryGroupSelection; close: () => void }): React.JSX.Element {
  const [name, setName] = useState(group?.Name ?? "");
  const [description, setDescription] = useState(group?.Description ?? "");
  const [support, setSupport] = useState<string>(SUPPORTS[0]);
  const [kind, setKind] = useState<string>(group?.DeliveryType ?? KINDS[0]);
  const submit = async (): Promise<void> => {
    const body = { Name: name, Description: description, DeliveryType: kind };
    if (group === undefined) await site("POST /cvad/manage/DeliveryGroups", { body: { ...body, SessionSupport: support } });
    else await site("PATCH /cvad/manage/DeliveryGroups/{nameOrId}", { path: { nameOrId: group.Id ?? "" }, body });
  };
  return (
    <FormDialog title={group === undefined ? t.makeGroup : t.edit(group.Name ?? "")} act={group === undefined ? t.make : texts.save} submit={submit} close={close} refresh={[["groups"]]}>
      <Line label={t.name} required value={name} change={setName} data-autofocus />
      <Textarea label={t.description} autosize maxRows={6} value={description} onChange={(event) => setDescription(event.currentTarget.value)} />
      <Select label={t.kind} allowDeselect={false} value={kind} onChange={(value) => setKind(value ?? KINDS[0])} data={KINDS.map((value) => ({ value, label: t.deliveryTypes[value] }))} />
      {group === undefined ? (
        <Select label={t.support} allowDeselect={false} value={support} onChange={(value) => setSupport(value ?? SUPPORTS[0])} data={SUPPORTS.map((value) => ({ value, label: t.supports[value] }))} />
      ) : null}
    </FormDialog>
  );
}

/** A scope: a name, and the groups and catalogs over which it gives rights. */

import { MultiSelect } from "@mantine/core";
import { useState } from "react";
import { site } from "../../../api/site";
import type { Scope, ScopedObject } from "../../../api/wire.gen";
import { useChoices } from "../../choices";
import { FormDialog } from "../../parts/form_dialog";
import { Line } from "../../parts/line";
import { texts } from "../../texts";

const t = texts.settings;

interface ScopeFormProps {
  scope?: Scope;
  objects?: readonly ScopedObject[];
  close: () => void;
}

export function ScopeForm({ scope, objects = [], close }: ScopeFormProps): React.JSX.Element {
  const of = (kind: ScopedObject["ObjectType"]): string[] => objects.filter((one) => one.ObjectType === kind).map((one) => one.Object.Id ?? "");
  const [name, setName] = useState(scope?.Name ?? "");
  const [description, setDescription] = useState(scope?.Description ?? "");
  const [groups, setGroups] = useState(() => of("DeliveryGroup"));
  const [catalogs, setCatalogs] = useState(() => of("MachineCatalog"));
  const groupChoices = useChoices("groups");
  const catalogChoices = useChoices("catalogs");
  const submit = async (): Promise<void> => {
    const ScopedObjects = [
      ...groups.map((id) => ({ ObjectType: "DeliveryGroup", Object: id })),
      ...catalogs.map((id) => ({ ObjectType: "MachineCatalog", Object: id })),
    ];
    const body = { Name: name, Description: description, ScopedObjects };
    if (scope === undefined) await site("POST /cvad/manage/Admin/Scopes", { body });
    else await site("PATCH /cvad/manage/Admin/Scopes/{nameOrId}", { path: { nameOrId: scope.Id }, body });
  };
  return (
    <FormDialog title={scope === undefined ? t.makeScope : texts.groups.edit(scope.Name)} act={scope === undefined ? texts.groups.make : texts.save} submit={submit} close={close} refresh={[["scopes"], ["groups"], ["catalogs"]]}>
      <Line label={t.name} required value={name} change={setName} data-autofocus />
      <Line label={t.description} value={description} change={setDescription} />
      <MultiSelect label={texts.groups.groups} searchable data={groupChoices} value={groups} onChange={setGroups} />
      <MultiSelect label={texts.groups.catalogs} searchable data={catalogChoices} value={catalogs} onChange={setCatalogs} />
    </FormDialog>
  );
}

/** A role of one's own: a name and permissions. */

import { Checkbox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { site } from "../../../api/site";
import type { PredefinedPermission, Role } from "../../../api/wire.gen";
import { FormDialog } from "../../parts/form_dialog";
import { Line } from "../../parts/line";
import { Bones } from "../../parts/panel";
import { texts } from "../../texts";
import { grouped } from "./permission_groups";
import "./settings.css";

const t = texts.settings;

interface RoleFormProps {
  /** That is changed, or whose permissions another begins with. */
  role?: Role;
  copy?: boolean;
  close: () => void;
}

export function RoleForm({ role, copy = false, close }: RoleFormProps): React.JSX.Element {
  const changed = copy ? undefined : role;
  const [name, setName] = useState(changed?.Name ?? "");
  const [description, setDescription] = useState(changed?.Description ?? "");
  const [held, setHeld] = useState<string[]>(() => (role?.Permissions ?? []).map((one) => one.Id));
  const found = useQuery({ queryKey: ["permissions"], queryFn: () => site("GET /cvad/manage/Admin/Permissions") });
  const submit = async (): Promise<void> => {
    const body = { Name: name, Description: description, Permissions: held };
    if (changed === undefined) await site("POST /cvad/manage/Admin/Roles", { body });
    else await site("PATCH /cvad/manage/Admin/Roles/{nameOrId}", { path: { nameOrId: changed.Id }, body });
  };
  return (
    <FormDialog size="lg" title={changed === undefined ? t.makeRole : texts.groups.edit(changed.Name)} act={changed === undefined ? texts.groups.make : texts.save} submit={submit} close={close} refresh={[["roles"], ["administrators"]]}>
      <Line label={t.name} required value={name} change={setName} data-autofocus />
      <Line label={t.description} value={description} change={setDescription} />
      {found.data === undefined ? <Bones lines={6} /> : <Permissions all={found.data.Items} held={held} change={setHeld} />}
    </FormDialog>
  );
}

interface PermissionsProps {
  all: readonly PredefinedPermission[];
  held: readonly string[];
  change: (held: string[]) => void;
}

function Permissions({ all, held, change }: PermissionsProps): React.JSX.Element {
  return (
    <div className="permissions" tabIndex={0} role="group" aria-label={t.permissions}>
      {grouped(all).map(({ name, permissions }) => (
        <fieldset key={name}>
          <legend>{name}</legend>
          {permissions.map((one) => (
            <Checkbox key={one.Id} size="xs" label={one.Name} title={one.Description ?? one.Id} checked={held.includes(one.Id)}
              onChange={(event) => change(event.currentTarget.checked ? [...held, one.Id] : held.filter((id) => id !== one.Id))} />
          ))}
        </fieldset>
      ))}
    </div>
  );
}

/** The rights of an administrator: pairs of a role and a scope. Without one it is a new administrator. */

import { ActionIcon, Select } from "@mantine/core";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { site } from "../../../api/site";
import type { Administrator, RightRequest } from "../../../api/wire.gen";
import { useChoices } from "../../choices";
import { Act } from "../../parts/act";
import { FormDialog } from "../../parts/form_dialog";
import { Line } from "../../parts/line";
import { texts } from "../../texts";
import "./settings.css";

const t = texts.settings;
const NONE: RightRequest = { Role: "", Scope: "" };

interface RightsFormProps {
  administrator?: Administrator;
  close: () => void;
}

export function RightsForm({ administrator, close }: RightsFormProps): React.JSX.Element {
  const [user, setUser] = useState("");
  const [rights, setRights] = useState<RightRequest[]>(() => administrator?.ScopesAndRoles.map(({ Role, Scope }) => ({ Role: Role.Id, Scope: Scope.Id })) ?? [NONE]);
  const submit = async (): Promise<void> => {
    if (administrator === undefined) await site("POST /cvad/manage/Admin/Administrators", { body: { User: user, Enabled: true, Rights: rights } });
    else {
      const path = { nameOrId: administrator.User.UserIdentity ?? administrator.User.Name ?? "" };
      await site("PATCH /cvad/manage/Admin/Administrators/{nameOrId}", { path, body: { Rights: rights } });
    }
  };
  const put = (place: number, right: RightRequest): void => setRights(rights.map((one, at) => (at === place ? right : one)));
  return (
    <FormDialog title={administrator === undefined ? t.add : t.changeRights} act={administrator === undefined ? t.addAct : texts.save} submit={submit} close={close} refresh={[["administrators"]]}>
      {administrator === undefined ? <Line label={t.account} description={t.accountWhy} required value={user} change={setUser} data-autofocus /> : null}
      {rights.map((right, place) => (
        <Pair key={place} right={right} change={(changed) => put(place, changed)} {...(rights.length > 1 ? { remove: () => setRights(rights.filter((_, at) => at !== place)) } : {})} />
      ))}
      <div className="row"><Act icon={Plus} run={() => setRights([...rights, NONE])}>{t.addRight}</Act></div>
    </FormDialog>
  );
}

interface PairProps {
  right: RightRequest;
  change: (right: RightRequest) => void;
  remove?: () => void;
}

function Pair({ right, change, remove }: PairProps): React.JSX.Element {
  const roles = useChoices("roles");
  const scopes = useChoices("scopes");
  return (
    <div className="pair">
      <Select label={t.role} required data={roles} value={right.Role === "" ? null : right.Role} onChange={(Role) => change({ ...right, Role: Role ?? "" })} />
      <Select label={t.scope} required data={scopes} value={right.Scope === "" ? null : right.Scope} onChange={(Scope) => change({ ...right, Scope: Scope ?? "" })} />
      {remove === undefined ? null : <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t.removeRight} onClick={remove}><X size={16} aria-hidden /></ActionIcon>}
    </div>
  );
}

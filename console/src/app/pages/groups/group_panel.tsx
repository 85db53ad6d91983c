/** One delivery group: its facts, what is in it, and what can be done to it. */

import { Pencil, Power, ShieldCheck, Trash2, UserCheck, Wrench } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { site } from "../../../api/site";
import type { DeliveryGroupSelection, EditGroupRequest } from "../../../api/wire.gen";
import { useMay } from "../../me";
import { Act } from "../../parts/act";
import { useAsk } from "../../parts/ask";
import { Facts } from "../../parts/facts";
import { Id } from "../../parts/name";
import { ObjectTags } from "../../parts/object_tags";
import { Panel } from "../../parts/panel";
import { Sign } from "../../parts/sign";
import { useRun } from "../../parts/use_run";
import { texts } from "../../texts";
import { GroupApplications } from "./group_applications";
import { GroupDesktops } from "./group_desktops";
import { GroupForm } from "./group_form";
import { GroupMachines } from "./group_machines";
import { GroupPeople } from "./group_people";
import { GroupRules } from "./group_rules";
import { stateOf } from "./group_state";

const t = texts.groups;

type Dialog = "edit" | "people" | "rules";

export function GroupPanel({ group, close }: { group: DeliveryGroupSelection; close: () => void }): React.JSX.Element {
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const id = group.Id ?? "";
  const within = `?f=${encodeURIComponent(`DeliveryGroup.Equals.${group.Name ?? ""}`)}`;
  return (
    <Panel title={group.Name ?? ""} close={close} busy={false}>
      <GroupActs group={group} open={setDialog} close={close} />
      <Facts facts={[
        [t.state, <Sign key="state" state={stateOf(group)} />],
        [t.sessions, <Link key="sessions" href={`/console/sessions${within}`}>{group.SessionCount}</Link>],
        [t.machines, <Link key="machines" href={`/console/machines${within}`}>{group.TotalMachines}</Link>],
        [t.kind, group.DeliveryType === undefined ? null : t.deliveryTypes[group.DeliveryType]],
        [t.support, group.SessionSupport === undefined ? null : t.supports[group.SessionSupport]],
        [t.description, group.Description],
        [t.scopes, group.Scopes?.map((one) => one.Name).join(", ")],
        [t.id, <Id key="id">{id}</Id>],
      ]} />
      <GroupDesktops id={id} />
      <GroupApplications id={id} />
      <GroupMachines id={id} />
      <ObjectTags kind="DeliveryGroups" id={id} />
      {dialog === "edit" ? <GroupForm group={group} close={() => setDialog(null)} /> : null}
      {dialog === "people" ? <GroupPeople id={id} close={() => setDialog(null)} /> : null}
      {dialog === "rules" ? <GroupRules id={id} close={() => setDialog(null)} /> : null}
    </Panel>
  );
}

interface GroupActsProps {
  group: DeliveryGroupSelection;
  open: (dialog: Dialog) => void;
  close: () => void;
}

function GroupActs({ group, open, close }: GroupActsProps): React.JSX.Element {
  const may = useMay();
  const ask = useAsk();
  const run = useRun(["groups"]);
  const name = group.Name ?? "";
  const path = { nameOrId: group.Id ?? "" };
  const edit = (what: string, body: EditGroupRequest): void => void run(what, () => site("PATCH /cvad/manage/DeliveryGroups/{nameOrId}", { path, body }));
  const remove = async (): Promise<void> => {
    if (!(await ask({ title: t.removeTitle(name), consequence: t.removeGroupLoses, act: t.remove }))) return;
    if (await run(t.remove, () => site("DELETE /cvad/manage/DeliveryGroups/{nameOrId}", { path }))) close();
  };
  const changes = may("DesktopGroup_EditProperties");
  const closed = group.InMaintenanceMode === true;
  const off = group.Enabled === false;
  return (
    <div className="row wrap">
      <Act icon={Pencil} allowed={changes} run={() => open("edit")}>{texts.edit}</Act>
      <Act icon={UserCheck} allowed={changes} run={() => open("people")}>{t.people}</Act>
      <Act icon={ShieldCheck} allowed={changes} run={() => open("rules")}>{t.rules.title}</Act>
      <Act icon={Wrench} allowed={may("DesktopGroup_ChangeMaintenanceMode")} run={() => edit(t.maintenance, { InMaintenanceMode: !closed })}>{closed ? t.open : t.close}</Act>
      <Act icon={Power} allowed={changes} run={() => edit(t.enabled, { Enabled: off })}>{off ? t.enable : t.disable}</Act>
      <Act icon={Trash2} danger allowed={may("DesktopGroup_Delete")} run={() => void remove()}>{t.remove}</Act>
    </div>
  );
}

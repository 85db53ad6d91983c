/** What can be done to a machine and to all sessions on it. */

import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Power, Trash2, Unplug, Wrench } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { site } from "../../../api/site";
import type { MachineDetailSelection } from "../../../api/wire.gen";
import { useMay } from "../../me";
import { Act } from "../../parts/act";
import { useAsk } from "../../parts/ask";
import { bare } from "../../parts/name";
import { attempt, told } from "../../parts/tell";
import { texts } from "../../texts";
import { useHere } from "../../use_here";

const t = texts.machines.acts;

export function MachineActs({ machine }: { machine: MachineDetailSelection }): React.JSX.Element {
  const may = useMay();
  const ask = useAsk();
  const here = useHere();
  const [, go] = useLocation();
  const client = useQueryClient();
  const [busy, setBusy] = useState<string | null>(null);
  const path = { nameOrId: machine.Id ?? "" };
  const name = bare(machine.Name ?? "");
  const count = machine.SessionCount ?? 0;
  const closed = machine.InMaintenanceMode === true;

  const run = async (what: string, after: string, todo: () => Promise<unknown>): Promise<void> => {
    setBusy(what);
    if (await attempt(what, todo)) told(after);
    setBusy(null);
    await client.invalidateQueries({ queryKey: ["machine", machine.Id] });
  };
  const maintain = (): Promise<void> =>
    run(t.maintenance, closed ? t.opened(name) : t.closed(name), () =>
      site("PATCH /cvad/manage/Machines/{nameOrId}", { path, body: { InMaintenanceMode: !closed } }));
  const empty = async (verb: "disconnect" | "logoff"): Promise<void> => {
    const act = verb === "logoff" ? t.logOff : t.disconnect;
    const sure = await ask({ title: t.all(act, name), consequence: verb === "logoff" ? t.logOffLoses(count) : t.disconnectLoses(count), act, count });
    if (sure) await run(act, t.done(act, name), () => site(`POST /cvad/manage/Machines/{nameOrId}/$${verb}`, { path, query: { detailResponseRequired: false } }));
  };
  const remove = async (): Promise<void> => {
    if (!(await ask({ title: texts.machines.removeTitle(name), consequence: texts.machines.removeLoses, act: texts.machines.remove }))) return;
    const done = await attempt(texts.machines.remove, () => site("DELETE /cvad/manage/Machines/{nameOrId}", { path }));
    if (done && here()) go("/console/machines");
  };
  return (
    <div className="row wrap" role="group" aria-label={texts.sessions.acts.label}>
      {may("Machine_ChangeMaintenanceMode") ? (
        <Button variant="default" leftSection={<Wrench size={14} aria-hidden />} loading={busy === t.maintenance} onClick={() => void maintain()}>
          {closed ? t.open : t.close}
        </Button>
      ) : null}
      {may("Session_Disconnect") && count > 0 ? (
        <Button variant="default" leftSection={<Unplug size={14} aria-hidden />} loading={busy === t.disconnect} onClick={() => void empty("disconnect")}>{t.disconnect}</Button>
      ) : null}
      {may("Session_Logoff") && count > 0 ? (
        <Button variant="light" color="red" leftSection={<Power size={14} aria-hidden />} loading={busy === t.logOff} onClick={() => void empty("logoff")}>{t.logOff}</Button>
      ) : null}
      <Act icon={Trash2} danger allowed={may("Machine_Remove") && count === 0} run={() => void remove()}>{texts.machines.remove}</Act>
    </div>
  );
}

/** All session hosts: how full they are, and what they take. */

import { Button } from "@mantine/core";
import { Plus, Server, SquareArrowOutUpRight } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { site } from "../../../api/site";
import type { MachineSelection } from "../../../api/wire.gen";
import { useMay } from "../../me";
import { Blank } from "../../parts/blank";
import { Failure } from "../../parts/failure";
import { bare } from "../../parts/name";
import { Panel } from "../../parts/panel";
import { List } from "../../table/list";
import { type Searched, useSearchedRows } from "../../table/searched_rows";
import { useView } from "../../table/view";
import { texts } from "../../texts";
import { FIELDS, MACHINE_COLUMNS } from "./columns";
import { Enrol } from "./enrol";
import { MachineActs } from "./machine_acts";
import { MachineFacts } from "./machine_facts";
import { useMachine } from "./use_machine";

const MACHINES: Searched<MachineSelection> = {
  name: "machines",
  kinds: ["machine"],
  search: async (body, limit, skip) => {
    const found = await site("POST /cvad/manage/Machines/$search", { query: { limit, skip, fields: FIELDS }, body });
    return { items: found.Items, total: found.TotalItems ?? found.Items.length };
  },
  idOf: (row) => row.Id ?? "",
  uidOf: (row) => row.Uid ?? 0,
};

export default function Machines(): React.JSX.Element {
  const [view, change] = useView();
  const may = useMay();
  const rows = useSearchedRows(MACHINES, view, MACHINE_COLUMNS);
  const [enrolling, setEnrolling] = useState(false);
  const enrol = may("Machine_EditProperties") ? (
    <Button leftSection={<Plus size={14} aria-hidden />} onClick={() => setEnrolling(true)}>{texts.machines.enrol.button}</Button>
  ) : null;
  return (
    <>
      <div className="page-head"><h1 className="grow">{texts.pages.machines}</h1>{enrol}</div>
      <div className="beside">
        <List name="machines" label={texts.pages.machines} columns={MACHINE_COLUMNS} rows={rows} idOf={MACHINES.idOf} view={view} change={change}
          empty={<Blank icon={Server} title={texts.machines.none}><p>{texts.machines.noneWhy}</p>{enrol}</Blank>} />
        {view.open === null ? null : <MachinePanel id={view.open} key={view.open} close={() => change({ open: null })} />}
      </div>
      {enrolling ? <Enrol close={() => setEnrolling(false)} /> : null}
    </>
  );
}

function MachinePanel({ id, close }: { id: string; close: () => void }): React.JSX.Element {
  const machine = useMachine(id);
  return (
    <Panel title={bare(machine.data?.Name ?? texts.pages.machine)} close={close} busy={machine.isPending}>
      {machine.isError ? <Failure error={machine.error} again={() => void machine.refetch()} /> : null}
      {machine.data === undefined ? null : (
        <>
          <Link href={`/console/machines/${id}`} className="row"><SquareArrowOutUpRight size={14} aria-hidden />{texts.sessions.openPage}</Link>
          <MachineActs machine={machine.data} />
          <MachineFacts machine={machine.data} />
        </>
      )}
    </Panel>
  );
}

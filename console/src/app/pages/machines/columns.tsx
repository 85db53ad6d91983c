/** The columns of the list of machines. */

import type { MachineSelection } from "../../../api/wire.gen";
import { bare } from "../../parts/name";
import { Sign } from "../../parts/sign";
import type { Column } from "../../table/columns";
import { texts } from "../../texts";

const t = texts.machines.columns;

/** The members that the list reads. */
export const FIELDS = "Id,Uid,Name,DnsName,SummaryState,InMaintenanceMode,RegistrationState,SessionCount,LoadIndex,DeliveryGroup,MachineCatalog,Zone,OSType,AgentVersion,IPAddress";
const FULL = 10_000;

/** What the sign says: silence first, then maintenance, then use. */
export function stateOf(machine: MachineSelection): string {
  if (machine.RegistrationState !== "Registered" && machine.RegistrationState !== undefined) return "unregistered";
  return machine.InMaintenanceMode === true ? "maintenance" : (machine.SummaryState ?? "unknown");
}

export const MACHINE_COLUMNS: readonly Column<MachineSelection>[] = [
  {
    id: "state",
    title: t.state,
    width: 124,
    cell: (row) => <Sign state={stateOf(row)} />,
    fits: true,
    sort: "SummaryState",
    filter: {
      by: "choice",
      property: "SummaryState",
      choices: [
        { value: "Available", label: texts.machines.available },
        { value: "InUse", label: texts.machines.inUse },
        { value: "Unregistered", label: texts.states.silent },
      ],
    },
  },
  { id: "name", title: t.name, width: 150, grow: true, text: (row) => bare(row.Name ?? ""), sort: "MachineName", filter: { by: "text", property: "MachineName" } },
  {
    id: "maintenance",
    title: t.maintenance,
    width: 110,
    cell: (row) => (row.InMaintenanceMode === true ? <Sign state="maintenance" /> : null),
    fits: true,
    sort: "InMaintenanceMode",
    filter: { by: "choice", property: "InMaintenanceMode", choices: [{ value: "true", label: texts.yes }, { value: "false", label: texts.no }] },
    extra: true,
  },
  { id: "sessions", title: t.sessions, width: 90, align: "right", cell: (row) => row.SessionCount ?? "–", sort: "SessionCount" },
  { id: "load", title: t.load, width: 130, cell: (row) => <Load index={row.LoadIndex ?? null} />, sort: "LoadIndex" },
  { id: "group", title: t.group, width: 160, grow: true, text: (row) => row.DeliveryGroup?.Name, sort: "DeliveryGroup", filter: { by: "text", property: "DeliveryGroup" } },
  { id: "catalog", title: t.catalog, width: 160, grow: true, text: (row) => row.MachineCatalog?.Name, sort: "MachineCatalog", filter: { by: "text", property: "MachineCatalog" } },
  { id: "zone", title: t.zone, width: 120, text: (row) => row.Zone?.Name, sort: "ZoneName", filter: { by: "text", property: "ZoneName" } },
  { id: "os", title: t.os, width: 110, cell: (row) => row.OSType ?? "", sort: "OSType", extra: true },
  { id: "agent", title: t.agent, width: 110, cell: (row) => <span className="num">{row.AgentVersion}</span>, sort: "AgentVersion", extra: true },
  { id: "address", title: t.address, width: 130, cell: (row) => <span className="num">{row.IPAddress}</span>, extra: true },
];

/** How full a machine is: 10,000 takes no more. */
export function Load({ index }: { index: number | null }): React.JSX.Element {
  if (index === null) return <span className="soft">–</span>;
  const share = Math.min(index / FULL, 1);
  return (
    <span className="row">
      <meter className="load" min={0} max={1} high={0.8} optimum={0} value={share} aria-label={t.load} />
      <span className="num">{texts.percent(share)}</span>
    </span>
  );
}

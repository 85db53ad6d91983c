/** What is known of a machine. */

import { Link } from "wouter";
import type { MachineDetailSelection } from "../../../api/wire.gen";
import { Facts } from "../../parts/facts";
import { Id } from "../../parts/name";
import { Sign } from "../../parts/sign";
import { Ago } from "../../parts/when";
import { texts } from "../../texts";
import { Load, stateOf } from "./columns";
import "./machines.css";

const t = texts.machines.facts;

export function MachineFacts({ machine }: { machine: MachineDetailSelection }): React.JSX.Element {
  const name = machine.Name ?? "";
  const here = `/console/sessions?f=${encodeURIComponent(`MachineName.Equals.${name}`)}`;
  return (
    <Facts
      facts={[
        [t.state, <Sign key="state" state={stateOf(machine)} />],
        [t.sessions, <Link key="sessions" href={here}>{machine.SessionCount ?? 0}</Link>],
        [t.load, <Load key="load" index={machine.LoadIndex ?? null} />],
        [t.group, machine.DeliveryGroup?.Name],
        [t.catalog, machine.MachineCatalog?.Name],
        [t.zone, machine.Zone?.Name],
        [t.dns, machine.DnsName],
        [t.address, machine.IPAddress],
        [t.os, [machine.OSType, machine.OSVersion].filter(Boolean).join(", ")],
        [t.agent, machine.AgentVersion],
        [t.tags, machine.Tags?.join(", ")],
        [t.lastUser, machine.LastConnectionUser?.Name],
        [t.lastUse, machine.FormattedLastConnectionTime === undefined ? null : <Ago key="last" at={machine.FormattedLastConnectionTime} />],
        [t.lost, machine.FormattedLastDeregistrationTime === undefined || machine.FormattedLastDeregistrationTime === null ? null : <Ago key="lost" at={machine.FormattedLastDeregistrationTime} />],
        [t.id, <Id key="id">{machine.Id ?? ""}</Id>],
      ]}
    />
  );
}

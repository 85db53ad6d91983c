/** The columns of the list of sessions. */

import { EyeOff } from "lucide-react";
import type { SessionRow } from "../../../api/wire.gen";
import { bare } from "../../parts/name";
import { Sign } from "../../parts/sign";
import { agoAt, sinceAt } from "../../parts/when";
import type { Column } from "../../table/columns";
import { texts } from "../../texts";
import { PROBLEMS, RecordingSign } from "./recording_sign";

const t = texts.sessions.columns;

export const SESSION_COLUMNS: readonly Column<SessionRow>[] = [
  {
    id: "state",
    title: t.state,
    width: 128,
    cell: (row) => <Sign state={row.machineSilent ? "unregistered" : row.state} />,
    fits: true,
    sort: "SessionState",
    filter: {
      by: "choice",
      property: "SessionState",
      choices: [
        { value: "Active", label: texts.states.active },
        { value: "Connected", label: texts.states.loggingOn },
        { value: "Disconnected", label: texts.states.disconnected },
      ],
    },
  },
  { id: "person", title: t.person, width: 130, grow: true, text: (row) => row.displayName, sort: "UserDisplayName" },
  {
    id: "user",
    title: t.user,
    width: 120,
    grow: true,
    text: (row) => bare(row.userName),
    sort: "UserName",
    filter: { by: "text", property: "UserName" },
  },
  { id: "resource", title: t.resource, width: 130, grow: true, text: (row) => row.resourceName, sort: "PublishedName", filter: { by: "text", property: "PublishedName" } },
  {
    id: "machine",
    title: t.machine,
    width: 120,
    grow: true,
    text: (row) => bare(row.machineName),
    sort: "MachineName",
    filter: { by: "text", property: "MachineName" },
  },
  {
    id: "recording",
    title: t.recording,
    width: 106,
    cell: (row) => <RecordingSign recording={row.recording} health={row.recordingHealth} problem={row.recordingProblem} />,
    fits: true,
    sort: "RecordingHealth",
    filter: {
      by: "choice",
      property: "Recording",
      choices: [
        { value: "true", label: texts.sessions.recorded.yes },
        { value: "false", label: texts.sessions.recorded.no },
        { property: "RecordingHealth", operator: "In", value: PROBLEMS.join(), label: texts.sessions.recorded.problem },
      ],
    },
  },
  {
    id: "since",
    title: t.since,
    width: 104,
    align: "right",
    cell: (row, now) => sinceAt(row.stateChangedAt, now),
    fits: true,
    sort: "SessionStateChangeTime",
    filter: { by: "time", property: "SessionStateChangeTime" },
  },
  {
    id: "started",
    title: t.started,
    width: 116,
    align: "right",
    cell: (row, now) => agoAt(row.startedAt, now),
    fits: true,
    sort: "StartTime",
    filter: { by: "time", property: "StartTime" },
  },
  { id: "idle", title: t.idle, width: 100, align: "right", cell: (row, now) => sinceAt(row.idleSince, now), fits: true, extra: true },
  { id: "client", title: t.client, width: 130, cell: (row) => <span className="num">{row.clientAddress ?? ""}</span>, sort: "ClientIP", filter: { by: "text", property: "ClientIP" }, extra: true },
  { id: "clientName", title: t.clientName, width: 130, text: (row) => row.clientName, sort: "ClientName", extra: true },
  { id: "platform", title: t.platform, width: 110, text: (row) => row.clientPlatform, extra: true },
  { id: "group", title: t.group, width: 170, text: (row) => row.groupName, sort: "DeliveryGroup", filter: { by: "text", property: "DeliveryGroup" }, extra: true },
  { id: "catalog", title: t.catalog, width: 170, text: (row) => row.catalogName, sort: "MachineCatalog", filter: { by: "text", property: "MachineCatalog" }, extra: true },
  { id: "zone", title: t.zone, width: 130, text: (row) => row.zoneName, sort: "ZoneName", filter: { by: "text", property: "ZoneName" }, extra: true },
  {
    id: "hidden",
    title: t.hidden,
    width: 84,
    cell: (row) => (row.hidden ? <span className="sign tone-quiet"><EyeOff size={13} aria-hidden />{t.hidden}</span> : null),
    extra: true,
  },
];

/** Who changed what: the configuration log. */

import { Select } from "@mantine/core";
import { ScrollText } from "lucide-react";
import { useSearchParams } from "wouter";
import { site } from "../../../api/site";
import type { LogOperation } from "../../../api/wire.gen";
import { plain } from "../../../parts/words";
import { after, useEvery } from "../../every";
import { Blank } from "../../parts/blank";
import { Facts } from "../../parts/facts";
import { bare, Id, Name } from "../../parts/name";
import { Panel } from "../../parts/panel";
import { Sign } from "../../parts/sign";
import { agoAt } from "../../parts/when";
import type { Column } from "../../table/columns";
import { List } from "../../table/list";
import { useView } from "../../table/view";
import { useWholeRows } from "../../table/whole_rows";
import { texts } from "../../texts";
import { LogChanges } from "./log_changes";

const t = texts.log;
const DAYS = ["1", "7", "30", "90"] as const;

const outcome = (row: LogOperation): string => (row.IsSuccessful === null ? "inprogress" : row.IsSuccessful ? "completed" : "failed");

const COLUMNS: readonly Column<LogOperation>[] = [
  { id: "when", title: t.when, width: 130, cell: (row, now) => agoAt(row.FormattedStartTime, now), fits: true, sort: (row) => row.FormattedStartTime },
  { id: "who", title: t.who, width: 150, text: (row) => bare(row.User ?? ""), sort: (row) => row.User, filter: { by: "text", property: "User" } },
  { id: "what", title: t.what, width: 320, grow: true, cell: (row) => <Name longest={90}>{row.Text}</Name>, sort: (row) => row.Text },
  {
    id: "kind",
    title: t.kind,
    width: 170,
    cell: (row) => plain(row.OperationType),
    sort: (row) => row.OperationType,
    filter: { by: "choice", property: "OperationType", choices: [{ value: "ConfigurationChange", label: t.change }, { value: "AdminActivity", label: t.activity }] },
  },
  {
    id: "outcome",
    title: t.outcome,
    width: 110,
    cell: (row) => <Sign state={outcome(row)} />,
    fits: true,
    sort: outcome,
    filter: { by: "choice", property: "Outcome", choices: [{ value: "completed", label: t.done }, { value: "failed", label: t.failed }] },
  },
  { id: "from", title: t.from, width: 130, cell: (row) => <span className="num">{row.AdminMachineIP}</span>, extra: true },
];

function valueOf(row: LogOperation, property: string): string {
  if (property === "Outcome") return outcome(row);
  return property === "User" ? (row.User ?? "") : row.OperationType;
}

export default function Log(): React.JSX.Element {
  const [view, change] = useView();
  const [query, setQuery] = useSearchParams();
  const days = DAYS.find((one) => one === query.get("days")) ?? DAYS[1];
  const all = useEvery(["log", days], ["audit"], (token) =>
    site("GET /cvad/manage/ConfigLog/Operations", { query: { ...after(token), days: Number(days) } }));
  const rows = useWholeRows(all, view, COLUMNS, (row) => `${row.Text} ${row.User ?? ""} ${row.TargetTypes.join(" ")}`, valueOf);
  const open = all.data?.find((row) => row.Id === view.open);
  const pick = (
    <Select w={130} size="xs" aria-label={t.span} allowDeselect={false} value={days} data={DAYS.map((value) => ({ value, label: t.days(Number(value)) }))}
      onChange={(value) => setQuery((now) => { now.set("days", value ?? days); return now; })} />
  );
  return (
    <>
      <div className="page-head"><h1>{texts.pages.log}</h1></div>
      <div className="beside">
        <List name="log" label={texts.pages.log} columns={COLUMNS} rows={rows} idOf={(row) => row.Id} view={view} change={change} tools={pick}
          empty={<Blank icon={ScrollText} title={t.none}>{t.noneWhy}</Blank>} />
        {open === undefined ? null : (
          <Panel title={open.Text} close={() => change({ open: null })} busy={false}>
            <Facts facts={[
              [t.outcome, <Sign key="outcome" state={outcome(open)} />],
              [t.when, new Date(open.FormattedStartTime ?? "").toLocaleString()],
              [t.who, open.User],
              [t.from, open.AdminMachineIP],
              [t.source, open.Source],
              [t.kind, plain(open.OperationType)],
              [t.targets, open.TargetTypes.join(", ")],
              ...open.Parameters.map((one): [string, string] => [one.Name ?? "", one.Value ?? ""]),
              [t.id, <Id key="id">{open.Id}</Id>],
            ]} />
            <LogChanges id={open.Id} key={open.Id} />
          </Panel>
        )}
      </div>
    </>
  );
}

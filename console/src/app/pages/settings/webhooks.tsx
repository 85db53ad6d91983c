/** Webhooks: addresses that are told of what changes. */

import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Plus, Webhook as WebhookIcon } from "lucide-react";
import { useState } from "react";
import { site } from "../../../api/site";
import type { WebhookView } from "../../../api/wire.gen";
import { useRefreshOn } from "../../live/live";
import { Blank } from "../../parts/blank";
import { Name } from "../../parts/name";
import { Sign } from "../../parts/sign";
import { agoAt } from "../../parts/when";
import type { Column } from "../../table/columns";
import { List } from "../../table/list";
import { useView } from "../../table/view";
import { useWholeRows } from "../../table/whole_rows";
import { texts } from "../../texts";
import { Secret } from "./secret";
import { SettingsTabs } from "./tabs";
import { WebhookForm } from "./webhook_form";
import { WebhookPanel } from "./webhook_panel";
import { stateOf, WEBHOOKS } from "./webhook_state";

const t = texts.settings.webhooks;

const COLUMNS: readonly Column<WebhookView>[] = [
  { id: "state", title: texts.settings.state, width: 120, cell: (row) => <Sign state={stateOf(row)} />, fits: true, sort: stateOf },
  { id: "url", title: t.url, width: 280, grow: true, cell: (row) => <span className="mono"><Name longest={60}>{row.url}</Name></span>, sort: (row) => row.url },
  { id: "events", title: t.events, width: 200, grow: true, cell: (row) => <Name longest={60}>{row.events.length === 0 ? t.all : row.events.join(", ")}</Name> },
  { id: "delivered", title: t.delivered, width: 130, cell: (row, now) => agoAt(row.deliveredAt, now), fits: true, sort: (row) => row.deliveredAt },
  { id: "failures", title: t.failures, width: 100, align: "right", cell: (row) => row.failures, sort: (row) => row.failures },
  { id: "description", title: texts.settings.description, width: 180, grow: true, cell: (row) => <Name longest={60}>{row.description}</Name> },
];

export default function Webhooks(): React.JSX.Element {
  const [view, change] = useView();
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  useRefreshOn(["webhook"], WEBHOOKS);
  const found = useQuery({ queryKey: WEBHOOKS, queryFn: () => site("GET /footlight/v1/webhooks") });
  const rows = useWholeRows({ data: found.data?.items, error: found.error, refetch: found.refetch }, view, COLUMNS, (row) => `${row.url} ${row.description}`, stateOf);
  const open = found.data?.items.find((row) => row.id === view.open);
  return (
    <>
      <SettingsTabs />
      <div className="beside">
        <List name="webhooks" label={t.title} columns={COLUMNS} rows={rows} idOf={(row) => row.id} view={view} change={change}
          tools={<Button leftSection={<Plus size={14} aria-hidden />} onClick={() => setMaking(true)}>{t.make}</Button>}
          empty={<Blank icon={WebhookIcon} title={t.none}>{t.noneWhy}</Blank>} />
        {open === undefined ? null : <WebhookPanel key={open.id} webhook={open} show={setSecret} close={() => change({ open: null })} />}
      </div>
      {making ? <WebhookForm show={setSecret} close={() => setMaking(false)} /> : null}
      {secret === null ? null : <Secret title={t.secret} lines={[[t.secretWhy, secret]]} close={() => setSecret(null)} />}
    </>
  );
}

/** API clients: programs that sign in with an id and a secret, with the rights of an account. */

import { Button, NumberInput, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { KeyRound, Plus, RotateCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { site } from "../../../api/site";
import type { ServiceAccountSecret, ServiceAccountView } from "../../../api/wire.gen";
import { useRefreshOn } from "../../live/live";
import { Act } from "../../parts/act";
import { useAsk } from "../../parts/ask";
import { Blank } from "../../parts/blank";
import { Facts } from "../../parts/facts";
import { FormDialog } from "../../parts/form_dialog";
import { Line } from "../../parts/line";
import { Id } from "../../parts/name";
import { Panel } from "../../parts/panel";
import { Sign } from "../../parts/sign";
import { useRun } from "../../parts/use_run";
import { Ago, agoAt } from "../../parts/when";
import type { Column } from "../../table/columns";
import { List } from "../../table/list";
import { useView } from "../../table/view";
import { useWholeRows } from "../../table/whole_rows";
import { texts } from "../../texts";
import { Secret } from "./secret";
import { SettingsTabs } from "./tabs";

const t = texts.settings.clients;
const KEY = ["clients"];
const DAY_MS = 86_400_000;
const OVERLAP_S = 3600;

const stateOf = (row: ServiceAccountView): string => (row.expired ? "expired" : "enabled");
const nameOf = (row: ServiceAccountView): string => (row.name === "" ? t.first : row.name);

const COLUMNS: readonly Column<ServiceAccountView>[] = [
  { id: "state", title: texts.settings.state, width: 120, cell: (row) => <Sign state={stateOf(row)} />, fits: true, sort: stateOf },
  { id: "name", title: texts.settings.name, width: 200, grow: true, text: (row) => nameOf(row), sort: nameOf },
  { id: "account", title: t.account, width: 200, grow: true, text: (row) => row.accountName, sort: (row) => row.accountName },
  { id: "used", title: t.used, width: 130, cell: (row, now) => agoAt(row.lastUsedAt, now), fits: true, sort: (row) => row.lastUsedAt },
  { id: "until", title: t.until, width: 130, cell: (row) => (row.expiresAt === null ? t.never : new Date(row.expiresAt).toLocaleDateString()), sort: (row) => row.expiresAt },
];

export default function Clients(): React.JSX.Element {
  const [view, change] = useView();
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<ServiceAccountSecret | null>(null);
  useRefreshOn(["account"], KEY);
  const found = useQuery({ queryKey: KEY, queryFn: () => site("GET /footlight/v1/service-accounts") });
  const rows = useWholeRows({ data: found.data?.items, error: found.error, refetch: found.refetch }, view, COLUMNS, (row) => `${nameOf(row)} ${row.accountName}`, stateOf);
  const open = found.data?.items.find((row) => row.id === view.open);
  return (
    <>
      <SettingsTabs />
      <div className="beside">
        <List name="clients" label={t.title} columns={COLUMNS} rows={rows} idOf={(row) => row.id} view={view} change={change}
          tools={<Button leftSection={<Plus size={14} aria-hidden />} onClick={() => setMaking(true)}>{t.make}</Button>}
          empty={<Blank icon={KeyRound} title={t.none}>{t.noneWhy}</Blank>} />
        {open === undefined ? null : <ClientPanel key={open.id} client={open} show={setSecret} close={() => change({ open: null })} />}
      </div>
      {making ? <NewClient show={setSecret} close={() => setMaking(false)} /> : null}
      {secret === null ? null : <Secret title={nameOf(secret.serviceAccount)} lines={[[t.id, secret.clientId], [t.secret, secret.clientSecret]]} close={() => setSecret(null)} />}
    </>
  );
}

interface ClientPanelProps {
  client: ServiceAccountView;
  show: (secret: ServiceAccountSecret) => void;
  close: () => void;
}

function ClientPanel({ client, show, close }: ClientPanelProps): React.JSX.Element {
  const ask = useAsk();
  const run = useRun(KEY);
  const path = { id: client.id };
  const rotate = async (): Promise<void> => {
    if (!(await ask({ title: t.rotateTitle(nameOf(client)), consequence: t.rotateLoses, act: t.rotate }))) return;
    await run(t.rotate, async () => show(await site("POST /footlight/v1/service-accounts/{id}/rotate", { path, body: { oldValidSeconds: OVERLAP_S } })));
  };
  const remove = async (): Promise<void> => {
    if (!(await ask({ title: texts.settings.deleteTitle(nameOf(client)), consequence: t.removeLoses, act: texts.settings.delete }))) return;
    if (await run(texts.settings.delete, () => site("DELETE /footlight/v1/service-accounts/{id}", { path }))) close();
  };
  return (
    <Panel title={nameOf(client)} close={close} busy={false}>
      <div className="row wrap">
        <Act icon={RotateCw} run={() => void rotate()}>{t.rotate}</Act>
        <Act icon={Trash2} danger run={() => void remove()}>{texts.settings.delete}</Act>
      </div>
      <Facts facts={[
        [texts.settings.state, <Sign key="state" state={stateOf(client)} />],
        [t.account, client.accountName],
        [t.made, <Ago key="made" at={client.createdAt} />],
        [t.used, <Ago key="used" at={client.lastUsedAt} />],
        [t.until, client.expiresAt === null ? t.never : new Date(client.expiresAt).toLocaleString()],
        [t.old, client.oldSecretUntil === null ? null : new Date(client.oldSecretUntil).toLocaleString()],
        [t.id, <Id key="id">{client.id}</Id>],
      ]} />
    </Panel>
  );
}

function NewClient({ show, close }: { show: (secret: ServiceAccountSecret) => void; close: () => void }): React.JSX.Element {
  const [name, setName] = useState("");
  const [account, setAccount] = useState<string | null>(null);
  const [days, setDays] = useState<number | string>("");
  const accounts = useQuery({ queryKey: ["accounts"], queryFn: () => site("GET /footlight/v1/accounts") });
  const submit = async (): Promise<void> => {
    const expiresAt = typeof days === "number" ? new Date(Date.now() + days * DAY_MS).toISOString() : null;
    show(await site("POST /footlight/v1/service-accounts", { body: { name, account, expiresAt } }));
  };
  return (
    <FormDialog title={t.make} act={texts.groups.make} submit={submit} close={close} refresh={[KEY]}>
      <Line label={texts.settings.name} required value={name} change={setName} data-autofocus />
      <Select label={t.account} description={t.accountWhy} placeholder={t.mine} clearable searchable value={account} onChange={setAccount}
        data={(accounts.data?.items ?? []).map((one) => ({ value: one.name, label: one.name }))} />
      <NumberInput label={t.days} placeholder={t.never} min={1} max={3650} allowDecimal={false} value={days} onChange={setDays} />
    </FormDialog>
  );
}

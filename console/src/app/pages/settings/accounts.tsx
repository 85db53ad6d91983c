/** Accounts of the site: who can sign in. */

import { Button, Checkbox, PasswordInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { KeyRound, Plus, UsersRound } from "lucide-react";
import { useState } from "react";
import { site } from "../../../api/site";
import type { AccountView } from "../../../api/wire.gen";
import { useRefreshOn } from "../../live/live";
import { useMay } from "../../me";
import { Act } from "../../parts/act";
import { Blank } from "../../parts/blank";
import { Facts } from "../../parts/facts";
import { FormDialog } from "../../parts/form_dialog";
import { Line } from "../../parts/line";
import { Id } from "../../parts/name";
import { Panel } from "../../parts/panel";
import { told } from "../../parts/tell";
import type { Column } from "../../table/columns";
import { List } from "../../table/list";
import { useView } from "../../table/view";
import { useWholeRows } from "../../table/whole_rows";
import { texts } from "../../texts";
import { SettingsTabs } from "./tabs";

const t = texts.settings.accounts;
const KEY = ["accounts"];
const OF_SITE = "site";

const COLUMNS: readonly Column<AccountView>[] = [
  { id: "name", title: texts.settings.account, width: 220, grow: true, text: (row) => row.name, sort: (row) => row.name },
  { id: "person", title: texts.settings.person, width: 200, grow: true, text: (row) => row.displayName, sort: (row) => row.displayName },
  { id: "administrator", title: t.administrator, width: 130, cell: (row) => (row.administrator ? texts.yes : texts.no), sort: (row) => String(row.administrator) },
  { id: "signIn", title: t.signsIn, width: 130, cell: (row) => (row.canSignIn ? texts.yes : texts.no), sort: (row) => String(row.canSignIn) },
  { id: "source", title: t.source, width: 120, cell: (row) => row.source, sort: (row) => row.source },
  { id: "host", title: t.osAccount, width: 150, text: (row) => row.osAccount, sort: (row) => row.osAccount ?? "" },
];

export default function Accounts(): React.JSX.Element {
  const [view, change] = useView();
  const [making, setMaking] = useState(false);
  useRefreshOn(["account"], KEY);
  const found = useQuery({ queryKey: KEY, queryFn: () => site("GET /footlight/v1/accounts") });
  const rows = useWholeRows({ data: found.data?.items, error: found.error, refetch: found.refetch }, view, COLUMNS, (row) => `${row.name} ${row.displayName}`, () => "");
  const open = found.data?.items.find((row) => row.id === view.open);
  return (
    <>
      <SettingsTabs />
      <div className="beside">
        <List name="accounts" label={t.title} columns={COLUMNS} rows={rows} idOf={(row) => row.id} view={view} change={change}
          tools={<Button leftSection={<Plus size={14} aria-hidden />} onClick={() => setMaking(true)}>{t.make}</Button>}
          empty={<Blank icon={UsersRound} title={t.none} />} />
        {open === undefined ? null : <AccountPanel key={open.id} account={open} close={() => change({ open: null })} />}
      </div>
      {making ? <NewAccount close={() => setMaking(false)} /> : null}
    </>
  );
}

function AccountPanel({ account, close }: { account: AccountView; close: () => void }): React.JSX.Element {
  const [setting, setSetting] = useState(false);
  return (
    <Panel title={account.name} close={close} busy={false}>
      <div className="row wrap"><Act icon={KeyRound} allowed={account.source === OF_SITE} run={() => setSetting(true)}>{t.setPassword}</Act></div>
      <Facts facts={[
        [texts.settings.person, account.displayName],
        [t.administrator, account.administrator ? texts.yes : texts.no],
        [t.signsIn, account.canSignIn ? texts.yes : texts.no],
        [t.source, account.source],
        [t.osAccount, account.osAccount],
        [t.id, <Id key="id">{account.id}</Id>],
      ]} />
      {setting ? <Password account={account} close={() => setSetting(false)} /> : null}
    </Panel>
  );
}

function Password({ account, close }: { account: AccountView; close: () => void }): React.JSX.Element {
  const [password, setPassword] = useState("");
  const submit = async (): Promise<void> => {
    await site("POST /footlight/v1/accounts/{id}/password", { path: { id: account.id }, body: { password } });
    told(t.passwordSet(account.name));
  };
  return (
    <FormDialog title={t.setPassword} act={texts.save} submit={submit} close={close} refresh={[KEY]}>
      <p className="soft">{t.setPasswordWhy}</p>
      <PasswordInput label={t.password} required autoComplete="new-password" value={password} onChange={(event) => setPassword(event.currentTarget.value)} data-autofocus />
    </FormDialog>
  );
}

function NewAccount({ close }: { close: () => void }): React.JSX.Element {
  const may = useMay();
  const [name, setName] = useState("");
  const [displayName, setDisplayName] = useState("");
  const [password, setPassword] = useState("");
  const [administrator, setAdministrator] = useState(false);
  const submit = (): Promise<unknown> =>
    site("POST /footlight/v1/accounts", { body: { name, displayName: displayName === "" ? null : displayName, password: password === "" ? null : password, administrator } });
  return (
    <FormDialog title={t.make} act={texts.groups.make} submit={submit} close={close} refresh={[KEY]}>
      <Line label={t.name} required autoComplete="off" value={name} change={setName} data-autofocus />
      <Line label={texts.settings.person} value={displayName} change={setDisplayName} />
      <PasswordInput label={t.password} description={t.passwordWhy} autoComplete="new-password" value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
      {may("Admin_Manage") ? <Checkbox label={t.makeAdministrator} checked={administrator} onChange={(event) => setAdministrator(event.currentTarget.checked)} /> : null}
    </FormDialog>
  );
}

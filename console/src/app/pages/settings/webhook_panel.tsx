/** One webhook: how its deliveries go, and what can be done to it. */

import { useQuery } from "@tanstack/react-query";
import { Pencil, Power, RotateCw, Send, Trash2 } from "lucide-react";
import { useState } from "react";
import { site } from "../../../api/site";
import type { WebhookView } from "../../../api/wire.gen";
import { Act } from "../../parts/act";
import { useAsk } from "../../parts/ask";
import { Facts } from "../../parts/facts";
import { errorText } from "../../parts/failure";
import { Id } from "../../parts/name";
import { Bones, Panel } from "../../parts/panel";
import { Sign } from "../../parts/sign";
import { useRun } from "../../parts/use_run";
import { Ago } from "../../parts/when";
import { texts } from "../../texts";
import { WebhookForm } from "./webhook_form";
import { stateOf, WEBHOOKS } from "./webhook_state";

const t = texts.settings.webhooks;
const OVERLAP_HOURS = 24;

interface WebhookPanelProps {
  webhook: WebhookView;
  show: (secret: string) => void;
  close: () => void;
}

export function WebhookPanel({ webhook, show, close }: WebhookPanelProps): React.JSX.Element {
  const [editing, setEditing] = useState(false);
  return (
    <Panel title={webhook.description === "" ? t.one : webhook.description} close={close} busy={false}>
      <WebhookActs webhook={webhook} show={show} close={close} edit={() => setEditing(true)} />
      <Facts facts={[
        [texts.settings.state, <Sign key="state" state={stateOf(webhook)} />],
        [t.stopped, webhook.stoppedReason],
        [t.url, <span key="url" className="mono">{webhook.url}</span>],
        [t.events, webhook.events.length === 0 ? t.all : webhook.events.join(", ")],
        [t.delivered, <Ago key="delivered" at={webhook.deliveredAt} />],
        [t.failures, webhook.failures === 0 ? null : webhook.failures],
        [t.next, webhook.nextAttemptAt === null ? null : new Date(webhook.nextAttemptAt).toLocaleString()],
        [t.oldSecret, webhook.previousSecretUntil === null ? null : new Date(webhook.previousSecretUntil).toLocaleString()],
        [texts.groups.id, <Id key="id">{webhook.id}</Id>],
      ]} />
      <Deliveries id={webhook.id} />
      {editing ? <WebhookForm webhook={webhook} show={show} close={() => setEditing(false)} /> : null}
    </Panel>
  );
}

function WebhookActs({ webhook, show, close, edit }: WebhookPanelProps & { edit: () => void }): React.JSX.Element {
  const ask = useAsk();
  const run = useRun(WEBHOOKS);
  const path = { id: webhook.id };
  const test = (): void => void run(t.test, () => site("POST /footlight/v1/webhooks/{id}/test", { path }));
  const turn = (): void => void run(texts.settings.state, () => site("PATCH /footlight/v1/webhooks/{id}", { path, body: { enabled: !webhook.enabled } }));
  const renew = async (): Promise<void> => {
    if (!(await ask({ title: t.renewTitle, consequence: t.renewLoses, act: t.renew }))) return;
    await run(t.renew, async () => show((await site("POST /footlight/v1/webhooks/{id}/secret", { path, body: { overlapHours: OVERLAP_HOURS } })).secret));
  };
  const remove = async (): Promise<void> => {
    if (!(await ask({ title: texts.settings.deleteTitle(webhook.url), consequence: t.removeLoses, act: texts.settings.delete }))) return;
    if (await run(texts.settings.delete, () => site("DELETE /footlight/v1/webhooks/{id}", { path }))) close();
  };
  return (
    <div className="row wrap">
      <Act icon={Send} run={test}>{t.test}</Act>
      <Act icon={Pencil} run={edit}>{texts.edit}</Act>
      <Act icon={Power} run={turn}>{webhook.enabled ? texts.groups.disable : texts.groups.enable}</Act>
      <Act icon={RotateCw} run={() => void renew()}>{t.renew}</Act>
      <Act icon={Trash2} danger run={() => void remove()}>{texts.settings.delete}</Act>
    </div>
  );
}

function Deliveries({ id }: { id: string }): React.JSX.Element {
  const found = useQuery({ queryKey: [...WEBHOOKS, id, "deliveries"], queryFn: () => site("GET /footlight/v1/webhooks/{id}/deliveries", { path: { id } }) });
  const items = found.data?.items ?? [];
  return (
    <section className="stack tight">
      <h3>{t.deliveries}</h3>
      {found.isPending ? <Bones lines={3} /> : null}
      {found.isError ? <p role="alert" className="tone-bad">{errorText(found.error)}</p> : null}
      {found.isSuccess && items.length === 0 ? <p className="soft">{t.noDeliveries}</p> : null}
      {items.length === 0 ? null : (
        <table className="plain-table">
          <thead><tr><th>{texts.settings.state}</th><th>{t.event}</th><th className="right">{t.at}</th></tr></thead>
          <tbody>
            {items.map((one) => (
              <tr key={one.id} title={one.error ?? ""}>
                <td><Sign state={one.delivered ? "completed" : "failed"} />{one.status === null ? null : <span className="num soft"> {one.status}</span>}</td>
                <td>{one.event}</td>
                <td className="right"><Ago at={one.at} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

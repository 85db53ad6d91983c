/** One policy beside the list. */

import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Pencil, Power, Trash2 } from "lucide-react";
import { useState } from "react";
import { site } from "../../../api/site";
import type { PolicyView } from "../../../api/wire.gen";
import { exactly } from "../../../parts/words";
import { useAsk } from "../../parts/ask";
import { Facts } from "../../parts/facts";
import { Id } from "../../parts/name";
import { Panel } from "../../parts/panel";
import { Sign } from "../../parts/sign";
import { attempt } from "../../parts/tell";
import { texts } from "../../texts";
import { PolicyForm } from "./policy_form";
import { POLICIES } from "./use_policies";
import { conditionLines, outcomeLines } from "./words";

const t = texts.policies;

export function PolicyPanel({ policy, close }: { policy: PolicyView; close: () => void }): React.JSX.Element {
  const ask = useAsk();
  const client = useQueryClient();
  const [editing, setEditing] = useState(false);
  const path = { id: policy.id };
  const run = async (what: string, todo: () => Promise<unknown>): Promise<boolean> => {
    const done = await attempt(what, todo);
    await client.invalidateQueries({ queryKey: POLICIES });
    return done;
  };
  const remove = async (): Promise<void> => {
    if (!(await ask({ title: t.removeTitle(policy.name), consequence: t.removeLoses, act: t.remove }))) return;
    if (await run(t.remove, () => site("DELETE /footlight/v1/recording-policies/{id}", { path }))) close();
  };
  const lines = conditionLines(policy.conditions);
  return (
    <Panel title={policy.name} close={close} busy={false}>
      <div className="row wrap">
        <Button variant="default" leftSection={<Pencil size={14} aria-hidden />} onClick={() => setEditing(true)}>{t.edit}</Button>
        <Button variant="default" leftSection={<Power size={14} aria-hidden />}
          onClick={() => void run(t.state, () => site("PATCH /footlight/v1/recording-policies/{id}", { path, body: { enabled: !policy.enabled } }))}>
          {policy.enabled ? texts.groups.disable : texts.groups.enable}
        </Button>
        <Button variant="light" color="red" leftSection={<Trash2 size={14} aria-hidden />} onClick={() => void remove()}>{t.remove}</Button>
      </div>
      <p>{policy.description}</p>
      <h3>{t.about_}</h3>
      <ul className="plain-list">{lines.length === 0 ? <li>{t.everySession}</li> : lines.map((line) => <li key={line}>{line}</li>)}</ul>
      <h3>{t.then}</h3>
      <ul className="plain-list">{outcomeLines(policy.then).map((line) => <li key={line}>{line}</li>)}</ul>
      <Facts facts={[
        [t.state, <Sign key="state" state={policy.enabled ? "enabled" : "disabled"} />],
        [t.position, policy.position],
        [t.created, exactly(policy.createdAt)],
        [t.changed, exactly(policy.changedAt)],
        [t.id, <Id key="id">{policy.id}</Id>],
      ]} />
      {editing ? <PolicyForm of={policy} close={() => setEditing(false)} /> : null}
    </Panel>
  );
}

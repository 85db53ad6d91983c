/** Who may use what a delivery group has. */

import { Checkbox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { site } from "../../../api/site";
import type { AccessPolicy } from "../../../api/wire.gen";
import { FormDialog } from "../../parts/form_dialog";
import { Reading } from "../../parts/reading";
import { texts } from "../../texts";
import { type Rule, RuleFields, ruledBy, ruleOf } from "./rule";

const t = texts.groups;

interface GroupPeopleProps {
  id: string;
  close: () => void;
}

export function GroupPeople({ id, close }: GroupPeopleProps): React.JSX.Element {
  const found = useQuery({ queryKey: ["groups", id, "people"], queryFn: () => site("GET /cvad/manage/DeliveryGroups/{nameOrId}", { path: { nameOrId: id } }) });
  const policy = found.data?.SimpleAccessPolicy ?? null;
  if (policy === null) return <Reading title={t.people} error={found.error} close={close} />;
  return <Form id={id} close={close} policy={policy} />;
}

function Form({ id, close, policy }: GroupPeopleProps & { policy: AccessPolicy }): React.JSX.Element {
  const [rule, setRule] = useState<Rule>(() => ruleOf(policy));
  const [anonymous, setAnonymous] = useState(policy.AllowAnonymous);
  const submit = (): Promise<unknown> =>
    site("PATCH /cvad/manage/DeliveryGroups/{nameOrId}", { path: { nameOrId: id }, body: { SimpleAccessPolicy: { ...ruledBy(rule), AllowAnonymous: anonymous } } });
  return (
    <FormDialog title={t.people} act={texts.save} submit={submit} close={close} refresh={[["groups"]]}>
      <p className="soft">{t.peopleWhy}</p>
      <RuleFields rule={rule} change={setRule} />
      <Checkbox label={t.anonymous} checked={anonymous} onChange={(event) => setAnonymous(event.currentTarget.checked)} />
    </FormDialog>
  );
}

/** Makes a policy, or changes one. */

import { Checkbox, TagsInput, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { site } from "../../../api/site";
import type { PolicyConditions, PolicyOutcome, PolicyView } from "../../../api/wire.gen";
import { FormDialog } from "../../parts/form_dialog";
import { texts } from "../../texts";
import { OutcomeFields } from "./outcome_fields";
import { TimesFields } from "./times_fields";
import { POLICIES } from "./use_policies";
import { LISTS } from "./words";

const t = texts.policies;

/** What was pasted at once is several values as well. */
const parted = (values: readonly string[]): string[] => values.flatMap((one) => one.split(",")).map((one) => one.trim()).filter((one) => one !== "");

export function PolicyForm({ of, close }: { of: PolicyView | null; close: () => void }): React.JSX.Element {
  const client = useQueryClient();
  const [name, setName] = useState(of?.name ?? "");
  const [description, setDescription] = useState(of?.description ?? "");
  const [enabled, setEnabled] = useState(of?.enabled ?? true);
  const [conditions, setConditions] = useState<PolicyConditions>(of?.conditions ?? {});
  const [then, setThen] = useState<PolicyOutcome>(of?.then ?? { record: "screen" });
  const submit = async (): Promise<void> => {
    const body = { name, description, enabled, conditions, then };
    if (of === null) await site("POST /footlight/v1/recording-policies", { body });
    else await site("PATCH /footlight/v1/recording-policies/{id}", { path: { id: of.id }, body });
    await client.invalidateQueries({ queryKey: POLICIES });
  };
  return (
    <FormDialog size="lg" title={of === null ? t.add : t.editOne(of.name)} act={of === null ? t.addAct : t.save} submit={submit} close={close}>
      <TextInput label={t.name} required value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
      <TextInput label={t.description} value={description} onChange={(event) => setDescription(event.currentTarget.value)} />
      <Checkbox label={t.enabled} checked={enabled} onChange={(event) => setEnabled(event.currentTarget.checked)} />
      <fieldset className="fieldset">
        <legend>{t.about_}</legend>
        <p className="soft">{t.conditionsWhy}</p>
        {LISTS.map((list) => (
          <TagsInput key={list} label={t.conditions[list]} description={t.conditionHow[list]} acceptValueOnBlur splitChars={[","]}
            value={conditions[list] ?? []} onChange={(values) => setConditions({ ...conditions, [list]: parted(values) })} />
        ))}
        <TimesFields times={conditions.times ?? []} set={(times) => setConditions({ ...conditions, times })} />
      </fieldset>
      <OutcomeFields then={then} set={setThen} />
    </FormDialog>
  );
}

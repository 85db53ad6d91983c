/** A new application, or all that an administrator sets of one. */

import { Checkbox, MultiSelect, NumberInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { site } from "../../../api/site";
import type { ApplicationDetailSelection, ApplicationRequest, ApplicationSelection } from "../../../api/wire.gen";
import { useChoices } from "../../choices";
import { FormDialog } from "../../parts/form_dialog";
import { Line } from "../../parts/line";
import { Reading } from "../../parts/reading";
import { texts } from "../../texts";
import { OPEN, type Rule, RuleFields, ruledBy, ruleOf } from "./rule";
import { wholeOf } from "./spans";

const t = texts.groups;

interface ApplicationFormProps {
  application?: ApplicationSelection;
  close: () => void;
}

export function ApplicationForm({ application, close }: ApplicationFormProps): React.JSX.Element {
  const id = application?.Id ?? "";
  const found = useQuery({
    queryKey: ["applications", id, "whole"],
    queryFn: () => site("GET /cvad/manage/Applications/{nameOrId}", { path: { nameOrId: id } }),
    enabled: application !== undefined,
  });
  if (application === undefined) return <Form before={null} close={close} />;
  if (found.data === undefined) return <Reading title={t.edit(application.Name ?? "")} error={found.error} close={close} />;
  return <Form before={found.data} close={close} />;
}

function Form({ before, close }: { before: ApplicationDetailSelection | null; close: () => void }): React.JSX.Element {
  const runs = before?.InstalledAppProperties ?? null;
  const held = before?.AssociatedDeliveryGroupUuids ?? [];
  const [name, setName] = useState(before?.Name ?? "");
  const [shown, setShown] = useState(before?.PublishedName ?? "");
  const [description, setDescription] = useState(before?.Description ?? "");
  const [program, setProgram] = useState(runs?.CommandLineExecutable ?? "");
  const [given, setGiven] = useState(runs?.CommandLineArguments ?? "");
  const [folder, setFolder] = useState(runs?.WorkingDirectory ?? "");
  const [groups, setGroups] = useState<string[]>(held);
  const [most, setMost] = useState(before?.MaxTotalInstances ?? 0);
  const [visible, setVisible] = useState(before?.Visible ?? true);
  const [rule, setRule] = useState<Rule>(() => (before === null ? OPEN : ruleOf(before)));
  const choices = useChoices("groups");
  const submit = async (): Promise<void> => {
    const { IncludedUserFilterEnabled, IncludedUsers } = ruledBy(rule);
    const body: ApplicationRequest = {
      Name: name, PublishedName: shown === "" ? name : shown, Description: description, Visible: visible, MaxTotalInstances: most,
      InstalledAppProperties: { CommandLineExecutable: program, CommandLineArguments: given, WorkingDirectory: folder },
      IncludedUserFilterEnabled, IncludedUsers,
    };
    const within = groups.map((Item) => ({ Item }));
    if (before === null) await site("POST /cvad/manage/Applications", { body: { NewApplications: [{ ...body, ApplicationType: "HostedOnDesktop" }], DeliveryGroups: within } });
    else await site("PATCH /cvad/manage/Applications/{nameOrId}", { path: { nameOrId: before.Id ?? "" }, body: same(groups, held) ? body : { ...body, DeliveryGroups: within } });
  };
  return (
    <FormDialog title={before === null ? t.makeApplication : t.edit(before.Name ?? "")} act={before === null ? t.make : texts.save} submit={submit} close={close} refresh={[["applications"], ["groups"]]}>
      <Line label={t.name} required value={name} change={setName} data-autofocus />
      <Line label={t.publishedName} placeholder={name} value={shown} change={setShown} />
      <Line label={t.program} required placeholder="/usr/bin/xterm" value={program} change={setProgram} />
      <Line label={t.given} value={given} change={setGiven} />
      <Line label={t.workingFolder} value={folder} change={setFolder} />
      <Line label={t.description} value={description} change={setDescription} />
      <MultiSelect label={t.groups} required searchable data={choices} value={groups} onChange={setGroups} />
      <RuleFields rule={rule} change={setRule} excludes={false} />
      <NumberInput label={t.most} description={t.mostWhy} min={0} allowDecimal={false} value={most} onChange={(value) => setMost(wholeOf(value) ?? 0)} />
      <Checkbox label={t.visible} checked={visible} onChange={(event) => setVisible(event.currentTarget.checked)} />
    </FormDialog>
  );
}

/** The groups, with the priorities that they have, are left alone unless they are others. */
const same = (one: readonly string[], other: readonly string[]): boolean => one.length === other.length && one.every((id) => other.includes(id));

/** How sessions of a delivery group are: where they start, how long they last, what goes in and out of them. */

import { Checkbox, NumberInput, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { site } from "../../../api/site";
import type { AccessRulesView, PlacementRules, SessionLimits } from "../../../api/wire.gen";
import { FormDialog } from "../../parts/form_dialog";
import { Reading } from "../../parts/reading";
import { texts } from "../../texts";
import { minutesOf, secondsOf, wholeOf } from "./spans";

const t = texts.groups.rules;
const WAYS = ["both", "in", "out", "off"] as const;

interface Rules {
  access: AccessRulesView;
  limits: SessionLimits;
  placement: PlacementRules;
}

interface GroupRulesProps {
  id: string;
  close: () => void;
}

export function GroupRules({ id, close }: GroupRulesProps): React.JSX.Element {
  const path = { nameOrId: id };
  const found = useQuery<Rules>({
    queryKey: ["groups", id, "rules"],
    queryFn: async () => {
      const [access, limits, placement] = await Promise.all([
        site("GET /footlight/v1/delivery-groups/{nameOrId}/access", { path }),
        site("GET /footlight/v1/delivery-groups/{nameOrId}/session-limits", { path }),
        site("GET /footlight/v1/delivery-groups/{nameOrId}/placement", { path }),
      ]);
      return { access, limits, placement };
    },
  });
  if (found.data === undefined) return <Reading title={t.title} error={found.error} close={close} />;
  return <Form id={id} close={close} before={found.data} />;
}

function Form({ id, close, before }: GroupRulesProps & { before: Rules }): React.JSX.Element {
  const [access, setAccess] = useState(before.access);
  const [limits, setLimits] = useState(before.limits);
  const [placement, setPlacement] = useState(before.placement);
  const path = { nameOrId: id };
  const submit = async (): Promise<void> => {
    await site("PATCH /footlight/v1/delivery-groups/{nameOrId}/access", { path, body: access });
    await site("PUT /footlight/v1/delivery-groups/{nameOrId}/session-limits", { path, body: limits });
    await site("PUT /footlight/v1/delivery-groups/{nameOrId}/placement", { path, body: placement });
  };
  const ways = (member: "clipboard" | "files"): React.JSX.Element => (
    <Select label={t[member]} allowDeselect={false} value={access[member]} data={WAYS.map((value) => ({ value, label: t.ways[value] }))}
      onChange={(value) => setAccess({ ...access, [member]: WAYS.find((way) => way === value) ?? access[member] })} />
  );
  const minutes = (member: "idleSeconds" | "disconnectedSeconds" | "totalSeconds"): React.JSX.Element => (
    <NumberInput label={t[member]} placeholder={t.never} min={1} suffix={t.minutes} value={minutesOf(limits[member])} onChange={(value) => setLimits({ ...limits, [member]: secondsOf(value) })} />
  );
  const most = (member: "maxSessions" | "maxSessionsPerUser"): React.JSX.Element => (
    <NumberInput label={t[member]} placeholder={t.noLimit} min={1} allowDecimal={false} value={placement[member] ?? ""} onChange={(value) => setPlacement({ ...placement, [member]: wholeOf(value) })} />
  );
  return (
    <FormDialog title={t.title} act={texts.save} submit={submit} close={close} refresh={[["groups"]]}>
      {ways("clipboard")}
      {ways("files")}
      <Checkbox label={t.askBeforeShadowing} checked={access.askBeforeShadowing} onChange={(event) => setAccess({ ...access, askBeforeShadowing: event.currentTarget.checked })} />
      {minutes("idleSeconds")}
      {minutes("disconnectedSeconds")}
      {minutes("totalSeconds")}
      {most("maxSessions")}
      {most("maxSessionsPerUser")}
    </FormDialog>
  );
}

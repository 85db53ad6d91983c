/** What a policy wants of the sessions that it decides on. */

import { Checkbox, NumberInput, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { site } from "../../../api/site";
import type { PolicyOutcome } from "../../../api/wire.gen";
import { texts } from "../../texts";

const t = texts.policies;
const RECORD = ["screen", "events", "no"] as const;
const LOST = ["go-on", "cover", "end"] as const;
const MB = 1_000_000;
const KB = 1000;

interface OutcomeFieldsProps {
  then: PolicyOutcome;
  set: (then: PolicyOutcome) => void;
}

export function OutcomeFields({ then, set }: OutcomeFieldsProps): React.JSX.Element {
  const classes = useQuery({ queryKey: ["retention", "classes"], queryFn: () => site("GET /footlight/v1/retention-classes") });
  const put = (part: Partial<PolicyOutcome>): void => set({ ...then, ...part });
  const ticked = (event: React.ChangeEvent<HTMLInputElement>): boolean => event.currentTarget.checked;
  return (
    <fieldset className="fieldset">
      <legend>{t.then}</legend>
      <Select label={t.record} allowDeselect={false} data={RECORD.map((value) => ({ value, label: t.records[value] }))} value={then.record}
        onChange={(value) => put({ record: RECORD.find((one) => one === value) ?? "screen" })} />
      <NumberInput label={t.preRoll} description={t.preRollWhy} min={0} max={600} allowDecimal={false} value={then.preRollSeconds ?? 0}
        onChange={(value) => put({ preRollSeconds: Number(value) })} />
      {then.record === "no" ? null : (
        <>
          <Checkbox label={t.notify} checked={then.notify ?? true} onChange={(event) => put({ notify: ticked(event) })} />
          <Checkbox label={t.stopAllowed} checked={then.stopAllowed ?? false} onChange={(event) => put({ stopAllowed: ticked(event) })} />
          <Checkbox label={t.clipboardText} checked={then.clipboardText ?? false} onChange={(event) => put({ clipboardText: ticked(event) })} />
          <Checkbox label={t.arguments} checked={then.arguments ?? true} onChange={(event) => put({ arguments: ticked(event) })} />
          <Select label={t.ifLost} allowDeselect={false} data={LOST.map((value) => ({ value, label: t.lost[value] }))} value={then.ifLost ?? "go-on"}
            onChange={(value) => put({ ifLost: LOST.find((one) => one === value) ?? "go-on" })} />
          <Select label={t.retention} clearable placeholder={t.usualRetention} data={classes.data?.items.map((one) => one.name) ?? []} value={then.retentionClass ?? null}
            onChange={(retentionClass) => put({ retentionClass })} />
          <div className="pair">
            <Scaled label={t.rollOverBytes} unit={MB} value={then.rollOverBytes ?? null} set={(rollOverBytes) => put({ rollOverBytes })} />
            <Scaled label={t.rollOverSeconds} unit={60} value={then.rollOverSeconds ?? null} set={(rollOverSeconds) => put({ rollOverSeconds })} />
            <Scaled label={t.bytesPerSecond} unit={KB} value={then.bytesPerSecond ?? null} set={(bytesPerSecond) => put({ bytesPerSecond })} />
          </div>
        </>
      )}
    </fieldset>
  );
}

interface ScaledProps {
  label: string;
  /** How much of what the site counts is one here. */
  unit: number;
  value: number | null;
  set: (value: number | null) => void;
}

function Scaled({ label, unit, value, set }: ScaledProps): React.JSX.Element {
  return (
    <NumberInput label={label} placeholder={t.noLimit} min={0} value={value === null ? "" : value / unit}
      onChange={(typed) => set(typed === "" ? null : Math.round(Number(typed) * unit))} />
  );
}

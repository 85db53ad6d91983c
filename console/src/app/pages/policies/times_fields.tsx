/** When in the week a policy holds. */

import { Button, Chip, TextInput } from "@mantine/core";
import { Plus, X } from "lucide-react";
import type { PolicyTimes } from "../../../api/wire.gen";
import { texts } from "../../texts";

const t = texts.policies.times;
const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

interface TimesFieldsProps {
  times: readonly PolicyTimes[];
  set: (times: PolicyTimes[]) => void;
}

export function TimesFields({ times, set }: TimesFieldsProps): React.JSX.Element {
  const change = (place: number, part: Partial<PolicyTimes>): void => set(times.map((one, at) => (at === place ? { ...one, ...part } : one)));
  const add = (): void => set([...times, { days: DAYS.slice(0, 5), start: "08:00", end: "18:00", timeZone: zone() }]);
  return (
    <div className="stack tight">
      {times.map((one, place) => (
        <fieldset className="fieldset" key={place}>
          <legend>{t.one(place + 1)}</legend>
          <Chip.Group multiple value={one.days ?? []} onChange={(days) => change(place, { days })}>
            <div className="row wrap">{DAYS.map((day) => <Chip key={day} size="xs" value={day}>{t.days[day]}</Chip>)}</div>
          </Chip.Group>
          <div className="row wrap">
            <TextInput w={90} label={t.start} placeholder="08:00" pattern="[0-2][0-9]:[0-5][0-9]" value={one.start ?? ""} onChange={(event) => change(place, { start: event.currentTarget.value })} />
            <TextInput w={90} label={t.end} placeholder="18:00" pattern="[0-2][0-9]:[0-5][0-9]" value={one.end ?? ""} onChange={(event) => change(place, { end: event.currentTarget.value })} />
            <TextInput label={t.zone} value={one.timeZone ?? ""} onChange={(event) => change(place, { timeZone: event.currentTarget.value })} />
            <Button variant="subtle" leftSection={<X size={13} aria-hidden />} onClick={() => set(times.filter((_, at) => at !== place))}>{t.drop}</Button>
          </div>
        </fieldset>
      ))}
      <div><Button variant="default" leftSection={<Plus size={13} aria-hidden />} onClick={add}>{t.add}</Button></div>
    </div>
  );
}

/** What would be deleted: now, at another day, or were recordings kept for another time. Nothing is. */

import { NumberInput, Select, TextInput } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { site } from "../../../api/site";
import type { RetentionTrial } from "../../../api/wire.gen";
import { bytesText } from "../../../parts/words";
import { Failure } from "../../parts/failure";
import { bare } from "../../parts/name";
import { Bones } from "../../parts/panel";
import { Sign } from "../../parts/sign";
import { Ago } from "../../parts/when";
import { texts } from "../../texts";

const t = texts.retention.preview;

export function RetentionPreview({ classes }: { classes: readonly string[] }): React.JSX.Element {
  const [day, setDay] = useState("");
  const [of, setOf] = useState<string | null>(null);
  const [days, setDays] = useState<number | string>("");
  const trial: RetentionTrial = {
    ...(day === "" ? {} : { at: new Date(day).toISOString() }),
    ...(of === null ? {} : { retentionClass: of }),
    ...(days === "" ? {} : { keepDays: Number(days) }),
  };
  const found = useQuery({
    queryKey: ["retention", "preview", trial],
    queryFn: () => site("POST /footlight/v1/recordings/retention/preview", { body: trial }),
    placeholderData: keepPreviousData,
  });
  const { data } = found;
  return (
    <section className="card stack tight" aria-label={t.title}>
      <h2>{t.title}</h2>
      <div className="row wrap">
        <TextInput type="date" label={t.day} value={day} onChange={(event) => setDay(event.currentTarget.value)} />
        <Select label={t.of} clearable placeholder={t.all} data={[...classes]} value={of} onChange={setOf} />
        <NumberInput label={t.keep} placeholder={t.asIs} min={0} max={36_500} allowDecimal={false} value={days} onChange={setDays} />
      </div>
      {found.isPending ? <Bones lines={3} /> : null}
      {found.isError ? <Failure error={found.error} again={() => void found.refetch()} /> : null}
      {data === undefined ? null : (
        <div className="stack tight">
          <p role="status"><strong>{t.would(data.recordings, bytesText(data.sizeBytes))}</strong> {data.heldRecordings === 0 ? "" : t.held(data.heldRecordings, bytesText(data.heldSizeBytes))}</p>
          {data.items.length === 0 ? null : (
            <table className="plain-table">
              <thead><tr><th>{t.user}</th><th>{t.machine}</th><th>{t.of}</th><th>{t.ended}</th><th className="right">{t.size}</th><th>{t.hold}</th></tr></thead>
              <tbody>
                {data.items.map((one) => (
                  <tr key={one.id}>
                    <td><a href={`/console/recordings?open=${one.id}`}>{bare(one.userName)}</a></td>
                    <td>{bare(one.machineName)}</td>
                    <td>{one.retentionClass}</td>
                    <td><Ago at={one.endedAt} /></td>
                    <td className="right num">{bytesText(one.sizeBytes)}</td>
                    <td>{one.held ? <Sign state="held" /> : null}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </div>
      )}
    </section>
  );
}

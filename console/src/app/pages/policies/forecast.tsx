/** How much recordings take: by policy for what runs now, by what was recorded. */

import { Select } from "@mantine/core";
import { useSearchParams } from "wouter";
import { bytesText } from "../../../parts/words";
import { Failure } from "../../parts/failure";
import { Bones } from "../../parts/panel";
import { texts } from "../../texts";
import { PolicyTabs } from "./tabs";
import { useForecast } from "./use_policies";
import "./policies.css";

const t = texts.policies.forecast;
const DAYS = ["7", "30", "90"] as const;
const HOURS_A_DAY = 24;

const size = (bytes: number | null): string => (bytes === null ? t.unknown : bytesText(bytes));

export default function Forecast(): React.JSX.Element {
  const [query, setQuery] = useSearchParams();
  const days = DAYS.find((one) => one === query.get("days")) ?? DAYS[1];
  const found = useForecast(Number(days));
  const { data } = found;
  return (
    <>
      <PolicyTabs />
      <div className="row">
        <p className="grow">{data === undefined ? "" : data.bytesPerHour === null ? t.tooLittle : t.rests(bytesText(data.bytesPerHour), data.recordings, data.hours.toFixed(1), data.days)}</p>
        <Select w={150} size="xs" aria-label={t.span} allowDeselect={false} value={days} data={DAYS.map((value) => ({ value, label: texts.log.days(Number(value)) }))}
          onChange={(value) => setQuery((now) => { now.set("days", value ?? days); return now; })} />
      </div>
      {found.isPending ? <div className="card"><Bones lines={4} /></div> : null}
      {found.isError ? <Failure error={found.error} again={() => void found.refetch()} /> : null}
      {data === undefined ? null : (
        <div className="cards halves">
          <section className="card">
            <h2>{t.policies}</h2>
            {data.policies.length === 0 ? <p className="soft">{t.noPolicies}</p> : (
              <table className="plain-table">
                <thead><tr><th>{t.policy}</th><th className="right">{t.sessions}</th><th className="right">{t.hour}</th><th className="right">{t.day}</th></tr></thead>
                <tbody>
                  {data.policies.map((one) => (
                    <tr key={one.id}>
                      <td>{one.name}</td>
                      <td className="right num">{one.sessions}</td>
                      <td className="right num">{size(one.bytesPerHour)}</td>
                      <td className="right num">{size(one.bytesPerHour === null ? null : one.bytesPerHour * HOURS_A_DAY)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </section>
          <section className="card">
            <h2>{t.resources}</h2>
            {data.resources.length === 0 ? <p className="soft">{t.tooLittle}</p> : (
              <table className="plain-table">
                <thead><tr><th>{t.resource}</th><th className="right">{t.recordings}</th><th className="right">{t.hours}</th><th className="right">{t.hour}</th></tr></thead>
                <tbody>
                  {data.resources.map((one) => (
                    <tr key={one.resourceName}>
                      <td>{one.resourceName}</td>
                      <td className="right num">{one.recordings}</td>
                      <td className="right num">{one.hours.toFixed(1)}</td>
                      <td className="right num">{size(one.bytesPerHour)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </section>
        </div>
      )}
    </>
  );
}

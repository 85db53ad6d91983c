/** The members that an operation changed, before and after. */

import { useQuery } from "@tanstack/react-query";
import { site } from "../../../api/site";
import { errorText } from "../../parts/failure";
import { Bones } from "../../parts/panel";
import { texts } from "../../texts";

const t = texts.log;

export function LogChanges({ id }: { id: string }): React.JSX.Element | null {
  const found = useQuery({
    queryKey: ["log", "changes", id],
    queryFn: () => site("GET /cvad/manage/ConfigLog/Operations/{id}/LowLevelOperations", { path: { id }, query: { limit: 250 } }),
    staleTime: Infinity,
  });
  if (found.isPending) return <Bones lines={2} />;
  if (found.isError) return <p role="alert" className="soft">{errorText(found.error)}</p>;
  const changes = found.data.Items.flatMap((one) => one.Details).filter((one) => (one.PropertyName ?? "") !== "");
  if (changes.length === 0) return null;
  return (
    <section className="stack tight">
      <h3>{t.changes}</h3>
      <table className="plain-table wrap">
        <thead><tr><th>{t.property}</th><th>{t.before}</th><th>{t.after}</th></tr></thead>
        <tbody>
          {changes.map((one) => (
            <tr key={`${one.TargetUid} ${one.PropertyName ?? ""}`}>
              <td>{one.PropertyName}</td>
              <td className="soft">{one.PreviousValue ?? one.RemoveValue ?? "–"}</td>
              <td>{one.NewValue ?? one.AddValue ?? "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

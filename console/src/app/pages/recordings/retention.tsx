/** How long recordings are kept, and what would be deleted when. */

import { Button, Checkbox, NumberInput, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Archive, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { site } from "../../../api/site";
import type { RetentionClassView } from "../../../api/wire.gen";
import { useRefreshOn } from "../../live/live";
import { useMay, useMayEverywhere } from "../../me";
import { useAsk } from "../../parts/ask";
import { Blank } from "../../parts/blank";
import { Failure } from "../../parts/failure";
import { FormDialog } from "../../parts/form_dialog";
import { Bones } from "../../parts/panel";
import { attempt } from "../../parts/tell";
import { texts } from "../../texts";
import { RetentionPreview } from "./retention_preview";
import { RecordingTabs } from "./tabs";

const t = texts.retention;
export const CLASSES = ["retention", "classes"] as const;

export default function Retention(): React.JSX.Element {
  const may = useMay();
  const ask = useAsk();
  const client = useQueryClient();
  const [editing, setEditing] = useState<RetentionClassView | "new" | null>(null);
  useRefreshOn(["recording"], ["retention"]);
  const found = useQuery({ queryKey: CLASSES, queryFn: () => site("GET /footlight/v1/retention-classes") });
  const keeps = useMayEverywhere()("Recording_ManagePolicy");
  const remove = async (one: RetentionClassView): Promise<void> => {
    if (!(await ask({ title: t.removeTitle(one.name), consequence: t.removeLoses, act: t.remove }))) return;
    await attempt(t.remove, () => site("DELETE /footlight/v1/retention-classes/{name}", { path: { name: one.name } }));
    await client.invalidateQueries({ queryKey: CLASSES });
  };
  const items = found.data?.items ?? [];
  return (
    <>
      <RecordingTabs />
      <div className="scroll stack">
        <section className="card stack tight">
          <div className="row">
            <h2 className="grow">{t.classes}</h2>
            {keeps ? <Button leftSection={<Plus size={14} aria-hidden />} onClick={() => setEditing("new")}>{t.add}</Button> : null}
          </div>
          <p className="soft">{t.about}</p>
          {found.isPending ? <Bones lines={3} /> : null}
          {found.isError ? <Failure error={found.error} again={() => void found.refetch()} /> : null}
          {found.data !== undefined && items.length === 0 ? <Blank icon={Archive} title={t.none} /> : null}
          {items.length === 0 ? null : (
            <table className="plain-table">
              <thead><tr><th>{t.name}</th><th className="right">{t.keep}</th><th>{t.usual}</th><th>{t.description}</th><th><span className="unseen">{t.change}</span></th></tr></thead>
              <tbody>
                {items.map((one) => (
                  <tr key={one.name}>
                    <td>{one.name}</td>
                    <td className="right num">{one.keepDays === null ? t.forEver : t.days(one.keepDays)}</td>
                    <td>{one.isDefault ? texts.yes : ""}</td>
                    <td>{one.description}</td>
                    <td className="right">
                      {keeps ? (
                        <Button.Group style={{ justifyContent: "flex-end" }}>
                          <Button variant="default" size="compact-xs" leftSection={<Pencil size={12} aria-hidden />} aria-label={t.changeOne(one.name)} onClick={() => setEditing(one)}>{t.change}</Button>
                          <Button variant="default" size="compact-xs" disabled={one.isDefault} aria-label={t.removeOne(one.name)} onClick={() => void remove(one)}><Trash2 size={12} aria-hidden /></Button>
                        </Button.Group>
                      ) : null}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </section>
        {may("Recording_DeleteAndHold") ? <RetentionPreview classes={items.map((one) => one.name)} /> : null}
      </div>
      {editing === null ? null : <ClassDialog of={editing === "new" ? null : editing} close={() => setEditing(null)} />}
    </>
  );
}

/** Makes a class, or changes one. */
function ClassDialog({ of, close }: { of: RetentionClassView | null; close: () => void }): React.JSX.Element {
  const client = useQueryClient();
  const [name, setName] = useState(of?.name ?? "");
  const [description, setDescription] = useState(of?.description ?? "");
  const [days, setDays] = useState<number | string>(of === null ? 90 : (of.keepDays ?? ""));
  const [usual, setUsual] = useState(of?.isDefault ?? false);
  const submit = async (): Promise<void> => {
    const keepDays = days === "" ? null : Number(days);
    const body = { keepDays, description, isDefault: usual };
    if (of === null) await site("POST /footlight/v1/retention-classes", { body: { name, ...body } });
    else await site("PATCH /footlight/v1/retention-classes/{name}", { path: { name: of.name }, body });
    await client.invalidateQueries({ queryKey: ["retention"] });
  };
  return (
    <FormDialog title={of === null ? t.add : t.changeOne(of.name)} act={of === null ? t.addAct : t.save} submit={submit} close={close}>
      {of === null ? <TextInput label={t.name} required value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus /> : null}
      <NumberInput label={t.keepDays} description={t.keepDaysWhy} min={1} max={36_500} allowDecimal={false} value={days} onChange={setDays} />
      <TextInput label={t.description} value={description} onChange={(event) => setDescription(event.currentTarget.value)} />
      <Checkbox label={t.usualWhy} checked={usual} disabled={of?.isDefault === true} onChange={(event) => setUsual(event.currentTarget.checked)} />
    </FormDialog>
  );
}

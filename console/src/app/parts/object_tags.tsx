/** The tags of one object, and changing them. */

import { TagsInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Tags } from "lucide-react";
import { useState } from "react";
import { site } from "../../api/site";
import { useChoices } from "../choices";
import { useRefreshOn } from "../live/live";
import { useMay } from "../me";
import { texts } from "../texts";
import { Act } from "./act";
import { FormDialog } from "./form_dialog";

const t = texts.tags;

interface ObjectTagsProps {
  kind: "Applications" | "DeliveryGroups" | "MachineCatalogs" | "Machines";
  id: string;
}

export function ObjectTags({ kind, id }: ObjectTagsProps): React.JSX.Element | null {
  const may = useMay();
  const [changing, setChanging] = useState(false);
  const key = ["tags", "of", id];
  useRefreshOn(["tag"], key);
  const path = { nameOrId: id };
  const found = useQuery({ queryKey: key, queryFn: () => site(`GET /cvad/manage/${kind}/{nameOrId}/Tags`, { path }), enabled: may("Tag_Read") });
  if (found.data === undefined) return null;
  const names = found.data.Items.map((one) => one.Name);
  return (
    <section className="stack tight">
      <h3>{t.of}</h3>
      <div className="row wrap">
        <span className={names.length === 0 ? "soft" : ""}>{names.length === 0 ? t.untagged : names.join(", ")}</span>
        <Act icon={Tags} allowed={may("Tag_Manage")} run={() => setChanging(true)}>{t.change}</Act>
      </div>
      {changing ? <Change kind={kind} id={id} names={names} close={() => setChanging(false)} /> : null}
    </section>
  );
}

function Change({ kind, id, names, close }: ObjectTagsProps & { names: string[]; close: () => void }): React.JSX.Element {
  const known = useChoices("tags").map((one) => one.label);
  const [chosen, setChosen] = useState(names);
  const submit = async (): Promise<void> => {
    const fresh = chosen.filter((name) => !known.includes(name)).map((Name) => ({ Name }));
    const Items = chosen.filter((name) => known.includes(name));
    await site(`PUT /cvad/manage/${kind}/{nameOrId}/Tags`, { path: { nameOrId: id }, body: { Items, CreateTags: fresh } });
  };
  return (
    <FormDialog title={t.change} act={texts.save} submit={submit} close={close} refresh={[["tags"]]}>
      <TagsInput label={t.of} description={t.why} data={known} value={chosen} onChange={setChosen} data-autofocus acceptValueOnBlur />
    </FormDialog>
  );
}

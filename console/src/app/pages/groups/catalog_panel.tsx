/** One catalog, and what can be done to it. */

import { Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { site } from "../../../api/site";
import type { MachineCatalogSelection } from "../../../api/wire.gen";
import { useMay } from "../../me";
import { Act } from "../../parts/act";
import { useAsk } from "../../parts/ask";
import { Facts } from "../../parts/facts";
import { Id } from "../../parts/name";
import { ObjectTags } from "../../parts/object_tags";
import { Panel } from "../../parts/panel";
import { useRun } from "../../parts/use_run";
import { texts } from "../../texts";
import { CatalogForm } from "./catalog_form";

const t = texts.groups;

interface CatalogPanelProps {
  catalog: MachineCatalogSelection;
  close: () => void;
}

export function CatalogPanel({ catalog, close }: CatalogPanelProps): React.JSX.Element {
  const may = useMay();
  const ask = useAsk();
  const run = useRun(["catalogs"]);
  const [editing, setEditing] = useState(false);
  const id = catalog.Id ?? "";
  const name = catalog.Name ?? "";
  const remove = async (): Promise<void> => {
    if (!(await ask({ title: t.removeTitle(name), consequence: t.removeCatalogLoses, act: t.remove }))) return;
    if (await run(t.remove, () => site("DELETE /cvad/manage/MachineCatalogs/{nameOrId}", { path: { nameOrId: id } }))) close();
  };
  return (
    <Panel title={name} close={close} busy={false}>
      <div className="row wrap">
        <Act icon={Pencil} allowed={may("Catalog_EditProperties")} run={() => setEditing(true)}>{texts.edit}</Act>
        <Act icon={Trash2} danger allowed={may("Catalog_Delete")} run={() => void remove()}>{t.remove}</Act>
      </div>
      <Facts facts={[
        [t.machines, <Link key="machines" href={`/console/machines?f=${encodeURIComponent(`MachineCatalog.Equals.${name}`)}`}>{catalog.TotalCount}</Link>],
        [t.used, catalog.UsedCount],
        [t.available, catalog.AvailableCount],
        [t.support, catalog.SessionSupport === undefined ? null : t.supports[catalog.SessionSupport]],
        [t.allocation, catalog.AllocationType],
        [t.zone, catalog.Zone?.Name],
        [t.description, catalog.Description],
        [t.scopes, catalog.Scopes?.map((one) => one.Name).join(", ")],
        [t.id, <Id key="id">{id}</Id>],
      ]} />
      <ObjectTags kind="MachineCatalogs" id={id} />
      {editing ? <CatalogForm catalog={catalog} close={() => setEditing(false)} /> : null}
    </Panel>
  );
}

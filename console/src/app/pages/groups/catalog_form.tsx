/** A new catalog, or another name, description and zone of one. */

import { Select } from "@mantine/core";
import { useState } from "react";
import { site } from "../../../api/site";
import type { MachineCatalogSelection } from "../../../api/wire.gen";
import { useChoices } from "../../choices";
import { useMay } from "../../me";
import { FormDialog } from "../../parts/form_dialog";
import { Line } from "../../parts/line";
import { texts } from "../../texts";

const t = texts.groups;
const SUPPORTS = ["MultiSession", "SingleSession"] as const;

export function CatalogForm({ catalog, close }: { catalog?: MachineCatalogSelection; close: () => void }): React.JSX.Element {
  const may = useMay();
  const zones = useChoices("zones", may("Zone_Read"));
  const [name, setName] = useState(catalog?.Name ?? "");
  const [description, setDescription] = useState(catalog?.Description ?? "");
  const [support, setSupport] = useState<string>(SUPPORTS[0]);
  const [zone, setZone] = useState<string | null>(catalog?.Zone?.Id ?? null);
  const submit = async (): Promise<void> => {
    const body = { Name: name, Description: description, Zone: zone };
    if (catalog === undefined) await site("POST /cvad/manage/MachineCatalogs", { body: { ...body, ProvisioningType: "Manual", SessionSupport: support, AllocationType: "Random" } });
    else await site("PATCH /cvad/manage/MachineCatalogs/{nameOrId}", { path: { nameOrId: catalog.Id ?? "" }, body });
  };
  return (
    <FormDialog title={catalog === undefined ? t.makeCatalog : t.edit(catalog.Name ?? "")} act={catalog === undefined ? t.make : texts.save} submit={submit} close={close} refresh={[["catalogs"]]}>
      <Line label={t.name} required value={name} change={setName} data-autofocus />
      <Line label={t.description} value={description} change={setDescription} />
      <Select label={t.zone} placeholder={texts.machines.enrol.usual} data={zones} value={zone} onChange={setZone} />
      {catalog === undefined ? (
        <Select label={t.support} allowDeselect={false} value={support} onChange={(value) => setSupport(value ?? SUPPORTS[0])} data={SUPPORTS.map((value) => ({ value, label: t.supports[value] }))} />
      ) : null}
    </FormDialog>
  );
}

/** Machine catalogs: hosts that are alike. */

import { Button } from "@mantine/core";
import { Boxes, Plus } from "lucide-react";
import { useState } from "react";
import { site } from "../../../api/site";
import type { MachineCatalogSelection } from "../../../api/wire.gen";
import { after, useEvery } from "../../every";
import { useMay } from "../../me";
import { Blank } from "../../parts/blank";
import { Name } from "../../parts/name";
import type { Column } from "../../table/columns";
import { List } from "../../table/list";
import { useView } from "../../table/view";
import { useWholeRows } from "../../table/whole_rows";
import { texts } from "../../texts";
import { CatalogForm } from "./catalog_form";
import { CatalogPanel } from "./catalog_panel";
import { GroupTabs } from "./tabs";

const t = texts.groups;

const COLUMNS: readonly Column<MachineCatalogSelection>[] = [
  { id: "name", title: t.name, width: 220, grow: true, text: (row) => row.Name, sort: (row) => row.Name ?? "" },
  { id: "machines", title: t.machines, width: 100, align: "right", cell: (row) => row.TotalCount, sort: (row) => row.TotalCount ?? 0 },
  { id: "used", title: t.used, width: 100, align: "right", cell: (row) => row.UsedCount, sort: (row) => row.UsedCount ?? 0 },
  { id: "support", title: t.support, width: 150, cell: (row) => (row.SessionSupport === undefined ? null : t.supports[row.SessionSupport]), sort: (row) => row.SessionSupport ?? "" },
  { id: "zone", title: t.zone, width: 150, text: (row) => row.Zone?.Name, sort: (row) => row.Zone?.Name ?? "" },
  { id: "description", title: t.description, width: 220, grow: true, cell: (row) => <Name longest={80}>{row.Description}</Name> },
];

export default function Catalogs(): React.JSX.Element {
  const [view, change] = useView();
  const may = useMay();
  const [making, setMaking] = useState(false);
  const all = useEvery(["catalogs"], ["catalog", "machine"], (token) => site("GET /cvad/manage/MachineCatalogs", { query: after(token) }));
  const rows = useWholeRows(all, view, COLUMNS, (row) => `${row.Name ?? ""} ${row.Description ?? ""}`, () => "");
  const open = all.data?.find((row) => row.Id === view.open);
  const make = may("Catalog_Create") ? <Button leftSection={<Plus size={14} aria-hidden />} onClick={() => setMaking(true)}>{t.makeCatalog}</Button> : null;
  return (
    <>
      <GroupTabs />
      <div className="beside">
        <List name="catalogs" label={t.catalogs} columns={COLUMNS} rows={rows} idOf={(row) => row.Id ?? ""} view={view} change={change} tools={make}
          empty={<Blank icon={Boxes} title={t.noCatalogs}>{t.noCatalogsWhy}</Blank>} />
        {open === undefined ? null : <CatalogPanel key={open.Id} catalog={open} close={() => change({ open: null })} />}
      </div>
      {making ? <CatalogForm close={() => setMaking(false)} /> : null}
    </>
  );
}

/** Groups, applications and catalogs are one place with a list of each; so are folders and icons. */

import { useMay } from "../../me";
import { Tabs } from "../../parts/tabs";
import { texts } from "../../texts";

export function GroupTabs(): React.JSX.Element {
  const may = useMay();
  const tabs = [
    ...(may("DesktopGroup_Read") ? [{ href: "/console/groups", title: texts.groups.groups }] : []),
    ...(may("Application_Read") ? [{ href: "/console/applications", title: texts.groups.applications }] : []),
    ...(may("Application_Read") ? [{ href: "/console/folders", title: texts.groups.folders.title }, { href: "/console/icons", title: texts.groups.icons.title }] : []),
    ...(may("Catalog_Read") ? [{ href: "/console/catalogs", title: texts.groups.catalogs }] : []),
  ];
  return (
    <>
      <div className="page-head"><h1>{texts.pages.groups}</h1></div>
      <Tabs label={texts.pages.groups} tabs={tabs} />
    </>
  );
}

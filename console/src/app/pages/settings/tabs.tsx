/** Settings of the site, side by side: those that one may read. */

import type { Permission } from "../../../api/wire.gen";
import { useMay } from "../../me";
import { Tabs } from "../../parts/tabs";
import { texts } from "../../texts";

const t = texts.settings;

const TABS: readonly { href: string; title: string; needs: Permission }[] = [
  { href: "/console/settings", title: t.administrators, needs: "Admin_Read" },
  { href: "/console/settings/roles", title: t.roles, needs: "Admin_Read" },
  { href: "/console/settings/scopes", title: t.scopes, needs: "Admin_Read" },
  { href: "/console/settings/accounts", title: t.accounts.title, needs: "Site_Configure" },
  { href: "/console/settings/clients", title: t.clients.title, needs: "Site_Configure" },
  { href: "/console/settings/webhooks", title: t.webhooks.title, needs: "Site_Configure" },
  { href: "/console/settings/tags", title: texts.tags.of, needs: "Tag_Read" },
  { href: "/console/settings/zones", title: t.zones.title, needs: "Zone_Read" },
  { href: "/console/settings/site", title: t.site.title, needs: "Site_Configure" },
];

export function SettingsTabs(): React.JSX.Element {
  const may = useMay();
  return (
    <>
      <div className="page-head"><h1>{texts.pages.settings}</h1></div>
      <Tabs label={texts.pages.settings} tabs={TABS.filter((tab) => may(tab.needs))} />
    </>
  );
}

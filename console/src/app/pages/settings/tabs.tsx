/** Settings of the site, side by side: those that one may read. */

import { useMe } from "../../me";
import { PAGES, seenWith } from "../../pages";
import { Tabs } from "../../parts/tabs";
import { texts } from "../../texts";

const t = texts.settings;

const TABS: readonly { href: string; title: string }[] = [
  { href: "/console/settings", title: t.administrators },
  { href: "/console/settings/roles", title: t.roles },
  { href: "/console/settings/scopes", title: t.scopes },
  { href: "/console/settings/accounts", title: t.accounts.title },
  { href: "/console/settings/clients", title: t.clients.title },
  { href: "/console/settings/webhooks", title: t.webhooks.title },
  { href: "/console/settings/tags", title: texts.tags.of },
  { href: "/console/settings/zones", title: t.zones.title },
  { href: "/console/settings/site", title: t.site.title },
];

export function SettingsTabs(): React.JSX.Element {
  const me = useMe();
  const seen = TABS.filter((tab) => PAGES.some((page) => page.path === tab.href && seenWith(page, me)));
  return (
    <>
      <div className="page-head"><h1>{texts.pages.settings}</h1></div>
      <Tabs label={texts.pages.settings} tabs={seen} />
    </>
  );
}

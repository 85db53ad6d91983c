/** What there is about policies, side by side. */

import { Tabs } from "../../parts/tabs";
import { texts } from "../../texts";

const TABS = [
  { href: "/console/policies", title: texts.policies.tabs.policies },
  { href: "/console/policies/test", title: texts.policies.tabs.test },
  { href: "/console/policies/forecast", title: texts.policies.tabs.forecast },
];

export function PolicyTabs(): React.JSX.Element {
  return (
    <>
      <div className="page-head"><h1>{texts.pages.policies}</h1></div>
      <Tabs label={texts.pages.policies} tabs={TABS} />
    </>
  );
}

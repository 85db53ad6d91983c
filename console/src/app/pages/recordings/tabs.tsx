/** What there is about recordings, side by side. */

import { useMay } from "../../me";
import { Tabs } from "../../parts/tabs";
import { texts } from "../../texts";

const t = texts.recordings;

export function RecordingTabs(): React.JSX.Element {
  const may = useMay();
  const kept = may("Recording_View") || may("Recording_ManagePolicy");
  const tabs = [
    ...(may("Recording_View") ? [{ href: "/console/recordings", title: t.tabs.recordings }] : []),
    { href: "/console/reports", title: t.tabs.reports },
    ...(kept ? [{ href: "/console/retention", title: t.tabs.retention }] : []),
    ...(may("Recording_View") ? [{ href: "/console/tombstones", title: t.tabs.tombstones }] : []),
  ];
  return (
    <>
      <div className="page-head"><h1>{texts.pages.recordings}</h1></div>
      <Tabs label={texts.pages.recordings} tabs={tabs} />
    </>
  );
}

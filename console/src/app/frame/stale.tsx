/** Since when pages may be untrue, while the event stream is lost. */

import { CloudOff } from "lucide-react";
import { useLostSince } from "../live/live";
import { texts } from "../texts";

export function Stale(): React.JSX.Element | null {
  const since = useLostSince();
  if (since === null) return null;
  return (
    <p className="stale-line" role="status">
      <CloudOff size={14} aria-hidden />
      {texts.stale(new Date(since).toLocaleTimeString())}
    </p>
  );
}

/** A page with nothing on it yet, which says how that changes. */

import type { LucideIcon } from "lucide-react";
import "./blank.css";

interface BlankProps {
  icon: LucideIcon;
  title: string;
  children?: React.ReactNode;
}

export function Blank({ icon: Icon, title, children }: BlankProps): React.JSX.Element {
  return (
    <div className="blank">
      <Icon className="blank-icon" aria-hidden size={28} strokeWidth={1.5} />
      <h2>{title}</h2>
      {children === undefined ? null : <div className="soft blank-words">{children}</div>}
    </div>
  );
}

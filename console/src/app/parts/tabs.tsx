/** Pages that belong together, side by side: links, so that each has its address. */

import { Link, useLocation } from "wouter";
import "./tabs.css";

interface TabsProps {
  label: string;
  tabs: readonly { href: string; title: string }[];
}

export function Tabs({ label, tabs }: TabsProps): React.JSX.Element {
  const [address] = useLocation();
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <Link key={tab.href} href={tab.href} aria-current={address === tab.href ? "page" : undefined}>{tab.title}</Link>
      ))}
    </nav>
  );
}

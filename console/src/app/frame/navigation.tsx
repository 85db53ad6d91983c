/** The places of the console that the caller may see. */

import { Link, useLocation } from "wouter";
import { isWithin, type Page } from "../pages";
import { texts } from "../texts";
import { Brand } from "./brand";

export function Navigation({ pages }: { pages: readonly Page[] }): React.JSX.Element {
  const [at] = useLocation();
  const address = pages.find((page) => page.path === at)?.within ?? at;
  return (
    <nav className="navigation" aria-label={texts.navigation}>
      <Link href="/" className="navigation-brand"><Brand /></Link>
      <ul>
        {pages.map(({ path, title, icon: Icon }) =>
          Icon === undefined ? null : (
            <li key={path}>
              <Link href={path} title={title} aria-current={isWithin(path, address) ? "page" : undefined}>
                <Icon size={17} aria-hidden strokeWidth={1.75} />
                <span>{title}</span>
              </Link>
            </li>
          ),
        )}
      </ul>
      <ul className="navigation-end">
        <li><a href="/portal">{texts.pages.portal}</a></li>
        <li><a href="/docs">{texts.pages.api}</a></li>
      </ul>
    </nav>
  );
}

/** Navigation at the left, search and jobs at the top, the page in the middle. */

import { Loader } from "@mantine/core";
import { MapPinOff } from "lucide-react";
import { Suspense, useEffect } from "react";
import { Route, Switch, useLocation } from "wouter";
import { useMe } from "../me";
import { componentOf, isWithin, PAGES, seenWith } from "../pages";
import { Blank } from "../parts/blank";
import { texts } from "../texts";
import { Fault } from "./fault";
import { Keys } from "./keys";
import { Navigation } from "./navigation";
import { Stale } from "./stale";
import { TopBar } from "./top_bar";
import "./frame.css";

export function Console(): React.JSX.Element {
  const me = useMe();
  const [address] = useLocation();
  const pages = PAGES.filter((page) => seenWith(page, me));
  const title = pages.findLast((page) => isWithin(page.path.split("/:")[0] ?? "", address))?.title;
  useEffect(() => {
    document.title = title === undefined ? "Footlight" : `${title} · Footlight`;
  }, [title]);
  return (
    <div className="frame">
      <a className="skip" href="#page">{texts.skip}</a>
      <Navigation pages={pages} />
      <TopBar pages={pages} />
      <Stale />
      <main id="page" className="page" tabIndex={-1}>
        <Fault key={address}>
          <Suspense fallback={<div className="blank" role="status" aria-label={texts.loading}><Loader size="sm" /></div>}>
            <Switch>
              {pages.map((page) => <Route key={page.path} path={page.path} component={componentOf(page)} />)}
              <Route>
                <Blank icon={MapPinOff} title={texts.noPage}><a href="/">{texts.pages.overview}</a></Blank>
              </Route>
            </Switch>
          </Suspense>
        </Fault>
      </main>
      <Keys />
    </div>
  );
}

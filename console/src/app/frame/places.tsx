/** What somebody who is signed in sees: a session, a recording, the portal, or the console. */

import { lazy, Suspense } from "react";
import { Route, Switch } from "wouter";
import { PLACES } from "../files";
import { useMe } from "../me";
import { texts } from "../texts";
import { Console } from "./console";
import { Fault } from "./fault";

const PlayerPage = lazy(PLACES["/r/:id"]);
const Portal = lazy(PLACES["/portal"]);
const Work = lazy(PLACES["/s/:id"]);

export function Places(): React.JSX.Element {
  const { permissions } = useMe();
  return (
    <Fault>
      <Suspense fallback={<p className="gate soft" role="status">{texts.loading}</p>}>
        <Switch>
          <Route path="/s/:id">{({ id }) => <Work key={id} id={id} />}</Route>
          <Route path="/r/:id"><PlayerPage /></Route>
          <Route path="/portal"><Portal /></Route>
          <Route>{permissions.length === 0 ? <Portal /> : <Console />}</Route>
        </Switch>
      </Suspense>
    </Fault>
  );
}

/** Search, running jobs, and who is signed in. */

import { UnstyledButton } from "@mantine/core";
import { Search } from "lucide-react";
import { useState } from "react";
import type { Page } from "../pages";
import { texts } from "../texts";
import { Finder } from "./finder";
import { JobsMenu } from "./jobs_menu";
import { useKey } from "./keys";
import { WhoMenu } from "./who_menu";

export function TopBar({ pages }: { pages: readonly Page[] }): React.JSX.Element {
  const [finding, setFinding] = useState(false);
  useKey("k", true, () => setFinding(true));
  return (
    <header className="top-bar">
      <UnstyledButton className="top-search" onClick={() => setFinding(true)}>
        <Search size={15} aria-hidden />
        <span className="grow">{texts.find.open}</span>
        <kbd>Ctrl K</kbd>
      </UnstyledButton>
      <span className="grow" />
      <JobsMenu />
      <WhoMenu />
      {finding ? <Finder pages={pages} close={() => setFinding(false)} /> : null}
    </header>
  );
}

/** The clipboard by hand. */

import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import { useFollowed } from "../../parts/followed";
import { texts } from "../../texts";
import { type Clipboard, goesIn } from "./clipboard";
import { Floating } from "./floating";

const t = texts.work.clipboard;

export function ClipboardPanel({ clipboard, close }: { clipboard: Clipboard; close: () => void }): React.JSX.Element {
  const shared = useFollowed(clipboard.shared);
  const direction = useFollowed(clipboard.direction);
  const [typed, setTyped] = useState(shared);
  const [seen, setSeen] = useState(shared);
  if (seen !== shared) {
    // What comes from the session replaces what was typed, as it does in every clipboard.
    setSeen(shared);
    setTyped(shared);
  }
  const writes = goesIn(direction);
  return (
    <Floating title={t.title} close={close}>
      <Textarea aria-label={t.text} rows={6} spellCheck={false} readOnly={!writes} value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)} />
      <div className="row wrap">
        <span className="soft grow">{t.rules[direction]}</span>
        {writes ? <Button onClick={() => clipboard.give(typed)}>{t.send}</Button> : null}
      </div>
    </Floating>
  );
}

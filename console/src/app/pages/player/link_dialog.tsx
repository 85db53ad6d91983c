/** A link to the moment, which expires. */

import { Select } from "@mantine/core";
import { useState } from "react";
import { site } from "../../../api/site";
import type { LinkView } from "../../../api/wire.gen";
import { clockText, exactly } from "../../../parts/words";
import { FormDialog } from "../../parts/form_dialog";
import { CopyButton } from "../../parts/name";
import { texts } from "../../texts";

const t = texts.player.link;
const USUAL_S = "86400";

export function LinkDialog({ id, atMs, close }: { id: string; atMs: number; close: () => void }): React.JSX.Element {
  const [lasts, setLasts] = useState(USUAL_S);
  const [made, setMade] = useState<LinkView | null>(null);
  const make = async (): Promise<void> => {
    const body = { atMs: Math.floor(atMs), expiresInS: Number(lasts) };
    setMade(await site("POST /footlight/v1/recordings/{id}/links", { path: { id }, body }));
  };
  return (
    <FormDialog title={t.title(clockText(atMs))} act={t.make} submit={make} close={close} stays>
      <p className="soft">{t.why}</p>
      <Select label={t.lasts} value={lasts} allowDeselect={false} onChange={(value) => setLasts(value ?? USUAL_S)}
        data={Object.entries(t.spans).map(([value, label]) => ({ value, label }))} />
      {made === null ? null : (
        <div className="stack tight">
          <div className="player-link row"><code className="mono grow" data-link>{made.url}</code><CopyButton text={made.url} label={t.copy} /></div>
          <p className="soft">{t.until(exactly(made.expiresAt))}</p>
        </div>
      )}
    </FormDialog>
  );
}

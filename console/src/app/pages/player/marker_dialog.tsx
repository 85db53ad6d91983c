/** Says something of a moment, or changes what was said. */

import { SegmentedControl, Textarea } from "@mantine/core";
import { useState } from "react";
import { site } from "../../../api/site";
import type { NewMarker } from "../../../api/wire.gen";
import { clockText } from "../../../parts/words";
import { FormDialog } from "../../parts/form_dialog";
import { texts } from "../../texts";

const t = texts.player.marker;
const LONGEST = 2000;

export interface Marking {
  atMs: number;
  /** The marker whose text is changed; null: a new one. */
  marker: { id: string; text: string } | null;
}

interface MarkerDialogProps {
  id: string;
  marking: Marking;
  close: () => void;
  saved: () => void;
}

export function MarkerDialog({ id, marking: { atMs, marker }, close, saved }: MarkerDialogProps): React.JSX.Element {
  const [text, setText] = useState(marker?.text ?? "");
  const [kind, setKind] = useState<NonNullable<NewMarker["kind"]>>("marker");
  const save = async (): Promise<void> => {
    if (marker === null) {
      await site("POST /footlight/v1/recordings/{id}/markers", { path: { id }, body: { text, kind, atMs: Math.floor(atMs) } });
    } else await site("PATCH /footlight/v1/recordings/{id}/markers/{marker}", { path: { id, marker: marker.id }, body: { text } });
    saved();
  };
  return (
    <FormDialog title={t.title(clockText(atMs))} act={t.save} submit={save} close={close}>
      {marker !== null ? null : (
        <SegmentedControl aria-label={t.kind} value={kind} onChange={(value) => setKind(value)} transitionDuration={0}
          data={[{ value: "marker", label: t.kinds.marker }, { value: "comment", label: t.kinds.comment }]} />
      )}
      <Textarea label={t.text} value={text} maxLength={LONGEST} required minRows={3} autosize={false} data-autofocus onChange={(event) => setText(event.currentTarget.value)} />
    </FormDialog>
  );
}

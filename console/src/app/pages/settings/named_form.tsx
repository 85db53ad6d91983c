/** A form for what has a name and a description only. */

import type { QueryKey } from "@tanstack/react-query";
import { useState } from "react";
import { FormDialog } from "../../parts/form_dialog";
import { Line } from "../../parts/line";
import { texts } from "../../texts";

interface NamedFormProps {
  title: string;
  /** Absent: something new. */
  name?: string;
  description?: string;
  refresh: readonly QueryKey[];
  send: (body: { Name: string; Description: string }) => Promise<unknown>;
  close: () => void;
}

export function NamedForm({ title, name, description, refresh, send, close }: NamedFormProps): React.JSX.Element {
  const [named, setNamed] = useState(name ?? "");
  const [described, setDescribed] = useState(description ?? "");
  return (
    <FormDialog title={title} act={name === undefined ? texts.groups.make : texts.save} submit={() => send({ Name: named, Description: described })} close={close} refresh={refresh}>
      <Line label={texts.settings.name} required value={named} change={setNamed} data-autofocus />
      <Line label={texts.settings.description} value={described} change={setDescribed} />
    </FormDialog>
  );
}

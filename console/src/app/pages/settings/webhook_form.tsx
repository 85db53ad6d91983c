/** A new webhook, or another address and other kinds of one. */

import { TagsInput } from "@mantine/core";
import { useState } from "react";
import { site } from "../../../api/site";
import type { WebhookView } from "../../../api/wire.gen";
import { FormDialog } from "../../parts/form_dialog";
import { Line } from "../../parts/line";
import { texts } from "../../texts";
import { WEBHOOKS } from "./webhook_state";

const t = texts.settings.webhooks;
/** What is often wanted; the site knows more kinds, and says so when one is wrong. */
const KINDS = ["session", "recording", "machine", "delivery_group", "application", "catalog", "administrator", "account", "audit", "job"];

interface WebhookFormProps {
  webhook?: WebhookView;
  show: (secret: string) => void;
  close: () => void;
}

export function WebhookForm({ webhook, show, close }: WebhookFormProps): React.JSX.Element {
  const [url, setUrl] = useState(webhook?.url ?? "");
  const [description, setDescription] = useState(webhook?.description ?? "");
  const [events, setEvents] = useState<string[]>(webhook?.events ?? []);
  const submit = async (): Promise<void> => {
    const body = { url, description, events };
    if (webhook === undefined) show((await site("POST /footlight/v1/webhooks", { body })).secret);
    else await site("PATCH /footlight/v1/webhooks/{id}", { path: { id: webhook.id }, body });
  };
  return (
    <FormDialog title={webhook === undefined ? t.make : texts.groups.edit(t.one)} act={webhook === undefined ? texts.groups.make : texts.save} submit={submit} close={close} refresh={[WEBHOOKS]}>
      <Line label={t.url} required type="url" placeholder="https://" value={url} change={setUrl} data-autofocus />
      <Line label={texts.settings.description} maxLength={200} value={description} change={setDescription} />
      <TagsInput label={t.events} description={t.eventsWhy} data={KINDS} value={events} onChange={setEvents} acceptValueOnBlur />
    </FormDialog>
  );
}

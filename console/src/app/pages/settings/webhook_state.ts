/** What a webhook's sign says. */

import type { WebhookView } from "../../../api/wire.gen";

/** Under which the list of webhooks is kept. */
export const WEBHOOKS = ["webhooks"] as const;

export const stateOf = (row: WebhookView): string => (!row.enabled ? "disabled" : row.failures > 0 ? "failed" : "enabled");

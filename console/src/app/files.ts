/** What draws each address. Apart from the list of pages, so that the first script finds a page's files without it. */

import type { ComponentType } from "react";

type File = () => Promise<{ default: ComponentType }>;

export const FILES = {
  "/": () => import("./pages/overview/overview"),
  "/console/sessions": () => import("./pages/sessions/sessions"),
  "/console/sessions/:id": () => import("./pages/sessions/session"),
  "/console/machines": () => import("./pages/machines/machines"),
  "/console/machines/:id": () => import("./pages/machines/machine"),
  "/console/groups": () => import("./pages/groups/groups"),
  "/console/applications": () => import("./pages/groups/applications"),
  "/console/folders": () => import("./pages/groups/folders"),
  "/console/icons": () => import("./pages/groups/icons"),
  "/console/catalogs": () => import("./pages/groups/catalogs"),
  "/console/recordings": () => import("./pages/recordings/recordings"),
  "/console/reports": () => import("./pages/reports/reports"),
  "/console/retention": () => import("./pages/recordings/retention"),
  "/console/tombstones": () => import("./pages/recordings/tombstones"),
  "/console/policies": () => import("./pages/policies/policies"),
  "/console/policies/test": () => import("./pages/policies/policy_test"),
  "/console/policies/forecast": () => import("./pages/policies/forecast"),
  "/console/log": () => import("./pages/log/log"),
  "/console/jobs": () => import("./pages/jobs/jobs"),
  "/console/settings": () => import("./pages/settings/administrators"),
  "/console/settings/roles": () => import("./pages/settings/roles"),
  "/console/settings/scopes": () => import("./pages/settings/scopes"),
  "/console/settings/accounts": () => import("./pages/settings/accounts"),
  "/console/settings/clients": () => import("./pages/settings/clients"),
  "/console/settings/webhooks": () => import("./pages/settings/webhooks"),
  "/console/settings/tags": () => import("./pages/settings/tags"),
  "/console/settings/zones": () => import("./pages/settings/zones"),
  "/console/settings/site": () => import("./pages/settings/site_settings"),
} satisfies Record<string, File>;

/** Pages that stand outside of the console's frame. */
export const PLACES = {
  "/portal": () => import("./pages/portal/portal"),
  "/r/:id": () => import("./pages/player/player_page"),
  "/s/:id": () => import("./pages/screen/work"),
};

export type Address = keyof typeof FILES;

const read = new Map<string, ComponentType>();

/** Reads the file of the page at an address, if there is one. Never rejects: who draws the page tells what was wrong. */
export async function readAt(address: string): Promise<void> {
  const at = ([path]: [string, unknown]): boolean => matches(path, address);
  const page = Object.entries<File>(FILES).find(at);
  const place = Object.entries(PLACES).find(at);
  try {
    if (page !== undefined) read.set(page[0], (await page[1]()).default);
    else await place?.[1]();
  } catch {
    return;
  }
}

/** What draws a page, when its file was read already. */
export const readOf = (path: Address): ComponentType | undefined => read.get(path);

/** Parts that vary are never empty and hold no slash. */
function matches(path: string, address: string): boolean {
  const [wanted, have] = [path.split("/"), address.split("/")];
  return wanted.length === have.length && wanted.every((part, at) => (part.startsWith(":") ? have[at] !== "" : part === have[at]));
}

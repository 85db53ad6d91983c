/** The pages of the console: where each is and who sees it. A new page is one entry here, and one in files.ts. */

import {
  ChartNoAxesCombined, Film, Layers, type LucideIcon, MonitorPlay, ScrollText, Server, Settings, ShieldCheck,
} from "lucide-react";
import { type ComponentType, lazy } from "react";
import type { MeView, Permission } from "../api/wire.gen";
import { type Address, FILES, readOf } from "./files";
import { texts } from "./texts";

export interface Page {
  /** With the parts that vary: "/console/sessions/:id". */
  path: Address;
  title: string;
  /** One of these is enough; none: everybody. */
  needs: readonly Permission[];
  /** On all objects: what it shows is in no scope. */
  everywhere?: true;
  /** Part of another place, whose entry in the navigation is lit. */
  within?: string;
  /** Its place in the navigation; absent: reached from other pages. */
  icon?: LucideIcon;
}

type Held = Pick<MeView, "permissions" | "everywhere">;

export const PAGES: readonly Page[] = [
  { path: "/", title: texts.pages.overview, needs: [], icon: ChartNoAxesCombined },
  { path: "/console/sessions", title: texts.pages.sessions, needs: ["Session_Read"], icon: MonitorPlay },
  { path: "/console/sessions/:id", title: texts.pages.session, needs: ["Session_Read"] },
  { path: "/console/machines", title: texts.pages.machines, needs: ["Machine_Read"], icon: Server },
  { path: "/console/machines/:id", title: texts.pages.machine, needs: ["Machine_Read"] },
  { path: "/console/groups", title: texts.pages.groups, needs: ["DesktopGroup_Read"], icon: Layers },
  { path: "/console/applications", within: "/console/groups", title: texts.groups.applications, needs: ["Application_Read"] },
  { path: "/console/folders", within: "/console/groups", title: texts.groups.folders.title, needs: ["Application_Read"] },
  { path: "/console/icons", within: "/console/groups", title: texts.groups.icons.title, needs: ["Application_Read"] },
  { path: "/console/catalogs", within: "/console/groups", title: texts.groups.catalogs, needs: ["Catalog_Read"] },
  { path: "/console/recordings", title: texts.pages.recordings, needs: ["Recording_View"], icon: Film },
  { path: "/console/reports", within: "/console/recordings", title: texts.reports.title, needs: ["Recording_View", "Recording_Control"] },
  { path: "/console/retention", within: "/console/recordings", title: texts.retention.classes, needs: ["Recording_View", "Recording_ManagePolicy"] },
  { path: "/console/tombstones", within: "/console/recordings", title: texts.recordings.tombstones.title, needs: ["Recording_View"] },
  { path: "/console/policies", title: texts.pages.policies, needs: ["Recording_ManagePolicy"], everywhere: true, icon: ShieldCheck },
  { path: "/console/policies/test", title: texts.policies.tabs.test, needs: ["Recording_ManagePolicy"], everywhere: true },
  { path: "/console/policies/forecast", title: texts.policies.tabs.forecast, needs: ["Recording_ManagePolicy"], everywhere: true },
  { path: "/console/log", title: texts.pages.log, needs: ["Logging_Read"], everywhere: true, icon: ScrollText },
  { path: "/console/jobs", title: texts.pages.jobs, needs: [] },
  { path: "/console/settings", title: texts.pages.settings, needs: ["Admin_Read"], icon: Settings },
  { path: "/console/settings/roles", title: texts.settings.roles, needs: ["Admin_Read"] },
  { path: "/console/settings/scopes", title: texts.settings.scopes, needs: ["Admin_Read"] },
  { path: "/console/settings/accounts", title: texts.settings.accounts.title, needs: ["Site_Configure"], everywhere: true },
  { path: "/console/settings/clients", title: texts.settings.clients.title, needs: ["Site_Configure"], everywhere: true },
  { path: "/console/settings/webhooks", title: texts.settings.webhooks.title, needs: ["Site_Configure"] },
  { path: "/console/settings/tags", title: texts.tags.of, needs: ["Tag_Read"] },
  { path: "/console/settings/zones", title: texts.settings.zones.title, needs: ["Zone_Read"] },
  { path: "/console/settings/site", title: texts.settings.site.title, needs: ["Site_Configure"], everywhere: true },
];

/** Whether one with these permissions sees the page. */
export function seenWith(page: Pick<Page, "needs" | "everywhere">, { permissions, everywhere }: Held): boolean {
  const held = page.everywhere === true ? everywhere : permissions;
  return page.needs.length === 0 || page.needs.some((permission) => held.includes(permission));
}

const drawn = new Map<Address, ComponentType>();

/** The same component each time. A file that is here is drawn at once: for one that is not React shows that it waits,
 * and goes on doing so for 300 ms. */
export function componentOf({ path }: Page): ComponentType {
  const found = drawn.get(path) ?? readOf(path) ?? lazy(FILES[path]);
  drawn.set(path, found);
  return found;
}

/** The page and those below it: "/console/sessions" is lit while one session is shown. */
export function isWithin(path: string, address: string): boolean {
  return path === "/" ? address === "/" : address === path || address.startsWith(`${path}/`);
}


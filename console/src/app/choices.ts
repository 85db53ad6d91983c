/** What forms offer to choose from: the names of what there is. */

import { useQuery } from "@tanstack/react-query";
import { site } from "../api/site";
import { after, everyOf } from "./every";

export interface Choice {
  value: string;
  label: string;
}

interface Named {
  Id?: string;
  Name?: string | null;
}

const names = (token: string | undefined): { limit: number; continuationToken?: string; fields: string } => ({ ...after(token), fields: "Id,Name" });

const READ = {
  groups: () => everyOf<Named>((token) => site("GET /cvad/manage/DeliveryGroups", { query: names(token) })),
  catalogs: () => everyOf<Named>((token) => site("GET /cvad/manage/MachineCatalogs", { query: names(token) })),
  applications: () => everyOf<Named>((token) => site("GET /cvad/manage/Applications", { query: names(token) })),
  tags: () => everyOf<Named>((token) => site("GET /cvad/manage/Tags", { query: names(token) })),
  zones: async () => (await site("GET /cvad/manage/Zones")).Items,
  roles: () => everyOf<Named>((token) => site("GET /cvad/manage/Admin/Roles", { query: after(token) })),
  scopes: () => everyOf<Named>((token) => site("GET /cvad/manage/Admin/Scopes", { query: after(token) })),
};

/** By name. `enabled` false: the caller may not read them, and there are none. */
export function useChoices(kind: keyof typeof READ, enabled = true): Choice[] {
  const found = useQuery<Named[]>({ queryKey: [kind, "names"], queryFn: READ[kind], enabled });
  const choices = (found.data ?? []).map((one) => ({ value: one.Id ?? "", label: one.Name ?? "" }));
  return choices.sort((a, b) => a.label.localeCompare(b.label, undefined, { numeric: true }));
}

/** Permissions under the names of their groups, in the order in which the site lists them. */

import type { PredefinedPermission } from "../../../api/wire.gen";

interface Group {
  name: string;
  permissions: PredefinedPermission[];
}

export function grouped(all: readonly PredefinedPermission[]): Group[] {
  const groups = new Map<string, Group>();
  for (const one of all) {
    const group = groups.get(one.GroupId) ?? { name: one.GroupName, permissions: [] };
    group.permissions.push(one);
    groups.set(one.GroupId, group);
  }
  return [...groups.values()];
}

/** Where a folder lies, in words. The site writes paths as CVAD does: `A\B\`. */

import type { FolderSelection } from "../../../api/wire.gen";

const INSIDE = " › ";

/** "A › B"; "" at the top. */
export const placeOf = (path: string | null | undefined): string => (path ?? "").split("\\").filter((name) => name !== "").join(INSIDE);

/** Those into which the folder may be moved: neither itself nor what lies in it. */
export function othersOf(all: readonly FolderSelection[], folder: FolderSelection | undefined): FolderSelection[] {
  const own = folder?.Path?.toLowerCase();
  return all.filter((one) => own === undefined || !(one.Path ?? "").toLowerCase().startsWith(own));
}

/** What lies in the folder itself: it can be deleted without. */
export function heldBy(folder: FolderSelection): number {
  const { Children: inner = [], TotalApplications: applications = 0, TotalMachineCatalogs: catalogs = 0, TotalDesktopGroups: groups = 0 } = folder;
  return inner.length + applications + catalogs + groups;
}

/** What a list that the site searches asks first when nothing narrows it. */

import type { SearchRequest } from "../../api/wire.gen";

/** Rows of a page. */
export const PAGE = 100;

export const NEWEST = { SearchFilters: [], SortCriteria: { Property: "Uid", SortDirection: "Descending" } } satisfies SearchRequest;

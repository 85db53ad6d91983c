/** Lists that are small enough to be read whole, page by page, and kept up to date. */

import { type QueryKey, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useRefreshOn } from "./live/live";

/** Beyond so many a list needs the site's search instead. */
const MOST_PAGES = 20;

interface Page<Row> {
  Items: Row[];
  ContinuationToken?: string | null;
}

/** Rows of all pages; `read` is given the token of the page before. */
export async function everyOf<Row>(read: (token: string | undefined) => Promise<Page<Row>>): Promise<Row[]> {
  const rows: Row[] = [];
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const found = await read(token);
    rows.push(...found.Items);
    token = found.ContinuationToken ?? undefined;
    if (token === undefined) break;
  }
  return rows;
}

/** The same as a question that is asked again after changes of these kinds. */
export function useEvery<Row>(
  key: QueryKey,
  kinds: readonly string[],
  read: (token: string | undefined) => Promise<Page<Row>>,
  enabled = true,
): UseQueryResult<Row[]> {
  useRefreshOn(kinds, key);
  return useQuery({ queryKey: key, queryFn: () => everyOf(read), enabled });
}

/** The query of a page after a token. */
export const after = (token: string | undefined): { limit: number; continuationToken?: string } =>
  token === undefined ? { limit: 250 } : { limit: 250, continuationToken: token };

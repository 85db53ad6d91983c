/** What a page does to its objects: told when it fails, and the page's lists are read again either way. */

import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { attempt } from "./tell";

/** `keys`: of what is read again. The promise is true when it was done. */
export function useRun(...keys: readonly QueryKey[]): (what: string, act: () => Promise<unknown>) => Promise<boolean> {
  const client = useQueryClient();
  return async (what, act) => {
    const done = await attempt(what, act);
    await Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })));
    return done;
  };
}

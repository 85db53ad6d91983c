/**
 * The `#link=` of a page, while somebody signs in at the provider. It opens a moment of a recording, so it goes into no
 * address that is sent anywhere: not to the provider, whose pages would get a fragment handed on by the redirect, nor to
 * our server. It waits in the tab's own storage, for the same page, and is gone with the first page that is opened.
 */

const KEY = "footlight.link";
const LINK = /^#link=[A-Za-z0-9_.~-]+$/;

interface Place {
  pathname: string;
  search: string;
  hash: string;
}

/** Keep the link of this page, if it has one. */
export function keepLink(here: Place = location, store: Storage = sessionStorage): void {
  if (LINK.test(here.hash)) store.setItem(KEY, JSON.stringify([here.pathname + here.search, here.hash]));
}

/** The link that was kept, if it was this page's; whoever's it was, it is kept no more. */
export function takeLink(here: Place = location, store: Storage = sessionStorage): string | null {
  const kept = store.getItem(KEY);
  if (kept === null) return null;
  store.removeItem(KEY);
  try {
    const found: unknown = JSON.parse(kept);
    if (!Array.isArray(found)) return null;
    const [page, hash] = found as unknown[];
    return page === here.pathname + here.search && here.hash === "" && typeof hash === "string" && LINK.test(hash) ? hash : null;
  } catch {
    return null;
  }
}

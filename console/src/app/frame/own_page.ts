/** Addresses to which signing in may lead. */

const MAX_CHARACTERS = 2000;

/** A session, a recording at a moment, or a page of the console: those to which the server leads after signing in at a
 * provider (api/oidc.py). */
export function isOwnPage(address: string): boolean {
  return address.length <= MAX_CHARACTERS
    && /^(\/[sr]\/[0-9a-fA-F-]{36}(\?(view=1|t=[0-9.]+))?|\/console(\/[A-Za-z0-9-]+)+(\?[A-Za-z0-9_.~*+%&=-]*)?)$/.test(address);
}

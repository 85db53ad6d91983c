/** Addresses to which signing in may lead. */

/** A session or a recording: those to which the server leads after signing in at a provider. */
export const isOwnPage = (address: string): boolean => /^\/[sr]\/[0-9a-fA-F-]{36}(\?view=1)?$/.test(address);

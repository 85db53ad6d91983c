/** The question of a session's drop folder; `session`: its address in the API. */
export const filesKey = (session: string): string[] => ["files", session];

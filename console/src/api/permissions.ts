/** What these pages ask for, of all that roles are made of. */
export const MAY = { record: "Recording_Control", viewRecordings: "Recording_View", shadow: "Session_Shadow" } as const;

/** Who is signed in, and what that person may do. */

import { createContext, useContext } from "react";
import type { MeView, Permission } from "../api/wire.gen";

const Me = createContext<MeView | null>(null);

export const MeProvider = Me.Provider;

/** Below the gate there is always somebody. */
export function useMe(): MeView {
  const me = useContext(Me);
  if (me === null) throw new Error("Nobody is signed in here.");
  return me;
}

/** Whether the caller holds the permission anywhere; the site decides for each object. */
export function useMay(): (permission: Permission) => boolean {
  const { permissions } = useMe();
  return (permission) => permissions.includes(permission);
}

/** Whether the caller holds the permission on all objects: what changes something that is in no scope needs that. */
export function useMayEverywhere(): (permission: Permission) => boolean {
  const { everywhere } = useMe();
  return (permission) => everywhere.includes(permission);
}

/** Lets nobody by who is not signed in; who is, goes on to the page that was wanted. */

import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { ApiError } from "../../api/http";
import { site } from "../../api/site";
import type { MeView } from "../../api/wire.gen";
import { MeProvider } from "../me";
import { Failure } from "../parts/failure";
import { ME } from "../queries";
import { texts } from "../texts";
import { isOwnPage } from "./own_page";
import { SignIn } from "./sign_in";

async function whoAmI(): Promise<MeView | null> {
  try {
    return await site("GET /footlight/v1/me");
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

export function Gate({ children }: { children: React.ReactNode }): React.JSX.Element {
  const me = useQuery({ queryKey: ME, queryFn: whoAmI, staleTime: Infinity });
  const wanted = me.data === undefined || me.data === null ? null : elsewhere();
  useEffect(() => {
    if (wanted !== null) location.replace(wanted);
  }, [wanted]);
  if (me.isPending || wanted !== null) return <p className="gate soft" role="status">{texts.signIn.looking}</p>;
  if (me.isError) return <main className="gate"><Failure error={me.error} again={() => void me.refetch()} /></main>;
  if (me.data === null) return <SignIn />;
  return <MeProvider value={me.data}>{children}</MeProvider>;
}

/** The page that was wanted before signing in, if it is not here: never an address from outside. */
function elsewhere(): string | null {
  const wanted = new URLSearchParams(location.search).get("to");
  return wanted !== null && isOwnPage(wanted) ? wanted : null;
}

/** What a person can do to a session. Each waits for the site's word that it is so. */

import { call } from "./http";
import type { Launched, Ticket } from "./shapes";

/** A site that takes longer is asked again: the line may have come back meanwhile. */
const TICKET_WITHIN_MS = 8000;

function action(sessionId: string, verb: string, query = ""): Promise<unknown> {
  return call("POST", `/cvad/manage/Sessions/${encodeURIComponent(sessionId)}/$${verb}${query}`);
}

export const startRecording = (sessionId: string, notify: boolean): Promise<unknown> =>
  action(sessionId, "startRecording", `?notifyUser=${String(notify)}`);

export const stopRecording = (sessionId: string): Promise<unknown> => action(sessionId, "stopRecording");

export const disconnect = (sessionId: string): Promise<unknown> => action(sessionId, "disconnect");

export const logOff = (sessionId: string): Promise<unknown> => action(sessionId, "logoff");

export const launch = (resource: string): Promise<Launched> =>
  call<Launched>("POST", "/footlight/v1/launches", { resource });

export const ticket = (sessionId: string, mode: "interactive" | "view"): Promise<Ticket> =>
  call<Ticket>("POST", `/footlight/v1/sessions/${encodeURIComponent(sessionId)}/tickets`, { mode }, TICKET_WITHIN_MS);

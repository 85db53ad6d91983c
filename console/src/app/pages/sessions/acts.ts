/** What can be done to sessions: to one at once, to several as a job with a result for each. */

import { begin } from "../../../api/http";
import { address, site } from "../../../api/site";
import type { BatchItem, Permission, SendMessageRequest, SessionRow } from "../../../api/wire.gen";

export type Verb = "sendMessage" | "disconnect" | "logoff" | "hide" | "unhide" | "startRecording" | "stopRecording";

export const NEEDS: Record<Verb, Permission> = {
  sendMessage: "Session_SendMessage",
  disconnect: "Session_Disconnect",
  logoff: "Session_Logoff",
  hide: "Session_Hide",
  unhide: "Session_Hide",
  startRecording: "Recording_Control",
  stopRecording: "Recording_Control",
};

/** So many items a job takes. */
const BATCH = 500;

interface Details {
  message?: SendMessageRequest;
  notify?: boolean;
}

function addressOf(verb: Verb, id: string, details: Details): string {
  const path = { id };
  if (verb === "startRecording") {
    return address("POST /cvad/manage/Sessions/{id}/$startRecording", { path, query: { notifyUser: details.notify ?? true } });
  }
  return address(`POST /cvad/manage/Sessions/{id}/$${verb}`, { path });
}

/** To one; resolved when the site says that it is so. Throws ApiError. */
export async function act(verb: Verb, id: string, details: Details = {}): Promise<void> {
  const path = { id };
  if (verb === "sendMessage") {
    await site("POST /cvad/manage/Sessions/{id}/$sendMessage", { path, body: details.message ?? {} });
  } else if (verb === "startRecording") {
    await site("POST /cvad/manage/Sessions/{id}/$startRecording", { path, query: { notifyUser: details.notify ?? true } });
  } else {
    await site(`POST /cvad/manage/Sessions/{id}/$${verb}`, { path });
  }
}

/** To several: the ids of the jobs that do it. Throws ApiError. */
export async function actOnAll(verb: Verb, rows: readonly SessionRow[], details: Details = {}): Promise<string[]> {
  const items: BatchItem[] = rows.map((row) => ({
    Reference: row.id,
    Method: "POST",
    RelativeUrl: addressOf(verb, row.id, details).replace("/cvad/manage", ""),
    ...(details.message === undefined ? {} : { Body: JSON.stringify(details.message) }),
  }));
  const jobs: string[] = [];
  for (let at = 0; at < items.length; at += BATCH) {
    jobs.push(await begin("/cvad/manage/$batch?async=true", { Items: items.slice(at, at + BATCH) }));
  }
  return jobs;
}

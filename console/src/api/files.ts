/** Files of a session's drop folder. */

import { ApiError, call } from "./http";

export interface SessionFile {
  name: string;
  sizeBytes: number;
  modifiedAt: string;
}

interface FilePage {
  items: SessionFile[];
  continuationToken: string | null;
  limitBytes: number;
}

/** A folder is shown up to so many files; the rest is for the command line. */
const MOST_SHOWN = 500;

export interface Listed {
  files: SessionFile[];
  more: boolean;
  limitBytes: number;
}

/** The address of a file. */
export function fileAddress(session: string, name: string): string {
  return `${session}/files/${encodeURIComponent(name)}`;
}

/** The files by name. Throws ApiError. */
export async function list(session: string): Promise<Listed> {
  const page = await call<FilePage>("GET", `${session}/files?limit=${MOST_SHOWN}`);
  return { files: page.items, more: page.continuationToken !== null, limitBytes: page.limitBytes };
}

/** Delete one. Throws ApiError. */
export async function remove(session: string, name: string): Promise<void> {
  await call("DELETE", fileAddress(session, name));
}

/** An upload under way. */
export interface Upload {
  done: Promise<void>;
  cancel: () => void;
}

/** What its promise is rejected with when it was cancelled. */
export class Cancelled extends Error {}

/** Send a file. `progress` gets the share that is sent, 0 to 1. Only XMLHttpRequest tells how far it is. */
export function upload(session: string, file: File, overwrite: boolean, progress: (share: number) => void): Upload {
  const request = new XMLHttpRequest();
  request.open("PUT", fileAddress(session, file.name) + (overwrite ? "?overwrite=true" : ""));
  request.setRequestHeader("Content-Type", "application/octet-stream");
  const done = new Promise<void>((resolve, reject: (reason: Error) => void) => {
    request.upload.onprogress = (event) => progress(file.size === 0 ? 1 : event.loaded / file.size);
    request.onload = () => (request.status === 201 ? resolve() : reject(refusal(request)));
    request.onerror = () => reject(new ApiError("The connection was lost.", 0));
    request.onabort = () => reject(new Cancelled());
  });
  request.send(file);
  return { done, cancel: () => request.abort() };
}

/** A refusal with its code, so that the page can offer what helps. */
export class Refusal extends ApiError {
  constructor(
    message: string,
    status: number,
    override readonly code: string,
  ) {
    super(message, status);
  }
}

function refusal(request: XMLHttpRequest): ApiError {
  try {
    const said = JSON.parse(request.responseText) as Record<string, unknown>;
    return new Refusal(String(said["detail"]), request.status, String(said["SdkErrorId"]));
  } catch {
    return new ApiError(`The site answered ${request.status}.`, request.status);
  }
}

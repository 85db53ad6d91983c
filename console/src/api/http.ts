/** Calls to the site, signed by its cookie. */

/** A call that the site refused or that did not reach it (`status` 0). The message is for people. */
export class ApiError extends Error {
  override name = "ApiError";

  constructor(
    message: string,
    readonly status: number,
    readonly transactionId: string | null = null,
    /** By which programs tell refusals apart. */
    readonly code: string | null = null,
  ) {
    super(message);
  }
}

const TIMEOUT_MS = 30_000;

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Send and get JSON; gives the parsed body, or null when there is none. Throws ApiError. */
export async function call<T>(
  method: Method,
  path: string,
  body?: unknown,
  timeoutMs = TIMEOUT_MS,
  signal?: AbortSignal,
): Promise<T> {
  const response = await send(path, timeoutMs, {
    method,
    ...(signal === undefined ? {} : { signal }),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    headers: {
      Accept: "application/json",
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    },
  });
  if (!response.ok) throw await refusal(response);
  const text = await response.text();
  return (text === "" ? null : JSON.parse(text)) as T;
}

/** Begin long work; gives the id of its job. Throws ApiError. */
export async function begin(path: string, body: unknown): Promise<string> {
  const response = await send(path, TIMEOUT_MS, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { Accept: "application/json", "Content-Type": "application/json" },
  });
  if (!response.ok) throw await refusal(response);
  const job = response.headers.get("Location")?.split("/").pop();
  if (job === undefined) throw new ApiError("The site named no job.", response.status);
  return job;
}

/**
 * Bytes from `offset` to the end. `restarted`: the bytes are from 0, whatever was asked; `open`: the
 * stored object still grows. Null: nothing there yet. Throws ApiError.
 */
export async function bytesFrom(
  path: string,
  offset: number,
  limit: number,
): Promise<{ bytes: Uint8Array; restarted: boolean; open: boolean } | null> {
  const response = await send(path, TIMEOUT_MS, offset === 0 ? {} : { headers: { Range: `bytes=${offset}-` } });
  const open = response.headers.get("X-Footlight-Open") === "true";
  // What is sealed has no more.
  if (response.status === 416) return open ? null : { bytes: new Uint8Array(), restarted: false, open };
  if (!response.ok) throw await refusal(response);
  if (Number(response.headers.get("Content-Length") ?? 0) > limit) {
    throw new ApiError("The segment is larger than a player reads.", response.status);
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { bytes, restarted: offset > 0 && response.status === 200, open };
}

/** A picture. Throws ApiError. */
export async function pictureAt(path: string): Promise<Blob> {
  const response = await send(path, TIMEOUT_MS, {});
  if (!response.ok) throw await refusal(response);
  return response.blob();
}

async function send(path: string, timeoutMs: number, init: RequestInit): Promise<Response> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await fetch(path, {
      ...init,
      credentials: "same-origin",
      cache: "no-store",
      signal: init.signal ? AbortSignal.any([init.signal, timeout]) : timeout,
    });
  } catch (error) {
    const late = error instanceof DOMException && error.name === "TimeoutError";
    throw new ApiError(late ? "The site did not answer in time." : "The site can't be reached.", 0);
  }
}

async function refusal(response: Response): Promise<ApiError> {
  let message = `The site answered ${response.status}.`;
  let code: string | null = null;
  try {
    const said = (await response.json()) as Record<string, unknown>;
    // The error model has CVAD's spelling and RFC 7807's side by side.
    const detail = said["detail"] ?? said["ErrorMessage"] ?? said["title"];
    if (typeof detail === "string" && detail !== "") message = detail;
    if (typeof said["SdkErrorId"] === "string") code = said["SdkErrorId"];
  } catch {
    // Not JSON: the status line has to do.
  }
  return new ApiError(message, response.status, response.headers.get("Citrix-TransactionId"), code);
}

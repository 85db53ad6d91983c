/** Calls to the site, signed by its cookie. */

/** A call that the site refused or that did not reach it (`status` 0). The message is for people. */
export class ApiError extends Error {
  override name = "ApiError";

  constructor(
    message: string,
    readonly status: number,
    readonly transactionId: string | null = null,
  ) {
    super(message);
  }
}

const TIMEOUT_MS = 30_000;

/** GET, POST or DELETE JSON; gives the parsed body, or null when there is none. Throws ApiError. */
export async function call<T>(method: "GET" | "POST" | "DELETE", path: string, body?: unknown, timeoutMs = TIMEOUT_MS): Promise<T> {
  const response = await send(path, timeoutMs, {
    method,
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

/**
 * Bytes from `offset` to the end, and whether the stored object still grows. `restarted`: the
 * bytes are from 0, whatever was asked. Null: nothing there yet. Throws ApiError.
 */
export async function bytesFrom(
  path: string,
  offset: number,
  limit: number,
): Promise<{ bytes: Uint8Array; restarted: boolean } | null> {
  const response = await send(path, TIMEOUT_MS, offset === 0 ? {} : { headers: { Range: `bytes=${offset}-` } });
  if (response.status === 416) return null;
  if (!response.ok) throw await refusal(response);
  if (Number(response.headers.get("Content-Length") ?? 0) > limit) {
    throw new ApiError("The segment is larger than a player reads.", response.status);
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { bytes, restarted: offset > 0 && response.status === 200 };
}

async function send(path: string, timeoutMs: number, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, {
      ...init,
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    const late = error instanceof DOMException && error.name === "TimeoutError";
    throw new ApiError(late ? "The site did not answer in time." : "The site can't be reached.", 0);
  }
}

async function refusal(response: Response): Promise<ApiError> {
  let message = `The site answered ${response.status}.`;
  try {
    const said = (await response.json()) as Record<string, unknown>;
    // The error model has CVAD's spelling and RFC 7807's side by side.
    const detail = said["detail"] ?? said["ErrorMessage"] ?? said["title"];
    if (typeof detail === "string" && detail !== "") message = detail;
  } catch {
    // Not JSON: the status line has to do.
  }
  return new ApiError(message, response.status, response.headers.get("Citrix-TransactionId"));
}

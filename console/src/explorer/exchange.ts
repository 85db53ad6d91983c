/** Sending a request and showing it with its answer. */

import { h } from "../parts/dom";
import { bytesText } from "../parts/words";
import type { Access } from "./access";
import { copier } from "./clipboard";
import { type Request, curlText, laidOut } from "./request";

const TIMEOUT_MS = 60_000;
/** A stream of events is looked at for so long. */
const STREAM_MS = 5_000;
const MOST_CHARACTERS = 400_000;
const AUTHORIZATION = '--header "Authorization: CWSAuth bearer=$TOKEN"';

export interface Exchange {
  status: number;
  statusText: string;
  headers: [string, string][];
  text: string | null;
  blob: Blob | null;
  ms: number;
}

/** The request as it is sent, by whoever is signed in. */
export function signed(request: Request, access: Access | null, secured: boolean): Request {
  if (access === null || !secured) return request;
  const own = request.url.includes("/cvad/");
  return {
    ...request,
    headers: {
      ...(own && access.customer !== "" ? { "Citrix-CustomerId": access.customer } : {}),
      ...(own && access.site !== "" ? { "Citrix-InstanceId": access.site } : {}),
      ...request.headers,
    },
  };
}

/** Send it. Throws when the site cannot be reached or does not answer in time. */
export async function send(request: Request, access: Access | null): Promise<Exchange> {
  const began = performance.now();
  const response = await fetch(request.url, {
    method: request.method,
    headers: { ...request.headers, ...(access === null ? {} : { Authorization: `CWSAuth bearer=${access.token}` }) },
    body: request.body,
    credentials: "omit",
    cache: "no-store",
    redirect: "follow",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const type = response.headers.get("Content-Type") ?? "";
  const isText = type === "" || /json|text|yaml|xml/.test(type);
  const text = type.startsWith("text/event-stream") ? await someOf(response) : isText ? await response.text() : null;
  return {
    status: response.status,
    statusText: response.statusText,
    headers: [...response.headers],
    text,
    blob: text === null ? await response.blob() : null,
    ms: Math.round(performance.now() - began),
  };
}

async function someOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return "";
  const decoder = new TextDecoder();
  let text = "";
  const end = performance.now() + STREAM_MS;
  while (performance.now() < end && text.length < MOST_CHARACTERS) {
    const wait = new Promise<null>((resolve) => setTimeout(() => resolve(null), end - performance.now()));
    const piece = await Promise.race([reader.read(), wait]);
    if (piece === null || piece.done) break;
    text += decoder.decode(piece.value, { stream: true });
  }
  await reader.cancel();
  return text;
}

/** The request, for people and for a shell. */
export function requestView(request: Request, secured: boolean): HTMLElement {
  const curl = curlText(request, secured ? AUTHORIZATION : null);
  return h(
    "section",
    { class: "panel", "aria-label": "Request" },
    h("div", { class: "bar" }, h("h3", {}, "Request"), h("span", { class: "grow" }), copier("Copy as curl", () => curl)),
    h("pre", { id: "curl", tabindex: "0" }, curl),
    secured ? h("p", { class: "hint" }, "TOKEN is the text of \"Copy token\". For a site with a certificate of its own add --cacert FILE.") : null,
  );
}

/** The answer: status, headers, body. */
export function answerView(exchange: Exchange): HTMLElement {
  const shown = exchange.text === null ? null : laidOut(exchange.text);
  const tone = exchange.status < 300 ? "good" : exchange.status < 400 ? "busy" : "bad";
  const head = h(
    "div",
    { class: "bar" },
    h("h3", {}, "Answer"),
    h("span", { id: "status", class: `status tone-${tone}` }, `${exchange.status} ${exchange.statusText}`.trim()),
    h("span", { class: "hint" }, `${exchange.ms} ms, ${bytesText(exchange.blob?.size ?? new Blob([exchange.text ?? ""]).size)}`),
    h("span", { class: "grow" }),
    shown === null || shown === "" ? null : copier("Copy body", () => shown),
  );
  const headers = h(
    "details",
    { class: "headers" },
    h("summary", {}, `${exchange.headers.length} headers`),
    h("dl", {}, ...exchange.headers.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
  );
  return h("section", { class: "panel", "aria-label": "Answer" }, head, headers, body(exchange, shown));
}

function body(exchange: Exchange, shown: string | null): HTMLElement {
  if (exchange.blob !== null && exchange.blob.size > 0) return file(exchange.blob);
  if (shown === null || shown === "") return h("p", { class: "hint", id: "body" }, "No body.");
  const cut = shown.length > MOST_CHARACTERS;
  const text = cut ? `${shown.slice(0, MOST_CHARACTERS)}\n… (${shown.length - MOST_CHARACTERS} more characters; Copy body has them all)` : shown;
  return h("pre", { id: "body", tabindex: "0" }, text);
}

function file(blob: Blob): HTMLElement {
  const url = URL.createObjectURL(blob);
  const link = h("a", { class: "button", href: url, download: "" }, `Save ${bytesText(blob.size)} of ${blob.type}`);
  const picture = blob.type.startsWith("image/") ? h("img", { src: url, alt: "The answer's picture" }) : null;
  return h("div", { id: "body", class: "file" }, picture, link);
}

/** The API explorer: every operation of the site's own description, to read and to run. */

import { AccessLine } from "../explorer/access";
import { copy } from "../explorer/clipboard";
import { type ApiDocument, type Operation, matching, operationsOf } from "../explorer/document";
import { SeenIds } from "../explorer/known";
import { panelOf } from "../explorer/panel";
import { errorText } from "../parts/ask";
import { byId, h } from "../parts/dom";

const DOCUMENT = "/openapi.json";
const TIMEOUT_MS = 30_000;
/** What people come for first. */
const TASKS = [
  ["Sessions_GetSessions", "List all sessions"],
  ["Sessions_StartSessionRecording", "Start recording a session"],
  ["Sessions_GetSessionRecordingStatus", "Ask whether it is recorded"],
  ["Sessions_StopSessionRecording", "Stop recording it"],
  ["Sessions_DoSessionSearch", "Search sessions"],
] as const;

async function begin(): Promise<void> {
  const note = byId("operations-note", HTMLElement);
  try {
    const response = await fetch(DOCUMENT, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`The site answered ${response.status}.`);
    const text = await response.text();
    show(JSON.parse(text) as ApiDocument, text);
    note.hidden = true;
  } catch (error) {
    note.replaceChildren(`${errorText(error)} `, h("button", { click: () => void begin() }, "Try again"));
  }
}

function show(document_: ApiDocument, text: string): void {
  const operations = operationsOf(document_);
  const filter = byId("filter", HTMLInputElement);
  const line = new AccessLine();
  const known = new SeenIds();
  const panels = new Map<string, HTMLElement>();
  byId("copy-json", HTMLButtonElement).addEventListener("click", () => void copy(() => text));

  const choose = (): void => {
    const wanted = decodeURIComponent(location.hash.slice(1));
    const operation = operations.find((one) => one.operationId === wanted);
    document.body.classList.toggle("chosen", operation !== undefined);
    const main = byId("operation", HTMLElement);
    if (operation === undefined) {
      main.replaceChildren(welcome(document_, operations.length));
    } else {
      // Panels are kept, so that going to and fro loses neither input nor answer.
      const panel = panels.get(wanted) ?? panelOf(document_, operation, () => line.access, known);
      panels.set(wanted, panel);
      main.replaceChildren(panel);
      main.scrollTop = 0;
      window.scrollTo(0, 0);
    }
    mark(wanted);
  };
  const list = (): void => {
    drawList(matching(operations, filter.value), filter.value !== "");
    mark(decodeURIComponent(location.hash.slice(1)));
  };
  filter.addEventListener("input", list);
  window.addEventListener("hashchange", choose);
  document.addEventListener("keydown", (event) => moveBy(event, filter));
  list();
  choose();
}

function welcome(document_: ApiDocument, count: number): HTMLElement {
  return h(
    "div",
    { class: "shown" },
    h("h1", {}, `${document_.info.title} ${document_.info.version}`),
    h("p", {}, document_.info.description),
    h("p", {}, `${count} operations. Sign in above, choose one, run it: the request is shown as a line of curl, with its answer.`),
    h("ul", { class: "tasks" }, ...TASKS.map(([id, words]) => h("li", {}, h("a", { href: `#${id}` }, words)))),
    h("p", { class: "hint" }, "Keys: / filter, arrows up and down in the list, Enter open, Ctrl+Enter run."),
  );
}

function drawList(operations: Operation[], filtered: boolean): void {
  const tags = new Map<string, Operation[]>();
  for (const one of operations) {
    const tag = one.tags.at(0) ?? "";
    tags.set(tag, [...(tags.get(tag) ?? []), one]);
  }
  const open = new Set(
    [...document.querySelectorAll<HTMLDetailsElement>("#tags details[open]")].map((one) => one.dataset["tag"] ?? ""),
  );
  const groups = [...tags].map(([tag, ones]) => {
    const links = ones.map((one) =>
      h(
        "a",
        { href: `#${one.operationId}`, "data-id": one.operationId, title: one.summary },
        h("span", { class: `method method-${one.method.toLowerCase()}` }, one.method),
        h("span", { class: "path" }, shortPath(one.path)),
      ),
    );
    const group = h("details", { "data-tag": tag }, h("summary", {}, tag, h("small", {}, ` ${ones.length}`)), ...links);
    group.open = filtered || open.has(tag) || (open.size === 0 && tag === "Sessions");
    return group;
  });
  byId("tags", HTMLElement).replaceChildren(...(groups.length > 0 ? groups : [h("p", { class: "empty" }, "No operation has all these words.")]));
}

function shortPath(path: string): string {
  return path.replace(/^\/cvad\/manage/, "").replace(/^\/footlight\/v1/, "");
}

function mark(operationId: string): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>("#tags a")) {
    const chosen = link.dataset["id"] === operationId;
    if (chosen) {
      link.setAttribute("aria-current", "page");
      link.closest("details")?.setAttribute("open", "");
      link.scrollIntoView({ block: "nearest" });
    } else link.removeAttribute("aria-current");
  }
}

function moveBy(event: KeyboardEvent, filter: HTMLInputElement): void {
  const active = document.activeElement;
  const typing = active instanceof HTMLInputElement || active instanceof HTMLTextAreaElement || active instanceof HTMLSelectElement;
  if (event.key === "/" && !typing) {
    event.preventDefault();
    filter.focus();
    return;
  }
  const inList = active === filter || (active instanceof HTMLElement && active.closest("#tags") !== null);
  if (!inList || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
  const stops = [filter, ...document.querySelectorAll<HTMLElement>("#tags summary, #tags details[open] a")];
  const place = stops.findIndex((stop) => stop === active) + (event.key === "ArrowDown" ? 1 : -1);
  const next = stops.at(Math.max(place, 0));
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

void begin();

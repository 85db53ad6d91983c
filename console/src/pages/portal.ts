/** The first page: sign in, then start, sessions and recordings, kept up to date. */

import * as actions from "../api/actions";
import { ApiError, call } from "../api/http";
import { follow } from "../api/live";
import { MAY } from "../api/permissions";
import type { Me, Page, Recording, Resource, Session, SignedOut, SignInWays, Visits } from "../api/shapes";
import { errorText, tell } from "../parts/ask";
import { byId, h, patch } from "../parts/dom";
import { icon } from "../parts/icon";
import { keepNotes } from "../parts/notes";
import { exactly } from "../parts/words";
import { recordingRow } from "./recording_row";
import { hasEnded, sessionRow } from "./session_row";

const MAX_SESSIONS = 250;
const MAX_RECORDINGS = 100;
const NOTIFY_KEY = "footlight.notify";

let stopFollowing: (() => void) | null = null;

/** Show one of the page's three faces. */
function face(id: "loading" | "sign-in" | "portal"): void {
  for (const other of ["loading", "sign-in", "portal"]) byId(other, HTMLElement).hidden = other !== id;
}

async function begin(): Promise<void> {
  try {
    enter(await call<Me>("GET", "/footlight/v1/me"));
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) leave();
    else byId("loading", HTMLElement).replaceChildren(failure(error, () => void begin()));
  }
}

function failure(error: unknown, again: () => void): HTMLElement {
  return h("p", { class: "empty error", role: "alert" }, `${errorText(error)} `, h("button", { click: again }, "Try again"));
}

function leave(): void {
  stopFollowing?.();
  stopFollowing = null;
  byId("who", HTMLElement).hidden = true;
  byId("sign-out", HTMLButtonElement).hidden = true;
  byId("stale", HTMLElement).hidden = true;
  face("sign-in");
  byId("user", HTMLInputElement).focus();
  void offerWays();
  void offerVisit();
}

/** The page that was wanted before signing in: one of our own two, never an address from outside. */
function wantedPage(): string | null {
  const back = new URLSearchParams(location.search).get("to");
  return back !== null && /^\/[sr]\/[0-9a-fA-F-]{36}(\?view=1)?$/.test(back) ? back : null;
}

async function offerWays(): Promise<void> {
  const button = byId("sign-in-oidc", HTMLButtonElement);
  try {
    const { oidc } = await call<SignInWays>("GET", "/footlight/v1/sign-in");
    button.hidden = oidc === null;
    if (oidc === null) return;
    button.textContent = oidc.label;
    button.onclick = () => {
      const back = wantedPage();
      location.assign(back === null ? oidc.path : `${oidc.path}?to=${encodeURIComponent(back)}`);
    };
  } catch {
    button.hidden = true; // the form says what is wrong when it is used
  }
}

async function offerVisit(): Promise<void> {
  const button = byId("visit", HTMLButtonElement);
  try {
    button.hidden = !(await call<Visits>("GET", "/footlight/v1/visits")).offered;
  } catch {
    button.hidden = true; // the form says what is wrong when it is used
  }
}

async function visit(): Promise<void> {
  const problem = byId("sign-in-error", HTMLElement);
  problem.hidden = true;
  try {
    enter(await call<Me>("POST", "/footlight/v1/visits", {}));
  } catch (error) {
    problem.textContent = errorText(error);
    problem.hidden = false;
  }
}

function enter(me: Me): void {
  byId("who", HTMLElement).textContent = me.displayName || me.userName;
  byId("who", HTMLElement).title = me.userName;
  byId("who", HTMLElement).hidden = false;
  byId("sign-out", HTMLButtonElement).hidden = false;
  byId("notify-choice", HTMLElement).hidden = !me.permissions.includes(MAY.record);
  byId("recordings-section", HTMLElement).hidden = !me.permissions.includes(MAY.viewRecordings);
  face("portal");
  void drawResources();
  stopFollowing?.();
  stopFollowing = follow({
    refresh: () => refresh(me),
    onState: (state) => {
      const stale = byId("stale", HTMLElement);
      stale.hidden = state === "streaming";
      stale.textContent = "No event stream: looking for changes every 2 seconds.";
    },
  });
}

async function signIn(event: Event): Promise<void> {
  event.preventDefault();
  const problem = byId("sign-in-error", HTMLElement);
  const user = byId("user", HTMLInputElement);
  const password = byId("password", HTMLInputElement);
  problem.hidden = true;
  try {
    const me = await call<Me>("POST", "/footlight/v1/sign-in", { user: user.value, password: password.value });
    password.value = "";
    const back = wantedPage();
    if (back !== null) location.assign(back);
    else enter(me);
  } catch (error) {
    // A wrong password is nobody's fault to look up: no transaction id.
    const wrong = error instanceof ApiError && error.status === 401;
    problem.textContent = wrong ? error.message : errorText(error);
    problem.hidden = false;
    password.select();
  }
}

async function signOut(): Promise<void> {
  try {
    const out = await call<SignedOut | null>("POST", "/footlight/v1/sign-out");
    if (out === null) leave();
    else location.assign(out.endSessionUrl);
  } catch (error) {
    tell(errorText(error), "error");
  }
}

async function drawResources(): Promise<void> {
  const note = byId("resources-note", HTMLElement);
  try {
    const { items } = await call<Page<Resource>>("GET", "/footlight/v1/resources");
    const rows = items.map((item) => ({ key: item.id, signature: JSON.stringify(item), draw: () => tile(item) }));
    patch(byId("resources", HTMLElement), rows);
    note.textContent = "Nothing is published to you yet. An administrator publishes desktops and applications.";
    note.hidden = items.length > 0;
  } catch (error) {
    note.hidden = false;
    note.replaceChildren(failure(error, () => void drawResources()));
  }
}

function tile(resource: Resource): HTMLElement {
  const start = async (event: Event): Promise<void> => {
    const button = event.currentTarget as HTMLButtonElement;
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    try {
      const launched = await actions.launch(resource.id);
      keepNotes(launched.sessionId, launched.notes ?? []);
      location.assign(`/s/${launched.sessionId}`);
    } catch (error) {
      tell(`${resource.name} could not be started. ${errorText(error)}`, "error");
    } finally {
      button.disabled = false;
      button.removeAttribute("aria-busy");
    }
  };
  return h(
    "button",
    { class: "tile", "data-action": "launch", click: (event) => void start(event) },
    picture(resource),
    h("span", {}, h("strong", {}, resource.name), h("small", {}, resource.description ?? resource.kind)),
  );
}

function picture(resource: Resource): Element {
  if (resource.iconPath === undefined || resource.iconPath === null) return icon("open");
  return h("img", { src: resource.iconPath, alt: "", width: "32", height: "32" });
}

async function refresh(me: Me): Promise<void> {
  const watching = me.permissions.includes(MAY.viewRecordings);
  try {
    const [sessions, recordings] = await Promise.all([
      call<Page<Session>>("GET", `/footlight/v1/sessions?limit=${MAX_SESSIONS}`),
      watching
        ? call<Page<Recording>>("GET", `/footlight/v1/recordings?limit=${MAX_RECORDINGS}`)
        : Promise.resolve({ items: [] }),
    ]);
    drawSessions(sessions, me);
    drawRecordings(recordings);
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) {
      leave();
      return;
    }
    const stale = byId("stale", HTMLElement);
    stale.hidden = false;
    stale.textContent = `Not up to date since ${exactly(new Date().toISOString())}: ${errorText(error)}`;
  }
}

function drawSessions(page: Page<Session>, me: Me): void {
  const sorted = [...page.items].sort((a, b) => Number(hasEnded(a)) - Number(hasEnded(b)));
  patch(byId("sessions", HTMLElement), sorted.map((session) => sessionRow(session, me)));
  note("sessions", page, "No session runs. Start one above; it appears here at once.", MAX_SESSIONS);
}

function drawRecordings(page: Page<Recording>): void {
  patch(byId("recordings", HTMLElement), page.items.map(recordingRow));
  note("recordings", page, "Nothing has been recorded. Press Record beside a running session.", MAX_RECORDINGS);
}

function note(what: string, page: Page<unknown>, empty: string, limit: number): void {
  const line = byId(`${what}-note`, HTMLElement);
  byId(`${what}-table`, HTMLTableElement).hidden = page.items.length === 0;
  const more = page.continuationToken !== undefined && page.continuationToken !== null;
  line.hidden = page.items.length > 0 && !more;
  line.textContent = more ? `The first ${limit} are shown; the API lists all.` : empty;
}

const notify = byId("notify", HTMLInputElement);
notify.checked = localStorage.getItem(NOTIFY_KEY) !== "no";
notify.addEventListener("change", () => localStorage.setItem(NOTIFY_KEY, notify.checked ? "yes" : "no"));
byId("sign-in-form", HTMLFormElement).addEventListener("submit", (event) => void signIn(event));
byId("visit", HTMLButtonElement).addEventListener("click", () => void visit());
byId("sign-out", HTMLButtonElement).addEventListener("click", () => void signOut());
void begin();

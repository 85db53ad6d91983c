/** A session in a tab: the screen, a slim bar, and what to say when the line breaks. */

import * as actions from "../api/actions";
import { Backoff } from "../api/backoff";
import { ApiError, call } from "../api/http";
import { follow } from "../api/live";
import type { Session } from "../api/shapes";
import { ask, errorText, tell } from "../parts/ask";
import { byId } from "../parts/dom";
import { takeNotes } from "../parts/notes";
import { Clipboard, type Direction } from "./clipboard";
import { Display, type Closed } from "./display";
import { ending, hasEnded } from "./session_row";

const sessionId = location.pathname.split("/").filter((part) => part !== "").pop() ?? "";
const viewOnly = new URLSearchParams(location.search).get("view") === "1";
const address = `/footlight/v1/sessions/${encodeURIComponent(sessionId)}`;

const link = byId("link", HTMLElement);
const curtain = byId("curtain", HTMLElement);
const again = byId("again", HTMLButtonElement);
const keys = byId("keys", HTMLButtonElement);
const backoff = new Backoff();
const display = new Display(byId("screen", HTMLElement), viewOnly, {
  opened,
  closed,
  copied: (text) => clipboard.received(text),
});
const clipboard = new Clipboard((text) => display.paste(text));

let retry: ReturnType<typeof setTimeout> | null = null;
let direction: Direction = "off";
let over = false;
/** The person asked to leave: what closes then is not a fault. */
let leaving = false;

function curtainSays(title: string, text: string, offerAgain: boolean): void {
  byId("curtain-title", HTMLElement).textContent = title;
  byId("curtain-text", HTMLElement).textContent = text;
  again.hidden = !offerAgain;
  curtain.hidden = false;
}

function linkSays(word: string, tone: string): void {
  link.textContent = word;
  link.className = `sign tone-${tone}`;
}

async function open(): Promise<void> {
  if (over) return;
  if (retry !== null) clearTimeout(retry);
  retry = null;
  leaving = false;
  try {
    const { ticket, clipboard: rule } = await actions.ticket(sessionId, viewOnly ? "view" : "interactive");
    direction = rule;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    display.open(`${scheme}://${location.host}${address}/display?ticket=${encodeURIComponent(ticket)}`);
  } catch (error) {
    await refused(error);
  }
}

function opened(): void {
  backoff.succeeded();
  curtain.hidden = true;
  keys.disabled = viewOnly;
  clipboard.opened(direction);
  linkSays(viewOnly ? "Watching" : "Connected", "good");
}

/** The ticket was not given: signed out, gone, ended, or the site is away. */
async function refused(error: unknown): Promise<void> {
  const status = error instanceof ApiError ? error.status : 0;
  if (status === 401) {
    location.assign(`/?to=${encodeURIComponent(location.pathname + location.search)}`);
    return;
  }
  if (status === 403 || status === 404) {
    // A session that has ended gets no tickets, but its own page still knows its reason.
    await look().catch(() => undefined);
    if (!over) endOfStory("This session can't be opened", errorText(error));
    return;
  }
  tryLater(errorText(error));
}

/** The display closed; find out which of the reasons it was. */
async function closed(how: Closed): Promise<void> {
  keys.disabled = true;
  linkSays("Not connected", "quiet");
  try {
    await look();
  } catch (error) {
    tryLater(errorText(error));
    return;
  }
  if (over) return;
  if (leaving) curtainSays("Disconnected", "The session runs on. Open it again whenever you like.", true);
  else if (how.notLetIn) {
    curtainSays("The user did not let you in", "The question in the session was refused, or nobody answered it.", true);
  } else if (how.meant) {
    curtainSays("The screen was closed", "It was opened elsewhere, disconnected, or is ending.", true);
  } else tryLater(how.reason === "" ? "The connection was lost." : `The site said: ${how.reason}.`);
}

function tryLater(why: string): void {
  const waitMs = backoff.next();
  if (waitMs === null) {
    curtainSays("No connection", `${why} Trying again has not helped so far.`, true);
    return;
  }
  linkSays("Reconnecting…", "busy");
  curtainSays("Trying again…", `${why} The session is not touched by this.`, true);
  retry = setTimeout(() => void open(), waitMs);
}

function endOfStory(title: string, text: string): void {
  over = true;
  if (retry !== null) clearTimeout(retry);
  display.close();
  linkSays("Ended", "quiet");
  for (const id of ["keys", "full", "disconnect", "logoff"]) byId(id, HTMLButtonElement).disabled = true;
  curtainSays(title, text, false);
}

/** Read the session's facts: name, recording sign, and whether it has ended. */
async function look(): Promise<void> {
  const session = await call<Session>("GET", address);
  byId("name", HTMLElement).textContent = session.resourceName;
  document.title = `${session.resourceName} · ${session.machineName}`;
  byId("recorded", HTMLElement).hidden = !session.recording;
  if (!hasEnded(session) || over) return;
  endOfStory("The session has ended", `Reason: ${ending(session)}.`);
}

async function press(word: string, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    leaving = false;
    tell(`${word}: ${errorText(error)}`, "error");
  }
}

async function disconnect(): Promise<void> {
  leaving = true;
  // A watcher leaves alone; the session's own user takes the session with him.
  if (viewOnly) display.close();
  else await actions.disconnect(sessionId);
}

async function logOff(): Promise<void> {
  const name = byId("name", HTMLElement).textContent;
  if (!(await ask(`Log off from ${name}?`, "What has not been saved in the session is lost.", "Log off"))) return;
  await actions.logOff(sessionId);
  linkSays("Logging off…", "busy");
}

async function fullScreen(): Promise<void> {
  if (document.fullscreenElement === null) await document.documentElement.requestFullscreen();
  else await document.exitFullscreen();
  display.focus();
}

/** What will be missing in the session is said once, until somebody has read it. */
function showNotes(): void {
  const notes = viewOnly ? [] : takeNotes(sessionId);
  byId("notes-text", HTMLElement).textContent = notes.join(" ");
  byId("notes", HTMLElement).hidden = notes.length === 0;
}

byId("notes-seen", HTMLButtonElement).addEventListener("click", () => {
  byId("notes", HTMLElement).hidden = true;
  display.focus();
});
again.addEventListener("click", () => void open());
keys.addEventListener("click", () => display.ctrlAltDel());
byId("full", HTMLButtonElement).addEventListener("click", () => void press("Full screen", fullScreen));
byId("disconnect", HTMLButtonElement).addEventListener("click", () => void press("Disconnect", disconnect));
byId("logoff", HTMLButtonElement).addEventListener("click", () => void press("Log off", logOff));
follow({
  refresh: async () => {
    if (!over) await look().catch(() => undefined);
  },
  onState: () => undefined,
});
showNotes();
void open();

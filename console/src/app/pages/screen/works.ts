/** What one session's page is made of besides what it shows: the line, the screen, the clipboard, files under way. */

import type { QueryClient } from "@tanstack/react-query";
import { address, site } from "../../../api/site";
import type { SessionView, TicketView } from "../../../api/wire.gen";
import { Followed } from "../../parts/followed";
import { ME } from "../../queries";
import { act } from "../sessions/acts";
import { Clipboard, type Direction, directionOf } from "./clipboard";
import { Connection } from "./connection";
import { Display } from "./display";
import { filesKey } from "./files_key";
import type { Look } from "./look";
import { Uploads } from "./uploads";

/** A look at the session is given up after so long; a site that takes longer for a ticket is asked again. */
const WITHIN_MS = 8000;

export class Works {
  readonly address: string;
  /** The session's question. */
  readonly key: readonly string[];
  readonly connection: Connection;
  readonly clipboard = new Clipboard((text) => this.display?.paste(text));
  /** Which way files may go under the rules of this viewer. */
  readonly files = new Followed<Direction>("off");
  readonly uploads: Uploads;
  display: Display | null = null;

  constructor(
    readonly id: string,
    readonly viewOnly: boolean,
    private look: Look,
    private readonly client: QueryClient,
  ) {
    this.address = address("GET /footlight/v1/sessions/{id}", { path: { id } });
    this.key = ["session", id];
    this.uploads = new Uploads(this.address, () => void client.invalidateQueries({ queryKey: filesKey(this.address) }));
    this.connection = new Connection({
      address: this.address,
      ticket: () => this.ticket(),
      look: () => client.query({ queryKey: this.key, queryFn: this.read, staleTime: 0, retry: false }),
      opened: (ticket) => this.opened(ticket),
      signedOut: () => client.setQueryData(ME, null),
    });
  }

  readonly read = (): Promise<SessionView> =>
    site("GET /footlight/v1/sessions/{id}", { path: { id: this.id }, timeoutMs: WITHIN_MS });

  /** The screen's place on the page is there; what is given back is called when it goes. */
  readonly attach = (target: HTMLElement | null): (() => void) | undefined => {
    if (target === null) return undefined;
    const display = new Display(target, this.viewOnly, this.look, {
      opened: () => this.connection.opened(),
      closed: (how) => this.connection.closed(how),
      copied: (text) => this.clipboard.received(text),
    });
    this.display = display;
    const given = new AbortController();
    const { signal } = given;
    window.addEventListener("focus", () => void this.clipboard.read(), { signal });
    window.addEventListener("online", () => this.connection.tryNow(), { signal });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.connection.tryNow();
    }, { signal });
    this.connection.start(display);
    return () => {
      given.abort();
      this.connection.end();
      this.uploads.end();
      display.end();
      this.display = null;
    };
  };

  show(look: Look): void {
    this.look = look;
    this.display?.show(look);
  }

  /** A watcher leaves alone; the session's own user takes the session with him. Throws ApiError. */
  leave(): Promise<void> {
    return this.connection.leave(async () => {
      if (this.viewOnly) this.display?.leave();
      else await act("disconnect", this.id);
    });
  }

  private ticket(): Promise<TicketView> {
    const body = { mode: this.viewOnly ? "view" : "interactive" } as const;
    return site("POST /footlight/v1/sessions/{id}/tickets", { path: { id: this.id }, body, timeoutMs: WITHIN_MS });
  }

  private opened(ticket: TicketView): void {
    this.clipboard.opened(directionOf(ticket.clipboard));
    this.files.set(directionOf(ticket.files));
    void this.client.invalidateQueries({ queryKey: filesKey(this.address) });
  }
}

/** The way to a session's screen: opened by a ticket, tried again when it breaks, and why it is not there. */

import { Backoff } from "../../../api/backoff";
import { ApiError } from "../../../api/http";
import type { SessionView, TicketView, ViewerView } from "../../../api/wire.gen";
import { Followed } from "../../parts/followed";
import type { Closed } from "./display";
import { Line } from "./line";

/** How it stands, for the page to say. */
export type Standing =
  | { kind: "opening" }
  | { kind: "open" }
  | { kind: "trying"; why: Why }
  /** Nothing happens before somebody asks for it. */
  | { kind: "stopped"; because: "left" | "notLetIn" | "taken" }
  | { kind: "inVain"; why: Why }
  | { kind: "refused"; error: ApiError }
  | { kind: "ended"; session: SessionView };

/** What broke the line: an error, the site's own word, or nobody knows. */
export type Why = { error: unknown } | { said: string } | { lost: true };

export interface Screen {
  open(path: string): void;
  close(): void;
  drop(why: string): void;
}

export interface Needs {
  address: string;
  ticket(): Promise<TicketView>;
  /** The session as the site knows it. Throws ApiError. */
  look(): Promise<SessionView>;
  /** The screen is there, with the rules of this ticket. */
  opened(ticket: TicketView): void;
  /** Nobody is signed in any more. */
  signedOut(): void;
}

export class Connection {
  readonly standing = new Followed<Standing>({ kind: "opening" });
  readonly viewer = new Followed<ViewerView | null>(null);
  private readonly backoff = new Backoff();
  private readonly line: Line;
  private screen: Screen | null = null;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private given: TicketView | null = null;
  /** The person asked to leave: what closes then is not a fault. */
  private leaving = false;

  constructor(private readonly needs: Needs) {
    this.line = new Line({
      look: () => needs.look(),
      measured: (viewer) => this.viewer.set(viewer),
      dead: (why) => this.screen?.drop(why),
    });
  }

  /** Begin, on that screen. */
  start(screen: Screen): void {
    this.screen = screen;
    void this.open();
  }

  /** The page is left. */
  end(): void {
    this.screen = null;
    this.wait(null);
    this.line.closed();
  }

  async open(): Promise<void> {
    if (this.over()) return;
    this.wait(null);
    this.leaving = false;
    if (this.standing.get().kind !== "trying") this.standing.set({ kind: "opening" });
    try {
      const ticket = await this.needs.ticket();
      this.given = ticket;
      this.screen?.open(`${this.needs.address}/display?ticket=${encodeURIComponent(ticket.ticket)}`);
    } catch (error) {
      if (this.screen !== null) await this.refused(error);
    }
  }

  /** The network is back, or the person is: no need to wait for the next try, nor to have given up. */
  tryNow(): void {
    const { kind } = this.standing.get();
    if (this.retry === null && kind !== "inVain") return;
    this.backoff.succeeded();
    void this.open();
  }

  /** What closes the display next is what the person wanted; `act` closes it. Throws what `act` throws. */
  async leave(act: () => Promise<unknown>): Promise<void> {
    this.leaving = true;
    try {
      await act();
    } catch (error) {
      this.leaving = false;
      throw error;
    }
  }

  /** The display shows the session. */
  opened(): void {
    if (this.given === null) return;
    this.backoff.succeeded();
    this.standing.set({ kind: "open" });
    this.line.opened(this.given.viewerId);
    this.needs.opened(this.given);
  }

  /** The display closed; find out which of the reasons it was. */
  async closed(how: Closed): Promise<void> {
    this.line.closed();
    this.viewer.set(null);
    if (how.dead) {
      this.tryLater({ said: how.reason });
      return;
    }
    try {
      this.seen(await this.needs.look());
    } catch (error) {
      this.tryLater({ error });
      return;
    }
    if (this.over() || this.screen === null) return;
    if (this.leaving) this.standing.set({ kind: "stopped", because: "left" });
    else if (how.notLetIn) this.standing.set({ kind: "stopped", because: "notLetIn" });
    else if (how.meant) this.standing.set({ kind: "stopped", because: "taken" });
    else this.tryLater(how.reason === "" ? { lost: true } : { said: how.reason });
  }

  /** Somebody has read the session: it may be over. */
  seen(session: SessionView): void {
    if (session.endedAt === null || this.over()) return;
    this.wait(null);
    this.line.closed();
    this.standing.set({ kind: "ended", session });
    this.screen?.close();
  }

  private over(): boolean {
    const { kind } = this.standing.get();
    return kind === "ended" || kind === "refused";
  }

  /** The ticket was not given: signed out, gone, ended, or the site is away. */
  private async refused(error: unknown): Promise<void> {
    const status = error instanceof ApiError ? error.status : 0;
    if (status === 401) this.needs.signedOut();
    else if (error instanceof ApiError && (status === 403 || status === 404)) {
      // A session that has ended gets no tickets, but the site still knows its reason.
      await this.needs.look().then((session) => this.seen(session), () => undefined);
      if (!this.over()) this.standing.set({ kind: "refused", error });
    } else this.tryLater({ error });
  }

  private tryLater(why: Why): void {
    if (this.screen === null) return;
    const waitMs = this.backoff.next();
    this.standing.set(waitMs === null ? { kind: "inVain", why } : { kind: "trying", why });
    if (waitMs !== null) this.wait(setTimeout(() => void this.open(), waitMs));
  }

  private wait(retry: ReturnType<typeof setTimeout> | null): void {
    if (this.retry !== null) clearTimeout(this.retry);
    this.retry = retry;
  }
}

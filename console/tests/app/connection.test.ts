import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiError } from "../../src/api/http";
import type { SessionView, TicketView } from "../../src/api/wire.gen";
import { Connection, type Screen } from "../../src/app/pages/screen/connection";
import type { Closed } from "../../src/app/pages/screen/display";

const TICKET: TicketView = { ticket: "a/b", expiresAt: "", clipboard: "both", files: "out", viewerId: "v" };
const CLOSED: Closed = { meant: false, notLetIn: false, dead: false, reason: "" };

let opens: string[] = [];
let closes = 0;
let ticketError: ApiError | null = null;
let endedAt: string | null = null;
let signedOut = 0;
let connection: Connection;

const session = (): SessionView => ({ endedAt, viewers: [] }) as unknown as SessionView;
const screen: Screen = { open: (path) => opens.push(path), close: () => closes++, drop: () => undefined };
const kind = (): string => connection.standing.get().kind;
const settle = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

beforeEach(async () => {
  vi.useFakeTimers();
  [opens, closes, ticketError, endedAt, signedOut] = [[], 0, null, null, 0];
  connection = new Connection({
    address: "/sessions/1",
    ticket: () => (ticketError === null ? Promise.resolve(TICKET) : Promise.reject(ticketError)),
    look: () => Promise.resolve(session()),
    opened: () => undefined,
    signedOut: () => signedOut++,
  });
  connection.start(screen);
  await settle();
});
afterEach(() => {
  connection.end();
  vi.useRealTimers();
});

test("it opens with a ticket", () => {
  expect([kind(), opens]).toEqual(["opening", ["/sessions/1/display?ticket=a%2Fb"]]);
  connection.opened();
  expect(kind()).toBe("open");
});

test("a broken line is tried again, longer each time, and at once when the network is back", async () => {
  connection.opened();
  await connection.closed(CLOSED);
  expect(connection.standing.get()).toEqual({ kind: "trying", why: { lost: true } });
  await settle(500);
  expect(opens).toHaveLength(2);
  await connection.closed({ ...CLOSED, reason: "host lost" });
  expect(connection.standing.get()).toEqual({ kind: "trying", why: { said: "host lost" } });
  await settle(900);
  expect(opens).toHaveLength(2);
  connection.tryNow();
  await settle();
  expect(opens).toHaveLength(3);
});

test("after many tries in vain it waits for somebody", async () => {
  ticketError = new ApiError("away", 0);
  await connection.closed(CLOSED);
  await settle(120_000);
  expect(kind()).toBe("inVain");
  ticketError = null;
  connection.tryNow();
  await settle();
  connection.opened();
  expect(kind()).toBe("open");
});

test("what closes on purpose is not tried again, and says which purpose", async () => {
  connection.opened();
  await connection.closed({ ...CLOSED, meant: true });
  expect(connection.standing.get()).toEqual({ kind: "stopped", because: "taken" });
  await connection.closed({ ...CLOSED, notLetIn: true });
  expect(connection.standing.get()).toEqual({ kind: "stopped", because: "notLetIn" });
  await connection.leave(() => Promise.resolve());
  await connection.closed({ ...CLOSED, meant: true });
  expect(connection.standing.get()).toEqual({ kind: "stopped", because: "left" });
  await settle(60_000);
  expect(opens).toHaveLength(1);
  await connection.open();
  expect(opens).toHaveLength(2);
});

test("leaving that the site refuses changes nothing", async () => {
  connection.opened();
  await expect(connection.leave(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  await connection.closed(CLOSED);
  expect(kind()).toBe("trying");
});

test("the end of the session is the end of it", async () => {
  connection.opened();
  endedAt = "2026-01-01T00:00:00Z";
  connection.seen(session());
  expect([kind(), closes]).toEqual(["ended", 1]);
  await connection.closed(CLOSED);
  await connection.open();
  expect([kind(), opens.length]).toEqual(["ended", 1]);
});

test("who may not open it is told so", async () => {
  ticketError = new ApiError("There is no such session.", 404);
  await connection.closed(CLOSED);
  await settle(500);
  expect(connection.standing.get()).toEqual({ kind: "refused", error: ticketError });
});

test("a session that has ended gets no tickets, and its reason is told all the same", async () => {
  ticketError = new ApiError("There is no such session.", 404);
  endedAt = "2026-01-01T00:00:00Z";
  await connection.open();
  expect(kind()).toBe("ended");
});

test("who is signed out meanwhile signs in again", async () => {
  ticketError = new ApiError("who?", 401);
  await connection.open();
  expect([signedOut, kind()]).toEqual([1, "opening"]);
});

test("a page that is left tries nothing any more", async () => {
  connection.opened();
  const closing = connection.closed(CLOSED);
  connection.end();
  await closing;
  await settle(60_000);
  expect(opens).toHaveLength(1);
});

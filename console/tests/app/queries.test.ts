import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, it, vi } from "vitest";
import { FAILED_RESTS_MS, worthAsking } from "../../src/app/queries";

it("a page that could not be read says so while much happens, and is read anew after a while", async () => {
  const client = new QueryClient();
  const read = vi.fn(() => Promise.reject(new Error("nothing answers")));
  const observer = new QueryObserver(client, { queryKey: ["page"], queryFn: read, retry: false });
  const leave = observer.subscribe(() => undefined);
  await vi.waitFor(() => expect(observer.getCurrentResult().status).toBe("error"));
  const failedAt = observer.getCurrentResult().errorUpdatedAt;
  const change = (atMs: number): Promise<void> => client.invalidateQueries({ predicate: ({ state }) => worthAsking(state, atMs) });
  for (let times = 0; times < 5; times++) {
    const changed = change(failedAt + times);
    expect(observer.getCurrentResult().status).toBe("error");
    await changed;
  }
  expect(read).toHaveBeenCalledTimes(1);
  await change(failedAt + FAILED_RESTS_MS);
  expect(read).toHaveBeenCalledTimes(2);
  leave();
  client.clear();
});

it("what is shown is asked again at each change, whether that worked the last time or not", () => {
  const now = Date.now();
  for (const status of ["success", "error"] as const) expect(worthAsking({ data: 1, status, errorUpdatedAt: now }, now)).toBe(true);
  expect(worthAsking({ data: undefined, status: "pending", errorUpdatedAt: 0 }, now)).toBe(true);
  expect(worthAsking({ data: undefined, status: "error", errorUpdatedAt: now }, now)).toBe(false);
});

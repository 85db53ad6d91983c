import { describe, expect, it, vi } from "vitest";
import { keepAhead, takeAhead } from "../../src/api/ahead";

describe("calls made ahead", () => {
  it("are answered once", async () => {
    keepAhead("GET /me null", Promise.resolve("ada"));
    expect(takeAhead("GET /you null")).toBeUndefined();
    expect(await takeAhead("GET /me null")).toBe("ada");
    expect(takeAhead("GET /me null")).toBeUndefined();
  });

  it("tell their refusal to who waits for them, and are forgotten where nobody does", async () => {
    keepAhead("GET /me null", Promise.reject(new Error("refused")));
    await expect(takeAhead("GET /me null")).rejects.toThrow("refused");
    keepAhead("GET /me null", Promise.reject(new Error("refused")));
    await new Promise((done) => setImmediate(done));
    expect(takeAhead("GET /me null")).toBeUndefined();
  });

  it("are not taken for new when they are old", () => {
    const clock = vi.spyOn(performance, "now").mockReturnValue(0);
    keepAhead("GET /me null", Promise.resolve("ada"));
    clock.mockReturnValue(60_000);
    expect(takeAhead("GET /me null")).toBeUndefined();
    clock.mockRestore();
  });
});

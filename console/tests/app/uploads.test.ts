import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Cancelled, Refusal, type Upload } from "../../src/api/files";
import { Uploads } from "../../src/app/pages/screen/uploads";

interface Sent {
  name: string;
  overwrite: boolean;
  progress: (share: number) => void;
  arrive: () => void;
  fail: (error: Error) => void;
}

let sent: Sent[] = [];
let arrived = 0;
let uploads: Uploads;

function send(_: string, file: File, overwrite: boolean, progress: (share: number) => void): Upload {
  let arrive = (): void => undefined;
  let fail: Sent["fail"] = () => undefined;
  const done = new Promise<void>((resolve, reject) => {
    arrive = resolve;
    fail = reject;
  });
  sent.push({ name: file.name, overwrite, progress, arrive, fail });
  return { done, cancel: () => fail(new Cancelled()) };
}

const file = (name: string, text = "x"): File => new File([text], name);
const shown = (): string[] => uploads.files.get().map((one) => `${one.file.name} ${one.state}`);
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  [sent, arrived] = [[], 0];
  uploads = new Uploads("/session", () => arrived++, send);
});
afterEach(() => vi.useRealTimers());

test("two go at once, the next when one has arrived, and what arrived is forgotten", async () => {
  uploads.add([file("a"), file("b"), file("c")]);
  expect(shown()).toEqual(["a sending", "b sending", "c waiting"]);
  sent[1].progress(0.5);
  expect(uploads.files.get()[1].share).toBe(0.5);
  sent[0].arrive();
  await settle();
  expect([shown(), arrived]).toEqual([["a done", "b sending", "c sending"], 1]);
  await vi.advanceTimersByTimeAsync(4000);
  expect(shown()).toEqual(["b sending", "c sending"]);
});

test("a file that is there is replaced only when somebody says so", async () => {
  uploads.add([file("a")]);
  sent[0].fail(new Refusal("There is a file of that name.", 409, "FileExists"));
  await settle();
  const [one] = uploads.files.get();
  expect([one.state, one.replaceable, one.why]).toEqual(["refused", true, "There is a file of that name."]);
  uploads.replace(one.key);
  expect(sent.map((each) => each.overwrite)).toEqual([false, true]);
  sent[1].fail(new Refusal("It is full.", 507, "NoRoom"));
  await settle();
  expect(uploads.files.get()[0].replaceable).toBe(false);
  uploads.leave(one.key);
  expect(shown()).toEqual([]);
});

test("one that is given up goes, and one that is too large does not begin", async () => {
  uploads.limit(3);
  uploads.add([file("a"), file("large", "1234")]);
  expect(shown()).toEqual(["a sending", "large refused"]);
  uploads.leave(uploads.files.get()[0].key);
  await settle();
  expect(shown()).toEqual(["large refused"]);
  expect(sent).toHaveLength(1);
});

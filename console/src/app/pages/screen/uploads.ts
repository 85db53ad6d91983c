/** Files that go into a session: two at a time, with how far each is, replaced only if somebody says so. */

import { Cancelled, Refusal, upload, type Upload } from "../../../api/files";
import { bytesText } from "../../../parts/words";
import { Followed } from "../../parts/followed";
import { texts } from "../../texts";

const AT_ONCE = 2;
const DONE_MS = 4000;

/** A file that waits, is under way, has arrived or was refused. `share`: 0 to 1. */
export interface Arriving {
  readonly key: number;
  readonly file: File;
  readonly share: number;
  readonly state: "waiting" | "sending" | "done" | "refused";
  readonly why: string;
  /** There is one of that name. */
  readonly replaceable: boolean;
}

export class Uploads {
  readonly files = new Followed<readonly Arriving[]>([]);
  private limitBytes = Number.MAX_SAFE_INTEGER;
  private readonly running = new Map<number, Upload>();
  private readonly overwriting = new Set<number>();
  private number = 0;

  /** `session`: its address in the API; `arrived` is told after each. */
  constructor(
    private readonly session: string,
    private readonly arrived: () => void,
    private readonly send: typeof upload = upload,
  ) {}

  /** The site takes no larger ones. */
  limit(bytes: number): void {
    this.limitBytes = bytes;
  }

  add(files: readonly File[]): void {
    const fresh = files.map((file): Arriving => {
      const tooLarge = file.size > this.limitBytes;
      return {
        key: this.number++,
        file,
        share: 0,
        state: tooLarge ? "refused" : "waiting",
        why: tooLarge ? texts.work.files.tooLarge(bytesText(this.limitBytes)) : "",
        replaceable: false,
      };
    });
    this.files.set([...this.files.get(), ...fresh]);
    this.turn();
  }

  replace(key: number): void {
    this.overwriting.add(key);
    this.change(key, { state: "waiting", why: "", share: 0, replaceable: false });
    this.turn();
  }

  /** Give one up, or forget what was refused. */
  leave(key: number): void {
    const running = this.running.get(key);
    if (running === undefined) this.forget(key);
    else running.cancel();
  }

  /** The page is left: nobody sees the others arrive. */
  end(): void {
    this.files.set([]);
    for (const running of this.running.values()) running.cancel();
  }

  /** Begin what can begin. */
  private turn(): void {
    const free = AT_ONCE - this.running.size;
    for (const one of this.files.get().filter((file) => file.state === "waiting").slice(0, free)) void this.take(one);
  }

  private async take({ key, file }: Arriving): Promise<void> {
    const running = this.send(this.session, file, this.overwriting.has(key), (share) => this.change(key, { share }));
    this.running.set(key, running);
    this.change(key, { state: "sending" });
    try {
      await running.done;
      this.change(key, { state: "done" });
      setTimeout(() => this.forget(key), DONE_MS);
      this.arrived();
    } catch (error) {
      if (error instanceof Cancelled) this.forget(key);
      else this.change(key, { state: "refused", ...refusalOf(error) });
    } finally {
      this.running.delete(key);
    }
    this.turn();
  }

  private change(key: number, fresh: Partial<Arriving>): void {
    this.files.set(this.files.get().map((one) => (one.key === key ? { ...one, ...fresh } : one)));
  }

  private forget(key: number): void {
    this.overwriting.delete(key);
    this.files.set(this.files.get().filter((one) => one.key !== key));
  }
}

function refusalOf(error: unknown): { why: string; replaceable: boolean } {
  const replaceable = error instanceof Refusal && error.code === "FileExists";
  return { why: error instanceof Error ? error.message : String(error), replaceable };
}

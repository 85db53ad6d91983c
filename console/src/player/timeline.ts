/** Where the play head is, as a pure function of a clock and what was pressed. Times: ms of recording time. */

export const SPEEDS = [0.5, 1, 2, 4, 8, 16];

/** A quiet stretch longer than this is jumped over while idle is skipped. */
export const IDLE_MS = 2000;
/** How long before the next change a jump lands, so that the eye sees it happen. */
const LEAD_MS = 300;

export type PlayState = "paused" | "playing" | "live" | "ended";

export class Timeline {
  durationMs = 0;
  /** The recording still runs. */
  open = false;
  skipIdle = false;
  private running = false;
  private following = false;
  private rate = 1;
  private baseMs = 0;
  private baseClock: number;
  /** The next change behind `knownFromMs`; null: nothing changes until the end. */
  private nextChange: { fromMs: number; atMs: number | null } | null = null;

  /** `clock` gives milliseconds that never fall. */
  constructor(private readonly clock: () => number) {
    this.baseClock = clock();
  }

  get speed(): number {
    return this.rate;
  }

  get state(): PlayState {
    this.settle();
    if (this.following) return "live";
    if (this.running) return "playing";
    return !this.open && this.durationMs > 0 && this.baseMs >= this.durationMs ? "ended" : "paused";
  }

  /** Where the head is now, 0 to durationMs. */
  position(): number {
    this.settle();
    return this.baseMs;
  }

  play(): void {
    this.settle();
    if (!this.open && this.baseMs >= this.durationMs) this.baseMs = 0;
    this.running = true;
  }

  pause(): void {
    this.settle();
    this.running = false;
    this.following = false;
  }

  toggle(): void {
    if (this.running) this.pause();
    else this.play();
  }

  /** Go to a moment; what plays goes on playing from there. Leaves the live edge. */
  seek(ms: number): void {
    this.settle();
    this.following = false;
    this.baseMs = Math.min(Math.max(ms, 0), this.durationMs);
    this.nextChange = null;
  }

  /** Follow the end of a running recording. Without effect on a finished one. */
  goLive(): void {
    if (!this.open) return;
    this.settle();
    this.following = true;
    this.running = true;
    this.baseMs = this.durationMs;
  }

  setSpeed(rate: number): void {
    this.settle();
    this.rate = Math.min(Math.max(rate, SPEEDS[0]), SPEEDS[SPEEDS.length - 1]);
  }

  /** One step up (1) or down (-1) the speeds. */
  stepSpeed(by: 1 | -1): void {
    const here = SPEEDS.indexOf(this.rate);
    this.setSpeed(SPEEDS[Math.min(Math.max(here + by, 0), SPEEDS.length - 1)]);
  }

  /** The recording is now so long, and runs on or has ended. */
  extend(durationMs: number, open: boolean): void {
    this.settle();
    this.durationMs = Math.max(durationMs, this.durationMs);
    this.open = open;
    if (this.following) this.baseMs = this.durationMs;
    if (this.following && !open) {
      this.following = false;
      this.running = false;
    }
  }

  /** The picture at `fromMs` stays as it is until `atMs` (null: until the end). */
  noteNextChange(fromMs: number, atMs: number | null): void {
    this.nextChange = { fromMs, atMs };
  }

  /** Bring the base up to the clock. */
  private settle(): void {
    const now = this.clock();
    const passed = now - this.baseClock;
    this.baseClock = now;
    if (!this.running) return;
    if (this.following) {
      this.baseMs = this.durationMs;
      return;
    }
    this.baseMs += passed * this.rate;
    if (this.skipIdle) this.jumpOverIdle();
    if (this.baseMs < this.durationMs) return;
    this.baseMs = this.durationMs;
    if (this.open) this.following = true;
    else this.running = false;
  }

  private jumpOverIdle(): void {
    const quiet = this.nextChange;
    if (quiet === null || this.baseMs < quiet.fromMs) return;
    const until = quiet.atMs ?? this.durationMs;
    if (until - this.baseMs > IDLE_MS) this.baseMs = quiet.atMs === null ? until : until - LEAD_MS;
  }
}

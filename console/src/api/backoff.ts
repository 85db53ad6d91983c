/** How long to wait before trying again. */

const FIRST_MS = 500;
const LONGEST_MS = 8000;
const TRIES = 12;

/** Doubling waits up to eight seconds; null after twelve tries without a success. */
export class Backoff {
  private failures = 0;

  /** The wait before the next try in ms, or null when it is time to give up. */
  next(): number | null {
    if (this.failures >= TRIES) return null;
    return Math.min(FIRST_MS * 2 ** this.failures++, LONGEST_MS);
  }

  succeeded(): void {
    this.failures = 0;
  }
}

/** Calls that are made before somebody asks for their answers: those that a page will need as soon as it is there. */

const KEPT_MS = 10_000;

const made = new Map<string, { answer: Promise<unknown>; at: number }>();

/** Remember a call under what it says. */
export function keepAhead(said: string, answer: Promise<unknown>): void {
  made.set(said, { answer, at: performance.now() });
  // What was refused before somebody asks is asked anew: that may be after signing in.
  answer.catch(() => made.delete(said));
}

/** The answer of a call that was made not long ago, once; undefined: there is none. */
export function takeAhead(said: string): Promise<unknown> | undefined {
  const found = made.get(said);
  made.delete(said);
  return found === undefined || performance.now() - found.at > KEPT_MS ? undefined : found.answer;
}

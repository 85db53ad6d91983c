/** Questions to a worker that wait for their answers. */

type Waiter = { done: (value: unknown) => void; fail: (error: Error) => void };

export class Asked {
  private readonly waiting = new Map<number, Waiter>();
  private lastId = 0;

  /** `send` is given the question's number. */
  ask<T>(send: (id: number) => void): Promise<T> {
    const id = ++this.lastId;
    return new Promise<T>((done, fail) => {
      this.waiting.set(id, { done: done as (value: unknown) => void, fail });
      send(id);
    });
  }

  answer(id: number, value: unknown): void {
    this.settle(id, (waiter) => waiter.done(value));
  }

  refuse(id: number, message: string): void {
    this.settle(id, (waiter) => waiter.fail(new Error(message)));
  }

  private settle(id: number, how: (waiter: Waiter) => void): void {
    const waiter = this.waiting.get(id);
    this.waiting.delete(id);
    if (waiter !== undefined) how(waiter);
  }
}

/** A value outside of React that parts of a page follow. */

import { useSyncExternalStore } from "react";

export class Followed<T> {
  private readonly listeners = new Set<() => void>();

  constructor(private value: T) {}

  readonly get = (): T => this.value;

  set(value: T): void {
    this.value = value;
    for (const listener of this.listeners) listener();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}

export function useFollowed<T>(followed: Followed<T>): T {
  return useSyncExternalStore(followed.subscribe, followed.get);
}

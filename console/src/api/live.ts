/** Being told of changes: the event stream, or looking again every two seconds when it fails. */

const DEBOUNCE_MS = 150;
const POLL_MS = 2000;
const REOPEN_MS = 500;
const RETRY_MS = 10_000;

/** How changes reach the page now. */
export type LiveState = "streaming" | "polling";

export interface LiveOptions {
  /** Read everything again; never called twice at once. */
  refresh: () => Promise<void>;
  /** Told when the way changes. */
  onState: (state: LiveState) => void;
  /** Makes the stream; a test puts its own. */
  connect?: () => EventSource;
}

/** Calls refresh at once, then after changes. Give back what stops it. */
export function follow(options: LiveOptions): () => void {
  const connect = options.connect ?? (() => new EventSource("/footlight/v1/events"));
  let source: EventSource | null = null;
  let poll: ReturnType<typeof setInterval> | null = null;
  let soon: ReturnType<typeof setTimeout> | null = null;
  let retry: ReturnType<typeof setTimeout> | null = null;
  let busy = false;
  let again = false;
  let opened = false;

  const refresh = async (): Promise<void> => {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      await options.refresh();
    } finally {
      busy = false;
    }
    if (again) {
      again = false;
      changed();
    }
  };
  const changed = (): void => {
    soon ??= setTimeout(() => {
      soon = null;
      void refresh();
    }, DEBOUNCE_MS);
  };
  const startPolling = (): void => {
    poll ??= setInterval(() => void refresh(), POLL_MS);
    options.onState("polling");
  };
  const open = (): void => {
    source = connect();
    source.onopen = () => {
      if (poll !== null) clearInterval(poll);
      poll = null;
      opened = true;
      options.onState("streaming");
      changed();
    };
    source.onmessage = changed;
    source.onerror = () => {
      source?.close();
      // A stream ends after some minutes by itself: it is opened again at once, and read is what it missed.
      if (!opened) startPolling();
      retry = setTimeout(open, opened ? REOPEN_MS : RETRY_MS);
      opened = false;
    };
  };
  void refresh();
  open();
  return () => {
    source?.close();
    for (const timer of [soon, retry]) if (timer !== null) clearTimeout(timer);
    if (poll !== null) clearInterval(poll);
  };
}

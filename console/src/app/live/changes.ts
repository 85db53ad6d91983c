/** The site's event stream, in batches, for whoever asks; and since when it is lost. */

export interface Change {
  kind: string;
  id: string;
}

/** Null: anything may have changed, read again. */
export type Listener = (changes: readonly Change[] | null) => void;

const BATCH_MS = 200;
const POLL_MS = 5000;
const REOPEN_MS = 3000;
/** The site ends a stream after some minutes; the browser is back long before this. */
const STALE_AFTER_MS = 4000;

export class Changes {
  /** When the stream was lost, in ms; null while it flows. */
  lostSince: number | null = null;
  private readonly listeners = new Set<Listener>();
  private source: EventSource | null = null;
  private waiting: Change[] | null = [];
  private batch: ReturnType<typeof setTimeout> | null = null;
  private poll: ReturnType<typeof setInterval> | null = null;
  private doubt: ReturnType<typeof setTimeout> | null = null;
  private reopen: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly onState: () => void,
    private readonly connect: () => EventSource = () => new EventSource("/footlight/v1/events"),
  ) {}

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  start(): void {
    const source = this.connect();
    this.source = source;
    source.onopen = () => this.found();
    source.onmessage = ({ data }: MessageEvent<string>) => this.take(JSON.parse(data) as Change);
    source.onerror = () => {
      this.doubt ??= setTimeout(() => this.lost(), STALE_AFTER_MS);
      // Otherwise the browser opens it again by itself, after the last event that it has.
      if (source.readyState !== 2) return;
      source.close();
      this.reopen = setTimeout(() => this.start(), REOPEN_MS);
    };
  }

  stop(): void {
    this.source?.close();
    for (const timer of [this.batch, this.doubt, this.reopen]) if (timer !== null) clearTimeout(timer);
    if (this.poll !== null) clearInterval(this.poll);
    this.batch = this.doubt = this.reopen = this.poll = null;
  }

  private found(): void {
    if (this.doubt !== null) clearTimeout(this.doubt);
    if (this.poll !== null) clearInterval(this.poll);
    this.doubt = this.poll = null;
    if (this.lostSince === null) return;
    this.lostSince = null;
    this.onState();
    this.tell(null);
  }

  private lost(): void {
    this.lostSince = Date.now() - STALE_AFTER_MS;
    this.poll = setInterval(() => this.tell(null), POLL_MS);
    this.onState();
  }

  private take(change: Change): void {
    if (change.kind === "gap") this.waiting = null;
    else this.waiting?.push({ kind: change.kind, id: change.id });
    this.batch ??= setTimeout(() => {
      const changes = this.waiting;
      this.batch = null;
      this.waiting = [];
      this.tell(changes);
    }, BATCH_MS);
  }

  private tell(changes: readonly Change[] | null): void {
    for (const listener of this.listeners) listener(changes);
  }
}

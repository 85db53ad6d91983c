/** How the line to the site does: said in the page, and given up when it is dead. A browser does not notice that by itself. */

import { ApiError } from "../../../api/http";
import type { SessionView, ViewerView } from "../../../api/wire.gen";
import { bytesText } from "../../../parts/words";

export const LOOK_EACH_MS = 5000;
/** So many looks in a row that find nothing make a dead line. */
const FAILURES = 2;

export interface LineEvents {
  /** Our own view of the session. Throws ApiError. */
  look(): Promise<SessionView>;
  /** The viewer at the site, as it measures it; null while it has not. */
  measured(viewer: ViewerView | null): void;
  /** The line is dead, and why. */
  dead(why: string): void;
}

export class Line {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private failures = 0;

  constructor(private readonly events: LineEvents) {}

  /** The display has opened as the viewer of that id. */
  opened(viewerId: string): void {
    this.closed();
    this.failures = 0;
    this.timer = setTimeout(() => void this.look(viewerId), LOOK_EACH_MS);
  }

  closed(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private async look(viewerId: string): Promise<void> {
    const mine = this.timer;
    let why: string | null = null;
    try {
      const session = await this.events.look();
      const viewer = session.viewers.find((one) => one.id === viewerId);
      if (this.timer !== mine) return;
      if (viewer === undefined) why = "The site has lost the connection.";
      this.events.measured(viewer ?? null);
    } catch (error) {
      // A site that answers, with whatever, can be reached.
      if (error instanceof ApiError && error.status === 0) why = error.message;
    }
    if (this.timer !== mine) return;
    this.failures = why === null ? 0 : this.failures + 1;
    if (why !== null && this.failures >= FAILURES) {
      this.closed();
      this.events.dead(why);
      return;
    }
    this.timer = setTimeout(() => void this.look(viewerId), LOOK_EACH_MS);
  }
}

/** "12 ms · in 340 kB/s · out 800 bytes/s"; "" while nothing is known. */
export function lineText(viewer: ViewerView | null): string {
  if (viewer === null) return "";
  const trip = viewer.roundTripMs === null ? [] : [viewer.roundTripMs < 1 ? "under 1 ms" : `${viewer.roundTripMs} ms`];
  return [...trip, `${bytesText(viewer.toViewerBytesPerSecond)}/s`].join(" · ");
}

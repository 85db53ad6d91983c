/** The bodies of the site's own API that these pages read. Times are RFC 3339 unless named in ms. */

export interface Recording {
  id: string;
  sessionId: string;
  userName: string;
  machineName: string;
  startedAt: string | null;
  endedAt: string | null;
  state: "recording" | "completed" | "failed";
  sizeBytes: number;
  durationMs: number;
  segmentCount: number;
  resourceName?: string;
  reason?: string;
  orderedBy?: string;
}

export interface ManifestSegment {
  number: number;
  sizeBytes: number;
  open: boolean;
  startNs: number;
  endNs: number | null;
  width: number;
  height: number;
}

export interface ManifestGap {
  fromNs: number;
  toNs: number;
  cause: string;
}

export interface RecordingManifest {
  open: boolean;
  durationMs: number;
  segments: ManifestSegment[];
  gaps?: ManifestGap[];
  /** Rows: second, changed pixels, left, top, right, bottom of the box around them. */
  damage?: number[][];
}

export interface RecordingEvent {
  atMs: number;
  type: string;
  [member: string]: unknown;
}

export interface Page<T> {
  items: T[];
  continuationToken?: string | null;
}

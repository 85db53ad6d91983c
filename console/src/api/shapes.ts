/** The bodies of the site's own API that these pages read. Times are RFC 3339 unless named in ms. */

export interface Me {
  userName: string;
  displayName: string;
  permissions: string[];
}

export interface Resource {
  id: string;
  name: string;
  kind: string;
  description?: string | null;
  /** A PNG of 48 by 48; null: it has no picture. */
  iconPath?: string | null;
}

/** Whether anything is offered to people without an account. */
export interface Visits {
  offered: boolean;
}

/** How one may sign in; `oidc` null: at no provider. */
export interface SignInWays {
  password: boolean;
  oidc: { label: string; path: string } | null;
}

/** Where one logs off at the provider too. */
export interface SignedOut {
  endSessionUrl: string;
}

export interface Launched {
  sessionId: string;
  machine: string;
  displayPath: string;
  /** What will be missing in the session. */
  notes?: string[];
}

/** Who has a session's display open. */
export interface Viewer {
  id: string;
  toViewerBytesPerSecond: number;
  fromViewerBytesPerSecond: number;
  roundTripMs: number | null;
}

export interface Session {
  id: string;
  userName: string;
  machineName: string;
  resourceName: string;
  state: string;
  stateChangedAt: string | null;
  startedAt: string | null;
  recording: boolean;
  endReason: string | null;
  exitCode: number | null;
  /** One line for people about how the program ended. */
  exitDetail?: string | null;
  viewers?: Viewer[];
}

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

export interface Ticket {
  ticket: string;
  expiresAt: string;
  clipboard: "off" | "in" | "out" | "both";
  files: "off" | "in" | "out" | "both";
  viewerId: string;
}

export interface Page<T> {
  items: T[];
  continuationToken?: string | null;
}

/** The evidence file that this script stands in: its blocks, decoded when they are asked for. */

import type { RecordingManifest } from "../api/shapes";
import type { Source } from "../player/source";

export interface AuditLine {
  seq: number;
  previousHash: string;
  hash: string;
  entry: { atMs: number; userName: string; address: string; text: string };
}

/** What the file says beside the recording's own files. */
export interface Facts {
  recordingId: string;
  siteName: string;
  siteKey: string;
  exportedAt: string;
  exportedBy: string;
  dataKey: string | null;
  manifest: RecordingManifest;
  events: { atNs: number; type: string; [member: string]: unknown }[];
  openings: AuditLine[];
}

/** The bytes of a block; null when there is none of that name. Throws when it is not base64. */
export function block(name: string): Uint8Array<ArrayBuffer> | null {
  const found = document.querySelector(`script[data-name="${name}"]`);
  if (found === null) return null;
  const size = Number(found.getAttribute("data-size"));
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const line of found.textContent.split("\n")) {
    if (line === "") continue;
    const text = atob(line);
    for (let i = 0; i < text.length && at < size; i++) bytes[at++] = text.charCodeAt(i);
  }
  if (at !== size) throw new Error(`${name} has ${at} bytes and not ${size}`);
  return bytes;
}

export function segmentName(number: number): string {
  return `${String(number).padStart(6, "0")}.flseg`;
}

/** The file as what the player reads from. */
export function fileSource(facts: Facts): Source {
  const key = facts.dataKey === null ? null : Uint8Array.from(atob(facts.dataKey), (one) => one.charCodeAt(0));
  return {
    manifest: () => Promise.resolve(facts.manifest),
    segment: (number, offset) => {
      const bytes = block(segmentName(number));
      return Promise.resolve(bytes === null ? null : { bytes: bytes.subarray(offset), restarted: false });
    },
    dataKey: () => Promise.resolve(key),
  };
}

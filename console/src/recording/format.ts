/** The stored bytes of a segment: magics, limits, header, records (docs/format.md, versions 0 and 1). */

import { ByteQueue, crc32, guidText, readU64 } from "./bytes";

export const MAGIC_HEADER = 0x184d2a50;
export const MAGIC_INDEX = 0x184d2a51;
export const MAGIC_SEAL = 0x184d2a52;
export const MAGIC_ZSTD = 0xfd2fb528;
export const MAX_HEADER_BYTES = 4096;
export const MAX_PAYLOAD_BYTES = 64 * 1024 * 1024;
export const MAX_EVENT_BYTES = 64 * 1024;
export const MAX_INDEX_BYTES = 16 * 1024 * 1024;
export const MAX_WINDOW_BYTES = 8 * 1024 * 1024;

/** Records in a segment: else a few stored bytes could name millions of empty ones (format.md section 10). */
export const MAX_RECORDS = 1_000_000;

const SIGNATURE = [0x89, 0x46, 0x4c, 0x52, 0x0d, 0x0a, 0x1a, 0x0a];
const RECORD_HEAD_BYTES = 16;
const VERSION_0_BYTES = 152;
const SALT_AT = 148;
const WRAPPED_AT = 182;
const CRC_BYTES = 4;
const FLAG_ENCRYPTED = 1;

/** Stored bytes that break the format. */
export class FormatError extends Error {
  override name = "FormatError";
}

/** Who and when a segment is. Times: nanoseconds since the recording's start. */
export interface SegmentHeader {
  number: number;
  recordingId: string;
  sessionId: string;
  firstInstantNs: number;
  version: number;
  encrypted: boolean;
  /** Of the segment's key. */
  salt: Uint8Array<ArrayBuffer>;
  /** The recording's data key as the site wrapped it; "" when it is not encrypted. */
  wrappedKey: string;
}

/** Read a header's payload (format.md section 2.1). Throws FormatError. */
export function parseHeader(payload: Uint8Array): SegmentHeader {
  if (payload.length < VERSION_0_BYTES) throw new FormatError("segment header is too short");
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  if (SIGNATURE.some((byte, i) => payload[i] !== byte)) throw new FormatError("not a Footlight segment");
  const version = view.getUint16(8, true);
  if (version > 1) throw new FormatError(`format version ${version} is not known`);
  const length = view.getUint16(10, true);
  if (length !== payload.length || (version === 0 && length !== VERSION_0_BYTES)) {
    throw new FormatError(`segment header names its length as ${length}`);
  }
  const crcAt = payload.length - CRC_BYTES;
  if (view.getUint32(crcAt, true) !== crc32(payload.subarray(0, crcAt))) {
    throw new FormatError("segment header does not match its checksum");
  }
  return {
    version,
    ...(version === 0 ? NOT_ENCRYPTED : parseSealing(payload, view)),
    number: view.getUint32(12, true),
    recordingId: guidText(payload.subarray(16, 32)),
    sessionId: guidText(payload.subarray(32, 48)),
    firstInstantNs: readU64(view, 64),
  };
}

const NOT_ENCRYPTED = { encrypted: false, salt: new Uint8Array(), wrappedKey: "" };

/** What version 1 says of encryption. Throws FormatError. */
function parseSealing(payload: Uint8Array, view: DataView): typeof NOT_ENCRYPTED {
  if (payload.length < WRAPPED_AT + CRC_BYTES) throw new FormatError("segment header is too short");
  const flags = view.getUint32(144, true);
  if ((flags & ~FLAG_ENCRYPTED) !== 0) throw new FormatError(`segment header flags ${flags.toString(16)} are not known`);
  const wrapped = view.getUint16(WRAPPED_AT - 2, true);
  if (wrapped > 1024 || WRAPPED_AT + wrapped + CRC_BYTES !== payload.length) {
    throw new FormatError("segment header names a wrapped key of another length");
  }
  return {
    encrypted: (flags & FLAG_ENCRYPTED) !== 0,
    salt: payload.slice(SALT_AT, SALT_AT + 32),
    wrappedKey: new TextDecoder("ascii").decode(payload.subarray(WRAPPED_AT, WRAPPED_AT + wrapped)),
  };
}

/** Kinds of record; others are skipped. */
export const KIND_SCREEN = 1;
export const KIND_UPDATE = 2;
export const KIND_EVENT = 3;
export const KIND_GAP = 4;

/** One record. `atNs` counts from the segment's first instant. */
export interface StoredRecord {
  kind: number;
  atNs: number;
  payload: Uint8Array;
}

/** Cuts a decompressed body into records, whatever pieces it arrives in (format.md section 3). */
export class RecordCutter {
  private readonly waiting = new ByteQueue();
  private lastNs = 0;
  private count = 0;

  push(piece: Uint8Array): void {
    this.waiting.push(piece);
  }

  /** The next whole record, or null until more bytes come. Throws FormatError. */
  next(): StoredRecord | null {
    const head = this.waiting.peek(RECORD_HEAD_BYTES);
    if (head === null) return null;
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    const length = view.getUint32(4, true);
    if (length > MAX_PAYLOAD_BYTES) throw new FormatError(`record of ${length} bytes`);
    const kind = head[0];
    const atNs = readU64(view, 8);
    if (kind === KIND_EVENT && length > MAX_EVENT_BYTES) throw new FormatError(`event of ${length} bytes`);
    if (atNs < this.lastNs) throw new FormatError("time falls within a segment");
    const whole = this.waiting.take(RECORD_HEAD_BYTES + length);
    if (whole === null) return null;
    if (++this.count > MAX_RECORDS) throw new FormatError("segment has too many records");
    this.lastNs = atNs;
    return { kind, atNs, payload: whole.subarray(RECORD_HEAD_BYTES) };
  }
}

/** What a screen record says. Throws FormatError for a pixel format other than the specified one. */
export function parseScreen(payload: Uint8Array): { width: number; height: number } {
  if (payload.length < 20) throw new FormatError("screen record is too short");
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const bigEndian = payload[6] !== 0;
  const shifts = [payload[14], payload[15], payload[16]].join();
  if (payload[4] !== 32 || bigEndian || payload[7] === 0 || shifts !== "16,8,0") {
    throw new FormatError("pixel format is not the one of format.md section 4");
  }
  return { width: view.getUint16(0, true), height: view.getUint16(2, true) };
}

/** A span that was not observed. Recording time in nanoseconds. */
export interface Gap {
  fromNs: number;
  toNs: number;
  cause: string;
}

/** What a gap record says. Throws FormatError. */
export function parseGap(payload: Uint8Array): Gap {
  if (payload.length < 16) throw new FormatError("gap record is too short");
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  let cause = "unknown";
  try {
    const said: unknown = JSON.parse(new TextDecoder().decode(payload.subarray(16)));
    if (typeof said === "object" && said !== null && "cause" in said) cause = String(said.cause);
  } catch {
    throw new FormatError("gap record does not hold JSON");
  }
  return { fromNs: readU64(view, 0), toNs: readU64(view, 8), cause };
}

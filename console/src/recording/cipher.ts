/** Encrypted segments made clear as their bytes come (docs/format.md section 8), by WebCrypto. */

import { ByteQueue } from "./bytes";
import { FormatError, MAGIC_HEADER, MAX_HEADER_BYTES, parseHeader, type SegmentHeader } from "./format";

export const MAGIC_CHUNK = 0x184d2a53;
export const MAGIC_LAST_CHUNK = 0x184d2a54;
export const CHUNK_BYTES = 256 * 1024;

const TAG_BYTES = 16;
const DATA_KEY_BYTES = 32;
const PART_BODY = 0;
const CONTEXT = new TextEncoder().encode("footlight-segment-key-1");

/** The 32 bytes of a recording's data key, asked for when the first encrypted segment is met; null: not to be had. */
export type DataKey = () => Promise<Uint8Array<ArrayBuffer> | null>;

type State = "header" | "clear" | "chunks" | "tail";

/** Takes stored bytes in any pieces, gives what they are in the clear: header and body. */
export class SegmentDecipher {
  private readonly waiting = new ByteQueue();
  private state: State = "header";
  private headerPayload: Uint8Array<ArrayBuffer> = new Uint8Array();
  private key: CryptoKey | null = null;
  private counter = 0;

  constructor(private readonly dataKey: DataKey) {}

  /** Throws FormatError. */
  async push(stored: Uint8Array): Promise<Uint8Array[]> {
    if (this.state === "clear") return [stored];
    if (this.state === "tail") return [];
    this.waiting.push(stored);
    const clear: Uint8Array[] = [];
    if (this.state === "header") {
      const header = this.takeHeader();
      if (header === null) return [];
      clear.push(header);
      if (this.key === null && !(await this.begin())) {
        this.state = "clear";
        const rest = this.waiting.take(this.waiting.length);
        return rest === null ? clear : [...clear, rest];
      }
      this.state = "chunks";
    }
    for (let chunk = this.takeChunk(); chunk !== null; chunk = this.takeChunk()) {
      clear.push(await this.decrypt(chunk.stored, chunk.last));
      if (chunk.last) {
        this.state = "tail";
        break;
      }
    }
    return clear;
  }

  /** The header's frame, when it is there. */
  private takeHeader(): Uint8Array | null {
    const head = this.waiting.peek(8);
    if (head === null) return null;
    const { magic, length } = framePrefix(head);
    if (magic !== MAGIC_HEADER) throw new FormatError(`frame magic ${magic.toString(16)} is out of place`);
    if (length > MAX_HEADER_BYTES) throw new FormatError(`frame of ${length} bytes`);
    const frame = this.waiting.take(8 + length);
    if (frame !== null) this.headerPayload = new Uint8Array(frame.subarray(8));
    return frame;
  }

  /** Whether the segment is encrypted; its key is then at hand. */
  private async begin(): Promise<boolean> {
    const header = parseHeader(this.headerPayload);
    if (!header.encrypted) return false;
    const secret = await this.dataKey();
    if (secret === null) throw new FormatError("segment is encrypted, and its data key is not at hand");
    this.key = await segmentKey(secret, header);
    return true;
  }

  private takeChunk(): { stored: Uint8Array<ArrayBuffer>; last: boolean } | null {
    const head = this.waiting.peek(8);
    if (head === null) return null;
    const { magic, length } = framePrefix(head);
    const last = magic === MAGIC_LAST_CHUNK;
    const full = CHUNK_BYTES + TAG_BYTES;
    const known = last ? length > TAG_BYTES && length <= full : magic === MAGIC_CHUNK && length === full;
    if (!known) throw new FormatError("encrypted chunk is of no known form");
    const frame = this.waiting.take(8 + length);
    return frame === null ? null : { stored: new Uint8Array(frame.subarray(8)), last };
  }

  private async decrypt(stored: Uint8Array<ArrayBuffer>, last: boolean): Promise<Uint8Array> {
    if (this.key === null) throw new FormatError("segment has no key");
    const iv = new Uint8Array(12);
    iv[0] = PART_BODY;
    iv[1] = last ? 1 : 0;
    new DataView(iv.buffer).setUint32(4, this.counter++, true);
    try {
      const how = { name: "AES-GCM", iv, additionalData: this.headerPayload };
      return new Uint8Array(await crypto.subtle.decrypt(how, this.key, stored));
    } catch {
      throw new FormatError("decryption fails: the bytes were changed or the data key is another");
    }
  }
}

/** The key of one segment. Throws FormatError when the data key is none. */
async function segmentKey(secret: Uint8Array<ArrayBuffer>, header: SegmentHeader): Promise<CryptoKey> {
  if (secret.length !== DATA_KEY_BYTES) throw new FormatError(`a data key has ${DATA_KEY_BYTES} bytes`);
  const base = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: header.salt, info: CONTEXT };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
}

function framePrefix(head: Uint8Array): { magic: number; length: number } {
  const view = new DataView(head.buffer, head.byteOffset, 8);
  return { magic: view.getUint32(0, true), length: view.getUint32(4, true) };
}

/** Segments made for tests, byte by byte as docs/format.md says. */

import { createCipheriv, hkdfSync } from "node:crypto";
import { constants, zstdCompressSync } from "node:zlib";

import { crc32 } from "../../src/recording/bytes";
import { rectangle, red, update, zrle } from "../rfb/rectangles";

export const RECORDING_ID = "00112233-4455-6677-8899-aabbccddeeff";

function frame(magic: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(magic, 0);
  head.writeUInt32LE(payload.length, 4);
  return Buffer.concat([head, payload]);
}

export function headerPayload(number: number, startNs: number): Buffer {
  const payload = Buffer.alloc(152);
  payload.set([0x89, 0x46, 0x4c, 0x52, 0x0d, 0x0a, 0x1a, 0x0a]);
  payload.writeUInt16LE(152, 10);
  payload.writeUInt32LE(number, 12);
  payload.set(Buffer.from(RECORDING_ID.replaceAll("-", ""), "hex"), 16);
  payload.writeBigUInt64LE(BigInt(startNs), 64);
  payload.writeUInt32LE(crc32(payload.subarray(0, 148)), 148);
  return payload;
}

/** A header of version 1. */
export function header1(number: number, startNs: number, salt: Uint8Array | null, wrapped = "wrapped"): Buffer {
  const payload = Buffer.alloc(182 + (salt === null ? 0 : wrapped.length) + 4);
  headerPayload(number, startNs).copy(payload, 0, 0, 148);
  payload.writeUInt16LE(1, 8);
  payload.writeUInt16LE(payload.length, 10);
  if (salt !== null) {
    payload.writeUInt32LE(1, 144);
    payload.set(salt, 148);
    payload.writeUInt16LE(wrapped.length, 180);
    payload.write(wrapped, 182, "ascii");
  }
  payload.writeUInt32LE(crc32(payload.subarray(0, payload.length - 4)), payload.length - 4);
  return payload;
}

/** An encrypted segment, made with node's own cipher. */
export function encrypted(number: number, startNs: number, records: Buffer[], key: Uint8Array): Uint8Array<ArrayBuffer> {
  const salt = Buffer.alloc(32, 7);
  const header = header1(number, startNs, salt);
  const own = Buffer.from(hkdfSync("sha256", key, salt, "footlight-segment-key-1", 32));
  const body = zstdCompressSync(Buffer.concat(records));
  const parts = [frame(0x184d2a50, header)];
  for (let counter = 0, at = 0; at < body.length; counter++, at += 262144) {
    const last = at + 262144 >= body.length;
    const nonce = Buffer.alloc(12);
    nonce[1] = last ? 1 : 0;
    nonce.writeUInt32LE(counter, 4);
    const cipher = createCipheriv("aes-256-gcm", own, nonce).setAAD(header);
    const stored = [cipher.update(body.subarray(at, at + 262144)), cipher.final()];
    parts.push(frame(last ? 0x184d2a54 : 0x184d2a53, Buffer.concat([...stored, cipher.getAuthTag()])));
  }
  const tail = [frame(0x184d2a51, Buffer.from("index")), frame(0x184d2a52, Buffer.alloc(232))];
  return new Uint8Array(Buffer.concat([...parts, ...tail]));
}

export function record(kind: number, atNs: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(16);
  head[0] = kind;
  head.writeUInt32LE(payload.length, 4);
  head.writeBigUInt64LE(BigInt(atNs), 8);
  return Buffer.concat([head, payload]);
}

export function screen(width: number, height: number): Uint8Array {
  const format = [32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0];
  return Uint8Array.from([width & 255, width >> 8, height & 255, height >> 8, ...format]);
}

export function gap(fromNs: number, toNs: number, cause: string): Uint8Array {
  const times = Buffer.alloc(16);
  times.writeBigUInt64LE(BigInt(fromNs), 0);
  times.writeBigUInt64LE(BigInt(toNs), 8);
  return Buffer.concat([times, Buffer.from(JSON.stringify({ cause, detail: "" }))]);
}

export const solid = (width: number, height: number, colour: number[] = red): Uint8Array =>
  update(rectangle(0, 0, width, height, 16, zrle([1, ...colour])));

/** A whole segment: header, body, index, seal (index and seal are not looked into by the player). */
export function segment(number: number, startNs: number, records: Buffer[], options: object = {}): Uint8Array<ArrayBuffer> {
  const body = zstdCompressSync(Buffer.concat(records), options);
  const tail = [frame(0x184d2a51, Buffer.from("index")), frame(0x184d2a52, Buffer.alloc(232))];
  return new Uint8Array(Buffer.concat([frame(0x184d2a50, headerPayload(number, startNs)), body, ...tail]));
}

export const withChecksum = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };

/** A segment whose zstd frame asks for a window of 16 MiB. */
export const wideWindow = new Uint8Array(
  Buffer.concat([frame(0x184d2a50, headerPayload(0, 0)), Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 14 << 3, 1, 0, 0])]),
);

/**
 * Blocks of one zstd frame made plain (RFC 8878 section 3.1.1.2 on), fast enough to seek with.
 *
 * Output goes one after the other into a buffer of two windows, and only when that is full its last window is moved
 * to the front: a byte is moved once at most, and back references are plain indexes. All reads of a block's bit
 * streams happen in a padded copy, so that none needs a check of its own: what ran over is found afterwards.
 */

import { FormatError } from "./format";

export const MAX_BLOCK_BYTES = 131072;

/** A round of reading goes at most 12 bytes before a stream's start, and never more than 4 behind its end. */
const PAD_BYTES = 16;
const FIRST_BUFFER_BYTES = 4 * MAX_BLOCK_BYTES;
/** From so many bytes on a call of copyWithin is cheaper than a loop. */
const LONG_COPY = 48;

const MAX_HUFFMAN_BITS = 11;
const MAX_WEIGHT_LOG = 6;
/** An offset of more bits is over the largest window. */
const MAX_OFFSET_CODE = 24;

/** One of FSE's tables: for each state `next state's base << 16 | bits to add to it << 8 | symbol`. */
interface States {
  log: number;
  cells: Int32Array;
}

/** Huffman codes: for each `bits` next bits of a stream `symbol << 8 | length of its code`. */
interface Codes {
  bits: number;
  cells: Uint16Array;
}

const run = (count: number, value: number): number[] => Array.from({ length: count }, () => value);

/** Extra bits of the codes of literal lengths and match lengths, and the least length of each code. */
const LITERAL_BITS = Uint8Array.from([...run(16, 0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
const MATCH_BITS = Uint8Array.from([...run(32, 0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
const LITERAL_BASE = bases(LITERAL_BITS, 0);
const MATCH_BASE = bases(MATCH_BITS, 3);

const LITERALS = { maxLog: 9, maxSymbol: 35, usual: states(6, [
  4, 3, ...run(11, 2), 1, 1, 1, ...run(9, 2), 3, 2, ...run(5, 1), ...run(4, -1),
]) };
const OFFSETS = { maxLog: 8, maxSymbol: MAX_OFFSET_CODE, usual: states(5, [...run(6, 1), 2, 2, 2, ...run(15, 1), ...run(5, -1)]) };
const MATCHES = { maxLog: 9, maxSymbol: 52, usual: states(6, [1, 4, 3, ...run(6, 2), ...run(37, 1), ...run(7, -1)]) };
type Coding = typeof LITERALS;

function bases(bits: Uint8Array, least: number): Int32Array {
  const base = new Int32Array(bits.length);
  for (let i = 0; i < bits.length; least += 1 << bits[i++]) base[i] = least;
  return base;
}

/** The table of a distribution (RFC 8878 section 4.1.1). -1: less than one state's share. */
function states(log: number, shares: number[]): States {
  const size = 1 << log;
  const symbols = new Uint8Array(size);
  const next = new Int32Array(shares.length);
  let high = size;
  for (let symbol = 0; symbol < shares.length; symbol++) {
    next[symbol] = Math.abs(shares[symbol]);
    if (shares[symbol] === -1) symbols[--high] = symbol;
  }
  const step = (size >> 1) + (size >> 3) + 3;
  let at = 0;
  for (let symbol = 0; symbol < shares.length; symbol++) {
    for (let i = 0; i < shares[symbol]; i++) {
      symbols[at] = symbol;
      do at = (at + step) & (size - 1);
      while (at >= high);
    }
  }
  const cells = new Int32Array(size);
  for (let state = 0; state < size; state++) {
    const share = next[symbols[state]]++;
    const bits = log - topBit(share);
    cells[state] = (((share << bits) - size) << 16) | (bits << 8) | symbols[state];
  }
  return { log, cells };
}

function topBit(value: number): number {
  return 31 - Math.clz32(value);
}

function damaged(what: string): never {
  throw new FormatError(`zstd data is damaged: ${what}`);
}

/** Takes the blocks of a frame in order. */
export class Unzstd {
  private out = new Uint8Array(FIRST_BUFFER_BYTES);
  private end = 0;

  /** The block at hand, between paddings. */
  private readonly data = new Uint8Array(MAX_BLOCK_BYTES + 2 * PAD_BYTES);
  private readonly words = new DataView(this.data.buffer);
  private at = 0;
  private dataEnd = 0;

  private readonly literals = new Uint8Array(MAX_BLOCK_BYTES + 1);
  private literalBytes = 0;
  private codes: Codes | null = null;

  private lengthStates: States | null = null;
  private offsetStates: States | null = null;
  private matchStates: States | null = null;
  private readonly offsets = Int32Array.of(1, 4, 8);

  /** `window`: of how many bytes before it a block may speak. */
  constructor(private readonly window: number) {}

  /** Bytes of memory that this takes. */
  get size(): number {
    return this.out.length;
  }

  /** What a raw block holds. Its bytes, like those of the other two, are good until the next block. */
  raw(bytes: Uint8Array): Uint8Array {
    const start = this.room();
    this.out.set(bytes, start);
    return this.grown(bytes.length);
  }

  /** What a block of one byte again and again holds. */
  repeated(byte: number, count: number): Uint8Array {
    const start = this.room();
    this.out.fill(byte, start, start + count);
    return this.grown(count);
  }

  /** What a compressed block holds. Throws FormatError. */
  compressed(bytes: Uint8Array): Uint8Array {
    const start = this.room();
    this.data.set(bytes, PAD_BYTES);
    this.at = PAD_BYTES;
    this.dataEnd = PAD_BYTES + bytes.length;
    // What an earlier block left behind must not make a difference.
    this.data.fill(0, this.dataEnd, this.dataEnd + PAD_BYTES);
    this.readLiterals();
    const count = this.sequenceCount();
    if (count > 0) return this.grown(this.runSequences(count) - start);
    if (this.at !== this.dataEnd) damaged("a block goes on behind its end");
    this.out.set(this.literals.subarray(0, this.literalBytes), start);
    return this.grown(this.literalBytes);
  }

  private grown(count: number): Uint8Array {
    const piece = this.out.subarray(this.end, this.end + count);
    this.end += count;
    return piece;
  }

  /** Where the next block goes; there is room for it. */
  private room(): number {
    if (this.end + MAX_BLOCK_BYTES <= this.out.length) return this.end;
    const most = 2 * this.window + MAX_BLOCK_BYTES;
    if (this.out.length < most) {
      const larger = new Uint8Array(Math.max(Math.min(this.out.length * 2, most), this.end + MAX_BLOCK_BYTES));
      larger.set(this.out.subarray(0, this.end));
      this.out = larger;
    } else {
      this.out.copyWithin(0, this.end - this.window, this.end);
      this.end = this.window;
    }
    return this.end;
  }

  private readLiterals(): void {
    const { data } = this;
    const word = this.words.getUint32(this.at, true);
    const type = word & 3;
    const form = (word >> 2) & 3;
    if (type < 2) {
      const headBytes = form === 1 ? 2 : form === 3 ? 3 : 1;
      const count = headBytes === 1 ? (word & 0xff) >> 3 : (word & (headBytes === 2 ? 0xffff : 0xffffff)) >> 4;
      this.at += headBytes;
      this.literalBytes = checkedCount(count);
      const stored = type === 0 ? count : 1;
      if (this.at + stored > this.dataEnd) damaged("literals are cut off");
      if (type === 0) this.literals.set(data.subarray(this.at, this.at + count));
      else this.literals.fill(data[this.at], 0, count);
      this.at += stored;
      return;
    }
    const bits = form === 3 ? 18 : form === 2 ? 14 : 10;
    const mask = (1 << bits) - 1;
    this.literalBytes = checkedCount((word >>> 4) & mask);
    // The second number begins in the first word and may end in the fifth byte.
    const second = this.words.getUint32(this.at + 1, true);
    const stored = form === 3 ? (second >>> 14) & mask : (word >>> (4 + bits)) & mask;
    this.at += form === 3 ? 5 : form === 2 ? 4 : 3;
    const end = this.at + stored;
    if (end > this.dataEnd) damaged("literals are cut off");
    if (type === 2) this.codes = this.readCodes(end);
    if (this.codes === null) damaged("no Huffman codes");
    if (form === 0) this.readStream(this.codes, this.at, end, 0, this.literalBytes);
    else this.readStreams(this.codes, end);
    this.at = end;
  }

  private readStreams(codes: Codes, end: number): void {
    const share = (this.literalBytes + 3) >> 2;
    if (share * 3 > this.literalBytes) damaged("too few literals for four streams");
    let from = this.at + 6;
    for (let i = 0; i < 4; i++) {
      const to = i === 3 ? end : from + this.words.getUint16(this.at + 2 * i, true);
      if (to > end) damaged("literals are cut off");
      this.readStream(codes, from, to, share * i, i === 3 ? this.literalBytes : share * (i + 1));
      from = to;
    }
  }

  /** Where, in bits, the stream that is read backwards from `end` begins. */
  private streamTop(from: number, end: number): number {
    if (end <= from || this.data[end - 1] === 0) damaged("a bit stream without an end");
    return (end - 1) * 8 + topBit(this.data[end - 1]);
  }

  /** Huffman codes into `literals`. */
  private readStream(codes: Codes, from: number, end: number, into: number, until: number): void {
    const { literals, words } = this;
    const { bits, cells } = codes;
    const mask = (1 << bits) - 1;
    const bottom = from * 8;
    let top = this.streamTop(from, end);
    let i = into;
    // Two codes have at most 22 bits, and 25 are in each word whatever bit it begins with.
    const first = 2 * MAX_HUFFMAN_BITS - bits;
    while (i + 1 < until) {
      const low = top - 2 * MAX_HUFFMAN_BITS;
      const word = words.getInt32(low >> 3, true) >>> (low & 7);
      const one = cells[(word >>> first) & mask];
      const other = cells[(word >>> (first - (one & 0xff))) & mask];
      literals[i++] = one >> 8;
      literals[i++] = other >> 8;
      top -= (one & 0xff) + (other & 0xff);
      if (top < bottom) damaged("literals are cut off");
    }
    if (i < until) {
      const low = top - bits;
      const cell = cells[(words.getInt32(low >> 3, true) >>> (low & 7)) & mask];
      literals[i] = cell >> 8;
      top -= cell & 0xff;
    }
    if (top !== bottom) damaged("literals do not end where their bytes do");
  }

  /** The description of Huffman codes at hand (RFC 8878 section 4.2.1). */
  private readCodes(limit: number): Codes {
    const weights = new Uint8Array(256);
    const head = this.data[this.at++];
    const end = this.at + (head < 128 ? head : (head - 126) >> 1);
    if (end > limit) damaged("Huffman codes are cut off");
    let count = 0;
    if (head < 128) {
      count = this.readWeights(weights, end);
    } else {
      for (; count < head - 127; count++) {
        const pair = this.data[this.at + (count >> 1)];
        weights[count] = (count & 1) === 0 ? pair >> 4 : pair & 15;
      }
    }
    this.at = end;
    let sum = 0;
    for (let i = 0; i < count; i++) sum += weights[i] === 0 ? 0 : 1 << (weights[i] - 1);
    const bits = sum === 0 ? 0 : topBit(sum) + 1;
    const rest = (1 << bits) - sum;
    if (bits === 0 || bits > MAX_HUFFMAN_BITS || (rest & (rest - 1)) !== 0) damaged("Huffman codes do not add up");
    // The last symbol's weight is what lacks.
    weights[count++] = topBit(rest) + 1;
    const cells = new Uint16Array(1 << bits);
    let at = 0;
    for (let weight = 1; weight <= bits; weight++) {
      for (let symbol = 0; symbol < count; symbol++) {
        if (weights[symbol] !== weight) continue;
        const share = 1 << (weight - 1);
        cells.fill((symbol << 8) | (bits + 1 - weight), at, at + share);
        at += share;
      }
    }
    return { bits, cells };
  }

  /** Weights of Huffman codes that are compressed by FSE themselves; how many. */
  private readWeights(weights: Uint8Array, end: number): number {
    const { log, cells } = this.readStates({ maxLog: MAX_WEIGHT_LOG, maxSymbol: MAX_HUFFMAN_BITS }, end);
    const bottom = this.at * 8;
    let top = this.streamTop(this.at, end);
    const take = (bits: number): number => {
      top -= bits;
      return (this.words.getInt32(top >> 3, true) >>> (top & 7)) & ((1 << bits) - 1);
    };
    // Two states take turns; the one that finds no bits left ends it, and the other still has a symbol.
    const turns = [take(log), take(log)];
    if (top < bottom) damaged("Huffman weights are cut off");
    for (let count = 0; count < 254; ) {
      const turn = count & 1;
      const cell = cells[turns[turn]];
      weights[count++] = cell & 0xff;
      const bits = (cell >> 8) & 0xff;
      if (top - bits < bottom) {
        weights[count++] = cells[turns[1 - turn]] & 0xff;
        return count;
      }
      turns[turn] = (cell >> 16) + take(bits);
    }
    return damaged("too many Huffman weights");
  }

  /** An FSE table's description at hand (RFC 8878 section 4.1.1). */
  private readStates({ maxLog, maxSymbol }: Pick<Coding, "maxLog" | "maxSymbol">, end: number): States {
    let at = this.at * 8;
    const log = (this.data[this.at] & 15) + 5;
    if (log > maxLog) damaged("FSE table is too large");
    at += 4;
    const peek = (): number => this.words.getInt32(at >> 3, true) >>> (at & 7);
    const shares: number[] = [];
    let rest = (1 << log) + 1;
    while (rest > 1) {
      if (at > end * 8) damaged("FSE table is cut off");
      const bits = topBit(rest);
      const most = (2 << bits) - 1 - rest;
      const word = peek();
      let share = word & ((1 << bits) - 1);
      if (share < most) {
        at += bits;
      } else {
        share = word & ((2 << bits) - 1);
        if (share >= 1 << bits) share -= most;
        at += bits + 1;
      }
      rest -= Math.abs(--share);
      shares.push(share);
      for (let more = share === 0 ? 3 : 0; more === 3; at += 2) {
        more = peek() & 3;
        for (let i = 0; i < more; i++) shares.push(0);
        if (shares.length > maxSymbol) break;
      }
      if (shares.length > maxSymbol + 1) damaged("FSE table has too many symbols");
    }
    this.at = (at + 7) >> 3;
    if (rest !== 1 || this.at > end) damaged("FSE table does not add up");
    return states(log, shares);
  }

  private sequenceCount(): number {
    const first = this.data[this.at++];
    if (first < 128) return first;
    const second = this.data[this.at++];
    return first < 255 ? ((first - 128) << 8) | second : second + (this.data[this.at++] << 8) + 0x7f00;
  }

  /** One of the three tables of a block, by its mode. */
  private statesOf(mode: number, coding: Coding, before: States | null): States {
    if (mode === 0) return coding.usual;
    if (mode === 2) return this.readStates(coding, this.dataEnd);
    if (mode === 3) return before ?? damaged("no FSE table to repeat");
    const symbol = this.data[this.at++];
    if (symbol > coding.maxSymbol) damaged("code is out of range");
    return { log: 0, cells: Int32Array.of(symbol) };
  }

  /** Literals and matches into `out`, in turns; where they end. */
  private runSequences(count: number): number {
    const modes = this.data[this.at++];
    if ((modes & 3) !== 0) damaged("reserved bits are set");
    this.lengthStates = this.statesOf(modes >> 6, LITERALS, this.lengthStates);
    this.offsetStates = this.statesOf((modes >> 4) & 3, OFFSETS, this.offsetStates);
    this.matchStates = this.statesOf((modes >> 2) & 3, MATCHES, this.matchStates);

    const { out, words, literals, literalBytes, offsets } = this;
    const lengthCells = this.lengthStates.cells;
    const offsetCells = this.offsetStates.cells;
    const matchCells = this.matchStates.cells;
    const bottom = this.at * 8;
    const limit = this.end + MAX_BLOCK_BYTES;
    let top = this.streamTop(this.at, this.dataEnd);
    let read = 0;
    let to = this.end;

    top -= this.lengthStates.log;
    let lengthState = (words.getInt32(top >> 3, true) >>> (top & 7)) & (lengthCells.length - 1);
    top -= this.offsetStates.log;
    let offsetState = (words.getInt32(top >> 3, true) >>> (top & 7)) & (offsetCells.length - 1);
    top -= this.matchStates.log;
    let matchState = (words.getInt32(top >> 3, true) >>> (top & 7)) & (matchCells.length - 1);

    for (let left = count; left > 0; left--) {
      const lengthCell = lengthCells[lengthState];
      const offsetCell = offsetCells[offsetState];
      const matchCell = matchCells[matchState];
      const lengthCode = lengthCell & 0xff;
      const offsetCode = offsetCell & 0xff;
      const matchCode = matchCell & 0xff;
      // A usual table has codes over the limit too.
      if (offsetCode > MAX_OFFSET_CODE) damaged("offset is over the window");

      top -= offsetCode;
      const told = (1 << offsetCode) + ((words.getInt32(top >> 3, true) >>> (top & 7)) & ((1 << offsetCode) - 1));
      let bits = MATCH_BITS[matchCode];
      top -= bits;
      const match = MATCH_BASE[matchCode] + ((words.getInt32(top >> 3, true) >>> (top & 7)) & ((1 << bits) - 1));
      bits = LITERAL_BITS[lengthCode];
      top -= bits;
      const length = LITERAL_BASE[lengthCode] + ((words.getInt32(top >> 3, true) >>> (top & 7)) & ((1 << bits) - 1));
      if (left > 1) {
        bits = (lengthCell >> 8) & 0xff;
        top -= bits;
        lengthState = (lengthCell >> 16) + ((words.getInt32(top >> 3, true) >>> (top & 7)) & ((1 << bits) - 1));
        bits = (matchCell >> 8) & 0xff;
        top -= bits;
        matchState = (matchCell >> 16) + ((words.getInt32(top >> 3, true) >>> (top & 7)) & ((1 << bits) - 1));
        bits = (offsetCell >> 8) & 0xff;
        top -= bits;
        offsetState = (offsetCell >> 16) + ((words.getInt32(top >> 3, true) >>> (top & 7)) & ((1 << bits) - 1));
      }
      if (top < bottom) damaged("sequences are cut off");

      let offset;
      if (told > 3) {
        offset = told - 3;
        offsets[2] = offsets[1];
        offsets[1] = offsets[0];
        offsets[0] = offset;
      } else {
        // One of the last three, or the last less 1.
        const which = length === 0 ? told : told - 1;
        offset = which === 3 ? offsets[0] - 1 : offsets[which];
        if (which > 0) {
          if (which > 1) offsets[2] = offsets[1];
          offsets[1] = offsets[0];
          offsets[0] = offset;
        }
      }

      if (read + length > literalBytes) damaged("too few literals");
      if (to + length + match > limit) damaged("block is too large");
      if (length < LONG_COPY) {
        for (const until = to + length; to < until; ) out[to++] = literals[read++];
      } else {
        out.set(literals.subarray(read, read + length), to);
        read += length;
        to += length;
      }
      if (offset < 1 || offset > to || offset > this.window) damaged("offset is over what was before");
      let from = to - offset;
      const until = to + match;
      if (match >= LONG_COPY && offset > 1) {
        // What overlaps is copied in steps, each twice as long.
        for (; until - to > to - from; to += to - from) out.copyWithin(to, from, to);
        out.copyWithin(to, from, from + until - to);
      } else if (match >= LONG_COPY) {
        out.fill(out[from], to, until);
      } else {
        while (to < until) out[to++] = out[from++];
      }
      to = until;
    }
    if (top !== bottom) damaged("sequences do not end where their bytes do");
    if (to + literalBytes - read > limit) damaged("block is too large");
    out.set(literals.subarray(read, literalBytes), to);
    return to + literalBytes - read;
  }
}

function checkedCount(literals: number): number {
  return literals > MAX_BLOCK_BYTES ? damaged("too many literals") : literals;
}

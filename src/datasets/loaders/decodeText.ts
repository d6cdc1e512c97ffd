/** A file's bytes as UTF-8 text without a byte order mark, whatever they are packed and written in. Streams. */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { problemError } from '../../shared/problem';
import type { Compression, Encoding, Storage } from './fileLayout';

const CHUNK_BYTES = 256 * 1024;

/** The text stops here because what it is packed in is broken. */
export class BrokenCompression extends Error {}

/** `from` counts bytes of the text. Where the text is not stored as it is, everything before has to be decoded too. */
export async function* decodeText(file: string, storage: Storage, from = 0, signal?: AbortSignal): AsyncGenerator<Buffer> {
  if (isStoredAsIs(storage)) {
    yield* readChunks(file, storage.bom + from, signal);
    return;
  }
  const packed = readChunks(file, 0, signal);
  const bytes = skipBytes(storage.compression === null ? packed : unpack(packed, storage.compression), storage.bom);
  yield* skipBytes(storage.encoding === 'utf-8' ? bytes : fromUtf16(bytes, storage.encoding), from);
}

export const STORED_AS_IS: Storage = { compression: null, encoding: 'utf-8', bom: 0 };

/** Whether a byte of the text is a byte of the file. */
export function isStoredAsIs({ compression, encoding }: Storage): boolean {
  return compression === null && encoding === 'utf-8';
}

/** At least `atLeast` unpacked bytes of the beginning, or all there are (`isWhole`). Problems: dataset/broken-compression where there is none. */
export async function unpackHead(file: string, compression: Compression, atLeast: number): Promise<{ bytes: Buffer; isWhole: boolean }> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of unpack(readChunks(file, 0), compression)) {
      parts.push(part);
      length += part.length;
      if (length >= atLeast) return { bytes: Buffer.concat(parts), isWhole: false };
    }
  } catch (error) {
    if (!(error instanceof BrokenCompression)) throw error;
    if (length === 0) throw problemError('dataset/broken-compression', `${error.message}.`, { where: { file, line: 1, column: 1 }, fix: { text: 'Pack or download the file again.' } }, error);
  }
  return { bytes: Buffer.concat(parts), isWhole: true };
}

async function* readChunks(file: string, start: number, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const stream = createReadStream(file, { start, highWaterMark: CHUNK_BYTES });
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      signal?.throwIfAborted();
      yield chunk;
    }
  } finally {
    stream.destroy();
  }
}

function unpack(packed: AsyncIterable<Buffer>, compression: Compression): AsyncGenerator<Buffer> {
  return compression === 'gzip' ? gunzip(packed) : unzstd(packed);
}

async function* gunzip(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  // An error of the file reaches the reader below; the callback only says that somebody listens.
  const text = pipeline(packed, createGunzip({ chunkSize: CHUNK_BYTES }), () => undefined);
  try {
    for await (const chunk of text as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    if (!(error as NodeJS.ErrnoException).code?.startsWith('Z_')) throw error;
    throw new BrokenCompression(`The gzip data is broken: ${(error as Error).message}`, { cause: error });
  }
}

async function* unzstd(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  const zstd = new Decompress(({ buffer, byteOffset, length }) => { if (length > 0) parts.push(Buffer.from(buffer, byteOffset, length)); });
  /** What was unpacked before a fault is in `parts`. */
  const push = (chunk: Uint8Array, isLast: boolean): BrokenCompression | undefined => {
    parts = [];
    try {
      zstd.push(chunk, isLast);
      return undefined;
    } catch (error) {
      return new BrokenCompression(`The zstd data is broken: ${(error as Error).message}`, { cause: error });
    }
  };
  for await (const chunk of packed) {
    const broken = push(chunk, false);
    yield* parts;
    if (broken) throw broken;
  }
  const broken = push(new Uint8Array(0), true);
  yield* parts;
  if (broken) throw broken;
}

export async function* skipBytes(chunks: AsyncIterable<Buffer>, count: number): AsyncGenerator<Buffer> {
  let left = count;
  for await (const chunk of chunks) {
    if (left < chunk.length) yield left === 0 ? chunk : chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

/** Halves of surrogate pairs become bytes that are no UTF-8, so that their row is told like any other that is no text. */
async function* fromUtf16(chunks: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  const text = (bytes: Buffer): Buffer => {
    const units = encoding === 'utf-16be' ? Buffer.from(bytes).swap16() : bytes;
    const decoded = units.toString('utf16le');
    if (!/\p{Cs}/u.test(decoded)) return Buffer.from(decoded);
    return Buffer.concat(decoded.split(/(\p{Cs})/u).map(part => (/^\p{Cs}$/u.test(part) ? NO_CHARACTER : Buffer.from(part))));
  };
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let whole = bytes.length - (bytes.length % 2);
    const lastHigh = whole >= 2 ? bytes[encoding === 'utf-16be' ? whole - 2 : whole - 1]! : 0;
    // The first half of a pair waits for the second.
    if (lastHigh >= 0xd8 && lastHigh <= 0xdb) whole -= 2;
    rest = Buffer.from(bytes.subarray(whole));
    if (whole > 0) yield text(bytes.subarray(0, whole));
  }
  if (rest.length >= 2) yield text(rest.subarray(0, 2));
  if (rest.length % 2 === 1) yield NO_CHARACTER;
}

const NO_CHARACTER = Buffer.from([0xff]);

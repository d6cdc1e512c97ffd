/** The same text in everything that a file may be stored as. */
import { gzipSync } from 'node:zlib';

/** zstd with its blocks stored as they are: a frame any decoder reads, without a compressor. Source: RFC 8878, 3.1.1. */
export function zstdStored(bytes: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58])];
  for (let at = 0; at === 0 || at < bytes.length; at += 100_000) {
    const block = bytes.subarray(at, at + 100_000);
    const isLast = at + 100_000 >= bytes.length;
    const header = Buffer.alloc(3);
    header.writeUIntLE((block.length << 3) | (isLast ? 1 : 0), 0, 3);
    parts.push(header, block);
  }
  return Buffer.concat(parts);
}

export const STORAGES: Readonly<Record<string, { ending: string; store(text: string): Buffer }>> = {
  'UTF-8': { ending: '', store: text => Buffer.from(text) },
  'UTF-8 with a byte order mark': { ending: '', store: text => Buffer.from(`\ufeff${text}`) },
  'UTF-16 LE': { ending: '', store: text => Buffer.from(`\ufeff${text}`, 'utf16le') },
  'UTF-16 BE': { ending: '', store: text => Buffer.from(`\ufeff${text}`, 'utf16le').swap16() },
  'CRLF': { ending: '', store: text => Buffer.from(text.replaceAll('\n', '\r\n')) },
  'gzip': { ending: '.gz', store: text => gzipSync(text) },
  'gzip in two members': { ending: '.gz', store: text => Buffer.concat([gzipSync(text.slice(0, 1000)), gzipSync(text.slice(1000))]) },
  'zstd': { ending: '.zst', store: text => zstdStored(Buffer.from(text)) },
  'zstd in two frames': { ending: '.zst', store: text => Buffer.concat([zstdStored(Buffer.from(text.slice(0, 1000))), zstdStored(Buffer.from(text.slice(1000)))]) },
  'gzip of UTF-16': { ending: '.gz', store: text => gzipSync(Buffer.from(`\ufeff${text}`, 'utf16le')) },
};

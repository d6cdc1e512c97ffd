/** Reads a file forward in small pieces through a window, never beyond its end or beyond a limit. Synchronous: a GGUF header holds
 *  some 300,000 strings in a few megabytes, and that many awaits would take longer than the reading. */
import { readSync } from 'node:fs';

/** Bytes fetched at a time. */
const windowBytes = 2 ** 20;

export class FileCursor {
  private window = Buffer.alloc(0);
  private windowStart = 0;
  /** Absolute offset of the next byte. */
  position = 0;

  /** `fail` makes the error for a read past `end` (the file's end or the header limit, whichever is nearer). */
  constructor(private readonly descriptor: number, readonly end: number, private readonly fail: (needed: number, position: number) => Error) {}

  u8(): number { return this.window.readUInt8(this.take(1)); }
  i8(): number { return this.window.readInt8(this.take(1)); }
  u16(): number { return this.window.readUInt16LE(this.take(2)); }
  i16(): number { return this.window.readInt16LE(this.take(2)); }
  u32(): number { return this.window.readUInt32LE(this.take(4)); }
  i32(): number { return this.window.readInt32LE(this.take(4)); }
  f32(): number { return this.window.readFloatLE(this.take(4)); }
  f64(): number { return this.window.readDoubleLE(this.take(8)); }
  u64(): bigint { return this.window.readBigUInt64LE(this.take(8)); }
  i64(): bigint { return this.window.readBigInt64LE(this.take(8)); }

  text(byteLength: number): string {
    const at = this.take(byteLength);
    return this.window.toString('utf8', at, at + byteLength);
  }

  /** Bytes left before the end; a claimed count above it can be refused before anything is allocated. */
  get remaining(): number { return this.end - this.position; }

  /** Index in the window of the next `count` bytes, which are passed over. */
  private take(count: number): number {
    if (count > this.remaining) throw this.fail(count, this.position);
    let at = this.position - this.windowStart;
    if (at + count > this.window.length) {
      this.fill(count);
      at = 0;
    }
    this.position += count;
    return at;
  }

  private fill(count: number): void {
    const wanted = Math.min(Math.max(count, windowBytes), this.remaining);
    const bytes = Buffer.alloc(wanted);
    let done = 0;
    while (done < wanted) {
      const read = readSync(this.descriptor, bytes, done, wanted - done, this.position + done);
      if (read === 0) throw this.fail(count, this.position);
      done += read;
    }
    this.window = bytes;
    this.windowStart = this.position;
  }
}

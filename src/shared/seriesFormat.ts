/** How a run's whole series lies in its directory, appended by the trainer and read in any range by the host.
 *
 *  series.bin: a header of HEADER_BYTES (JSON, padded with spaces), then one row an update: step (uint32), then one float32 for each column
 *  there is room for; NaN where a row lacks it. Steps ascend. series.1.bin, series.2.bin, …: level k summarises FAN_OUT whole units of
 *  level k − 1 in one record: for each column the first, lowest, highest and last point, each a value (float32) and its step (uint32);
 *  a step of 0 where the column had no finite value. Numbers are little-endian. What is half written at the end does not count. */

export const HEADER_BYTES = 8192;
export const FAN_OUT = 32;
/** FAN_OUT ** 4 is more than a million rows. */
export const LEVELS = 4;

export interface SeriesHeader {
  version: 1;
  /** Names of the columns, in order; new ones are added where there is room. */
  columns: string[];
  /** Columns that a row has room for. */
  capacity: number;
}

/** Of one column in one unit: value and step of its first, lowest, highest and last point, or nothing. */
export interface Bucket { first: SeriesPoint; lowest: SeriesPoint; highest: SeriesPoint; last: SeriesPoint }
export interface SeriesPoint { step: number; value: number }

const NUMBER_BYTES = 4;
const BUCKET_BYTES = 8 * NUMBER_BYTES;

export function levelName(level: number): string {
  return level === 0 ? 'series.bin' : `series.${level}.bin`;
}

export function unitBytes(level: number, capacity: number): number {
  return level === 0 ? NUMBER_BYTES * (1 + capacity) : BUCKET_BYTES * capacity;
}

export function encodeHeader(header: SeriesHeader): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(HEADER_BYTES).fill(0x20);
  bytes.set(text);
  return bytes;
}

/** Undefined where it is none of ours, or damaged. */
export function decodeHeader(bytes: Uint8Array): SeriesHeader | undefined {
  try {
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(0, HEADER_BYTES))) as Partial<SeriesHeader>;
    const isOurs = header.version === 1 && Array.isArray(header.columns) && Number.isSafeInteger(header.capacity) && header.columns.length <= header.capacity!;
    return isOurs ? (header as SeriesHeader) : undefined;
  } catch {
    return undefined;
  }
}

export function encodeRow(step: number, values: readonly number[], capacity: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(unitBytes(0, capacity)));
  view.setUint32(0, step, true);
  for (let i = 0; i < capacity; i++) view.setFloat32(NUMBER_BYTES * (1 + i), values[i] ?? NaN, true);
  return new Uint8Array(view.buffer);
}

export function readStep(view: DataView, row: number, capacity: number): number {
  return view.getUint32(row * unitBytes(0, capacity), true);
}

/** The bucket of one column of one unit: for a row, its point four times. */
export function readBucket(view: DataView, level: number, unit: number, column: number, capacity: number): Bucket | undefined {
  if (level === 0) {
    const start = unit * unitBytes(0, capacity);
    const value = view.getFloat32(start + NUMBER_BYTES * (1 + column), true);
    if (!Number.isFinite(value)) return undefined;
    const point = { step: view.getUint32(start, true), value };
    return { first: point, lowest: point, highest: point, last: point };
  }
  const start = unit * unitBytes(level, capacity) + column * BUCKET_BYTES;
  const point = (i: number): SeriesPoint => ({ value: view.getFloat32(start + i * 2 * NUMBER_BYTES, true), step: view.getUint32(start + (i * 2 + 1) * NUMBER_BYTES, true) });
  const first = point(0);
  return first.step === 0 ? undefined : { first, lowest: point(1), highest: point(2), last: point(3) };
}

export function writeBucket(view: DataView, column: number, bucket: Bucket | undefined): void {
  if (!bucket) return;
  for (const [i, { step, value }] of [bucket.first, bucket.lowest, bucket.highest, bucket.last].entries()) {
    view.setFloat32(column * BUCKET_BYTES + i * 2 * NUMBER_BYTES, value, true);
    view.setUint32(column * BUCKET_BYTES + (i * 2 + 1) * NUMBER_BYTES, step, true);
  }
}

/** Two neighbours as one; of equals the earlier one counts. */
export function joinBuckets(before: Bucket | undefined, after: Bucket | undefined): Bucket | undefined {
  if (!before || !after) return before ?? after;
  return {
    first: before.first,
    lowest: after.lowest.value < before.lowest.value ? after.lowest : before.lowest,
    highest: after.highest.value > before.highest.value ? after.highest : before.highest,
    last: after.last,
  };
}

/** One record of the level above `units` whole units that `view` begins with. */
export function summarise(view: DataView, level: number, capacity: number, units: number = FAN_OUT): Uint8Array {
  const record = new DataView(new ArrayBuffer(unitBytes(level + 1, capacity)));
  for (let column = 0; column < capacity; column++) {
    let bucket: Bucket | undefined;
    for (let unit = 0; unit < units; unit++) bucket = joinBuckets(bucket, readBucket(view, level, unit, column, capacity));
    writeBucket(record, column, bucket);
  }
  return new Uint8Array(record.buffer);
}

/** Reads any range of a run's series files (shared/seriesFormat.ts), as finely as asked, in time that does not grow with the run. */
import fs from 'node:fs';
import path from 'node:path';
import type { Series, SeriesByName, SeriesRange } from '../shared/follow';
import { decodeHeader, FAN_OUT, HEADER_BYTES, joinBuckets, levelName, LEVELS, readBucket, readStep, unitBytes } from '../shared/seriesFormat';
import type { Bucket } from '../shared/seriesFormat';

/** first, lowest, highest, last */
const POINTS_OF_BUCKET = 4;

export interface SeriesReading {
  readonly series: SeriesByName;
  /** Of the newest row that was there. */
  readonly lastStep: number;
}

/** Undefined where there is no series, or a damaged one. */
export function readSeries(root: string, { fromStep = 0, toStep = Infinity, maxPoints = Infinity, names }: SeriesRange = {}): SeriesReading | undefined {
  const files = new Levels(root);
  try {
    const header = files.header();
    if (!header) return undefined;
    const rows = files.rows;
    const [start, end] = [files.firstRowAt(fromStep, rows), files.firstRowAt(toStep + 1, rows)];
    const buckets = Math.max(1, Math.floor(maxPoints / POINTS_OF_BUCKET));
    // All rows where they fit; else the coarsest level that is half as fine as what is asked, or finer: what is read stays small.
    const isWhole = end - start <= maxPoints;
    let level = 0;
    while (!isWhole && level < LEVELS && (end - start) / FAN_OUT ** (level + 1) >= buckets / 2) level++;
    const perBucket = isWhole ? 1 : Math.ceil((end - start) / buckets);
    const columns = header.columns.flatMap((name, column) => (!names || names.includes(name) ? [{ name, column, joined: [] as (Bucket | undefined)[] }] : []));
    for (const { view, level: ofLevel, firstUnit, units } of files.pieces(level, start, end)) {
      for (let unit = 0; unit < units; unit++) {
        const bucket = Math.floor(((firstUnit + unit) * FAN_OUT ** ofLevel - start) / perBucket);
        const at = Math.max(0, bucket);
        for (const one of columns) one.joined[at] = joinBuckets(one.joined[at], readBucket(view, ofLevel, unit, one.column, header.capacity));
      }
    }
    return {
      series: Object.fromEntries(columns.map(({ name, joined }) => [name, seriesOf(joined)])),
      lastStep: rows === 0 ? 0 : files.stepOf(rows - 1),
    };
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined; // not there, or it cannot be read
    throw error;
  } finally {
    files.close();
  }
}

function seriesOf(buckets: readonly (Bucket | undefined)[]): Series {
  const series: Series = { steps: [], values: [] };
  for (const bucket of buckets) {
    if (!bucket) continue;
    const points = [bucket.first, bucket.lowest, bucket.highest, bucket.last].sort((a, b) => a.step - b.step);
    for (const [i, { step, value }] of points.entries()) {
      if (i > 0 && step === points[i - 1]!.step) continue;
      series.steps.push(step);
      series.values.push(value);
    }
  }
  return series;
}

/** Units of one level that lie together in memory. */
interface Piece { readonly view: DataView; readonly level: number; readonly firstUnit: number; readonly units: number }

class Levels {
  private readonly handles = new Map<number, number>();
  private capacity = 0;
  rows = 0;

  constructor(private readonly root: string) {}

  header(): ReturnType<typeof decodeHeader> {
    const header = decodeHeader(this.read(0, -HEADER_BYTES, HEADER_BYTES));
    this.capacity = header?.capacity ?? 0;
    this.rows = header ? this.unitsOf(0) : 0;
    return header;
  }

  /** Binary search: steps ascend. */
  firstRowAt(step: number, rows: number): number {
    let [low, high] = [0, rows];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.stepOf(middle) < step) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  stepOf(row: number): number {
    const bytes = unitBytes(0, this.capacity);
    return readStep(viewOf(this.read(0, row * bytes, bytes)), 0, this.capacity);
  }

  /** Rows `start` to `end`: whole units of `level`, and before and after them what is left over, in the levels below. */
  *pieces(level: number, start: number, end: number): Generator<Piece> {
    if (start >= end) return;
    const width = FAN_OUT ** level;
    const first = Math.ceil(start / width);
    const last = Math.min(Math.floor(end / width), level === 0 ? end : this.unitsOf(level));
    if (first >= last && level > 0) {
      yield* this.pieces(level - 1, start, end);
      return;
    }
    if (level > 0) yield* this.pieces(level - 1, start, first * width);
    const bytes = unitBytes(level, this.capacity);
    const read = this.read(level, first * bytes, (last - first) * bytes);
    yield { view: viewOf(read), level, firstUnit: first, units: Math.floor(read.length / bytes) };
    if (level > 0) yield* this.pieces(level - 1, last * width, end);
  }

  close(): void {
    for (const handle of this.handles.values()) fs.closeSync(handle);
  }

  private unitsOf(level: number): number {
    const start = level === 0 ? HEADER_BYTES : 0;
    return Math.floor(Math.max(0, fs.fstatSync(this.handle(level)).size - start) / unitBytes(level, this.capacity));
  }

  /** `offset` counts from the first unit. */
  private read(level: number, offset: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    const read = fs.readSync(this.handle(level), bytes, 0, length, (level === 0 ? HEADER_BYTES : 0) + offset);
    return bytes.subarray(0, read);
  }

  private handle(level: number): number {
    const known = this.handles.get(level);
    if (known !== undefined) return known;
    const handle = fs.openSync(path.join(this.root, levelName(level)), 'r');
    this.handles.set(level, handle);
    return handle;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

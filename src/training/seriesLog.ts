/** Appends each update's figures to the run's series files (shared/seriesFormat.ts), so that a run of a million steps can be drawn at once.
 *  They can be made again from the events: a failure to write them ends only them. */
import fs from 'node:fs';
import path from 'node:path';
import type { MetricsEvent } from '../shared/events';
import { decodeHeader, encodeHeader, encodeRow, FAN_OUT, HEADER_BYTES, levelName, LEVELS, readStep, summarise, unitBytes } from '../shared/seriesFormat';
import type { SeriesHeader } from '../shared/seriesFormat';

/** Room for columns that come later: a batch may lack what the next one has. */
const SPARE_COLUMNS = 4;

export class SeriesLog {
  private header: SeriesHeader | undefined;
  private readonly handles: (number | undefined)[] = [];
  private rows = 0;
  private hasFailed = false;

  constructor(private readonly root: string) {}

  /** The run goes on from `step`: what lies beyond is cut off. A series that lacks what came before is given up. */
  goOnFrom(step: number): void {
    this.attempt(() => {
      this.close();
      this.header = step === 0 ? undefined : this.open();
      if (!this.header) {
        for (let level = 0; level <= LEVELS; level++) fs.rmSync(this.fileOf(level), { force: true });
        this.hasFailed = step > 0;
        return;
      }
      this.rows = this.rowsUpTo(step);
      for (let level = 0; level <= LEVELS; level++) this.cut(level);
    });
  }

  append(event: MetricsEvent): void {
    this.attempt(() => {
      this.header ??= this.create(event);
      const values = this.valuesOf(event, this.header);
      this.write(0, encodeRow(event.step, values, this.header.capacity));
      this.rows++;
      for (let level = 0; level < LEVELS && this.rows % FAN_OUT ** (level + 1) === 0; level++) this.write(level + 1, this.lastSummary(level));
    });
  }

  close(): void {
    for (const handle of this.handles.splice(0)) if (handle !== undefined) fs.closeSync(handle);
  }

  private attempt(work: () => void): void {
    if (this.hasFailed) return;
    try {
      work();
    } catch {
      this.hasFailed = true;
    }
  }

  private create(event: MetricsEvent): SeriesHeader {
    const columns = numberNames(event);
    const header: SeriesHeader = { version: 1, columns, capacity: columns.length + SPARE_COLUMNS };
    fs.writeFileSync(this.fileOf(0), encodeHeader(header));
    return header;
  }

  private open(): SeriesHeader | undefined {
    const handle = this.handle(0);
    const bytes = Buffer.alloc(HEADER_BYTES);
    fs.readSync(handle, bytes, 0, HEADER_BYTES, 0);
    return decodeHeader(bytes);
  }

  private valuesOf(event: MetricsEvent, header: SeriesHeader): number[] {
    const added = numberNames(event).filter(name => !header.columns.includes(name)).slice(0, header.capacity - header.columns.length);
    if (added.length > 0) {
      header.columns.push(...added);
      fs.writeSync(this.handle(0), encodeHeader(header), 0, HEADER_BYTES, 0);
    }
    return header.columns.map(name => { const value = event[name]; return typeof value === 'number' ? value : NaN; });
  }

  /** Binary search: steps ascend. */
  private rowsUpTo(step: number): number {
    const bytes = this.bytesOf(0);
    const size = fs.fstatSync(this.handle(0)).size;
    let [low, high] = [0, Math.floor(Math.max(0, size - HEADER_BYTES) / bytes)];
    const row = Buffer.alloc(bytes);
    while (low < high) {
      const middle = (low + high) >>> 1;
      fs.readSync(this.handle(0), row, 0, bytes, HEADER_BYTES + middle * bytes);
      if (readStep(viewOf(row), 0, this.header!.capacity) <= step) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private cut(level: number): void {
    const units = Math.floor(this.rows / FAN_OUT ** level);
    if (fs.existsSync(this.fileOf(level))) fs.ftruncateSync(this.handle(level), this.startOf(level) + units * this.bytesOf(level));
  }

  private lastSummary(level: number): Uint8Array {
    const bytes = Buffer.alloc(FAN_OUT * this.bytesOf(level));
    const end = this.startOf(level) + (this.rows / FAN_OUT ** level) * this.bytesOf(level);
    fs.readSync(this.handle(level), bytes, 0, bytes.length, end - bytes.length);
    return summarise(viewOf(bytes), level, this.header!.capacity);
  }

  private write(level: number, bytes: Uint8Array): void {
    const units = Math.floor(this.rows / FAN_OUT ** level) - (level === 0 ? 0 : 1);
    fs.writeSync(this.handle(level), bytes, 0, bytes.length, this.startOf(level) + units * this.bytesOf(level));
  }

  private bytesOf(level: number): number {
    return unitBytes(level, this.header!.capacity);
  }

  private startOf(level: number): number {
    return level === 0 ? HEADER_BYTES : 0;
  }

  private handle(level: number): number {
    return this.handles[level] ??= openForUpdate(this.fileOf(level));
  }

  private fileOf(level: number): string {
    return path.join(this.root, levelName(level));
  }
}

function openForUpdate(file: string): number {
  return fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_CREAT);
}

function numberNames(event: MetricsEvent): string[] {
  return Object.keys(event).filter(name => name !== 'step' && typeof event[name] === 'number');
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A job's record from its run directory: job.json says what the host wanted, the events what the trainer did. */
import { readTail } from './eventTail';
import { foldEvents } from './foldEvents';
import type { JobFolder, JobFile } from './jobFolder';
import { newRecord } from './jobRecord';
import type { JobRecord, MetricRow } from './jobRecord';
import { advance, isActive, isEnded } from './status';

export interface Derived {
  readonly record: JobRecord;
  /** Steps to add to those known, after those beyond `cutAfter` are dropped. */
  readonly rows: readonly MetricRow[];
  readonly cutAfter: number | undefined;
  /** Whether the events were read from their beginning: rows known before do not count. */
  readonly isFresh: boolean;
  /** Whether there is more to read. */
  readonly isPartial: boolean;
  /** Lines of events.ndjson that are no event. */
  readonly garbage: number;
  readonly job: JobFile;
}

/** `known` is what an earlier reading gave; its events are not read again. `isHurried`: it breaks off after a
 *  piece of the events, where a run was at work; the next reading goes on. */
export function deriveJob(folder: JobFolder, known: JobRecord | undefined, isHurried = false): Derived {
  const job = folder.read();
  const size = folder.eventsSize();
  // A file that was cut or replaced is read anew; where it lost the mark of the present attempt, all that is left counts.
  const isFresh = known === undefined || known.events_offset > size;
  const attemptFrom = job.events_from > size ? 0 : job.events_from;
  const reading: Reading = { record: isFresh ? newRecord(job.job_id, job.created_at, folder.readRecipe(), folder.root) : known, rows: [], cutAfter: undefined, garbage: 0, isHurried };
  readTo(folder, reading, attemptFrom);
  // What earlier attempts wrote says nothing about the present one.
  if (job.attempt > 0 && reading.record.events_offset <= attemptFrom) reading.record = { ...reading.record, status: 'initializing', error: null };
  const isWhole = readTo(folder, reading);
  const record = isWhole ? withIntent(reading.record, job, folder) : reading.record;
  return { record, rows: reading.rows, cutAfter: reading.cutAfter, isFresh, isPartial: !isWhole, garbage: reading.garbage, job };
}

/** Some 500 steps: a few milliseconds. */
const HURRIED_BYTES = 1 << 18;

interface Reading {
  record: JobRecord;
  rows: MetricRow[];
  cutAfter: number | undefined;
  garbage: number;
  readonly isHurried: boolean;
}

/** Takes in all whole lines, up to `end`; false where it broke off before. */
function readTo(folder: JobFolder, reading: Reading, end?: number): boolean {
  for (;;) {
    const before = reading.record.events_offset;
    const { events, offset, garbage } = readTail(folder.events, before, end, reading.isHurried ? HURRIED_BYTES : undefined);
    if (offset === before) return true;
    const { record, rows, cutAfter } = foldEvents(reading.record, events);
    reading.record = { ...record, events_offset: offset };
    if (cutAfter !== undefined) {
      reading.rows = reading.rows.filter(({ step }) => step <= cutAfter);
      reading.cutAfter = Math.min(reading.cutAfter ?? Infinity, cutAfter);
    }
    for (const row of rows) reading.rows.push(row);
    reading.garbage += garbage;
    // Only what is not ended is looked at again.
    if (reading.isHurried && !isEnded(reading.record.status) && offset < folder.eventsSize()) return false;
  }
}

function withIntent(record: JobRecord, job: JobFile, folder: JobFolder): JobRecord {
  const { priority, position, attempt, stop_requested, created_at, retry_of } = job;
  const known = { ...record, priority, position, attempt, stop_requested, created_at, retry_of };
  switch (job.state) {
    case 'queued':
      return { ...known, status: 'queued', error: null, message: null };
    case 'cancelled':
      return { ...known, status: 'cancelled' };
    case 'running': {
      if (job.attempt === 0) return inForeground(known, folder);
      const isStopping = stop_requested && isActive(record.status) && record.status !== 'saving';
      return isStopping ? { ...known, status: advance(record.status, 'stopping') } : known;
    }
    case 'ended':
      if (job.end) return { ...known, status: job.end.status, error: job.end.error, message: null, updated_at: job.end.at };
      return isEnded(record.status) ? known : { ...known, status: 'failed', error: record.error ?? 'How it ended is not known: its events are damaged.' };
  }
}

/** Nobody but the run itself says how a foreground trainer ended. */
function inForeground(record: JobRecord, folder: JobFolder): JobRecord {
  if (isEnded(record.status)) return record;
  if (folder.hasProcess()) return record.status === 'queued' ? { ...record, status: 'initializing' } : record;
  return { ...record, status: 'failed', error: 'The trainer is gone without a word. The run can be resumed.' };
}

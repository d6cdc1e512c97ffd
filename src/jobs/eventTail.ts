/** Reads events.ndjson from where the last reading ended. Half a line waits for its rest; garbage is counted and left out. */
import fs from 'node:fs';
import { z } from 'zod';
import type { MetricsEvent, RunEvent } from '../shared/events';
import { STATUSES } from './status';

export interface TailPiece {
  readonly events: readonly RunEvent[];
  /** Where to go on. */
  readonly offset: number;
  /** Lines that are no event. */
  readonly garbage: number;
}

/** One reading takes at most this much, so that a long run does not hold up the process that follows it. */
const PIECE_BYTES = 1 << 20;
const NEWLINE = 10;

/** Reads events from `offset`, none that goes beyond `end`; nothing where there is nothing new, or no file. */
export function readTail(file: string, offset: number, end = Infinity, pieceBytes: number = PIECE_BYTES): TailPiece {
  const { lines, offset: next, isGarbage } = readLines(file, offset, end, pieceBytes);
  const events = lines.flatMap(line => parseEvent(line) ?? []);
  return { events, offset: next, garbage: isGarbage ? 1 : lines.length - events.length };
}

/** The whole lines of one piece. */
export function readLines(file: string, offset: number, end: number, pieceBytes: number): { lines: string[]; offset: number; isGarbage: boolean } {
  const none = { lines: [], offset, isGarbage: false };
  let handle: number;
  try {
    handle = fs.openSync(file, 'r');
  } catch {
    return none;
  }
  try {
    const { size } = fs.fstatSync(handle);
    const bytes = Buffer.alloc(Math.max(0, Math.min(size - offset, end - offset, pieceBytes)));
    const read = fs.readSync(handle, bytes, 0, bytes.length, offset);
    const whole = bytes.subarray(0, read).lastIndexOf(NEWLINE) + 1;
    // A line longer than a whole piece is no event of ours.
    if (whole === 0) return read === pieceBytes ? { ...none, offset: offset + read, isGarbage: true } : none;
    return { lines: bytes.toString('utf8', 0, whole).split('\n').filter(line => line.trim() !== ''), offset: offset + whole, isGarbage: false };
  } finally {
    fs.closeSync(handle);
  }
}

const time = z.string();
const count = z.number().int().nonnegative();
/** JSON has no NaN: a run that diverges writes null. */
const figure = z.number().nullable().transform(value => value ?? NaN);
const problem = z.looseObject({ id: z.string(), severity: z.enum(['error', 'warning', 'info']), text: z.string() });

/** What the job store reads of each event; the rest passes unread. */
const eventSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('started'), time, total_steps: count, resumed_from_step: count, device: z.string() }),
  z.looseObject({ type: z.literal('status_update'), time, status: z.enum(STATUSES as [typeof STATUSES[number]]), progress: z.number() }),
  z.looseObject({ type: z.literal('eval'), time, step: count, epoch: z.number(), eval_loss: figure }),
  z.looseObject({ type: z.literal('sample'), time, step: count }),
  z.looseObject({ type: z.literal('checkpoint'), time, step: count, path: z.string() }),
  z.looseObject({ type: z.literal('problem'), time, problem }),
  z.looseObject({ type: z.literal('log'), time, text: z.string() }),
  z.looseObject({ type: z.literal('completed'), time, output_dir: z.string(), final_metrics: z.record(z.string(), figure) }),
  z.looseObject({ type: z.literal('stopped'), time, step: count }),
  z.looseObject({ type: z.literal('error'), time, problem }),
]);

/** Undefined for a line that is no event. */
export function parseEvent(line: string): RunEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (isMetrics(value)) return completeMetrics(value);
  const { success, data } = eventSchema.safeParse(value);
  return success ? (data as unknown as RunEvent) : undefined;
}

const METRIC_FIGURES = ['loss', 'learning_rate', 'grad_norm', 'tokens_per_second'] as const;

/** By hand: they come by the million, and a schema takes ten times as long. */
function isMetrics(value: unknown): value is MetricsEvent {
  if (typeof value !== 'object' || value === null) return false;
  const { type, time, step, epoch } = value as Record<string, unknown>;
  return type === 'metrics' && typeof time === 'string' && Number.isSafeInteger(step) && Number(step) >= 0 && typeof epoch === 'number' &&
    METRIC_FIGURES.every(name => isFigure((value as Record<string, unknown>)[name]));
}

function isFigure(value: unknown): boolean {
  return typeof value === 'number' || value === null;
}

function completeMetrics(event: MetricsEvent): MetricsEvent {
  for (const name of METRIC_FIGURES) (event as Record<string, unknown>)[name] ??= NaN;
  return event;
}

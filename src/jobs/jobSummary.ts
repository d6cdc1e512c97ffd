/** A job's record as lists and views show it. */
import type { JobSummary } from '../shared/follow';
import type { JobRecord } from './jobRecord';
import { isActive } from './status';

/** `queuePlace`: 1 is next; null where the job does not wait. */
export function summaryOf(record: JobRecord, queuePlace: number | null): JobSummary {
  const recipe = (typeof record.config === 'object' ? record.config : null) as Record<string, unknown> | null;
  const { config: _config, position: _position, checkpoint: _checkpoint, events_offset: _offset, ...shown } = record;
  return {
    ...shown,
    name: textOf(recipe?.output_name) ?? record.job_id,
    base_model: textOf(recipe?.base_model),
    training_mode: textOf(recipe?.training_mode),
    seconds_left: secondsLeft(record),
    queue_place: queuePlace,
  };
}

function secondsLeft({ status, seconds_per_step, total_steps, current_step }: JobRecord): number | null {
  if (!isActive(status) || seconds_per_step === null || total_steps === null || current_step === null) return null;
  return seconds_per_step * Math.max(0, total_steps - current_step);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** What a run's events say besides figures: facts, samples, problems, log. Read apart from the metrics, which come by the million. */
import type { RunEvent } from '../../shared/events';
import { boundRounds } from '../../shared/applyIncrement';
import { LOG_LINES_LIMIT } from '../../shared/follow';
import type { RunIncrement, RunSnapshot } from '../../shared/follow';
import { renderProblem } from '../../shared/problem';
import { parseEvent, readLines } from '../eventTail';

export type RunNotes = Pick<RunSnapshot, 'facts' | 'samples' | 'problems' | 'log'>;

/** As the trainer writes them: time and type come first. */
const METRICS_LINE = /^\{"time":"[^"]*","type":"metrics"/;
/** One piece is read in a few milliseconds; then others have their turn. */
const PIECE_BYTES = 1 << 20;

/** All notes up to `end`, bytes of events.ndjson. */
export async function readNotes(events: string, end: number): Promise<RunNotes> {
  const notes: RunNotes = { facts: null, samples: [], problems: [], log: [] };
  for (let offset = 0; offset < end; ) {
    const piece = readLines(events, offset, end, PIECE_BYTES);
    if (piece.offset === offset) break;
    offset = piece.offset;
    for (const line of piece.lines) {
      const event = METRICS_LINE.test(line) ? undefined : parseEvent(line);
      if (!event) continue;
      const { facts, cut_after_step, samples = [], problems = [], log = [] } = noteOf(event);
      notes.facts = facts ?? notes.facts;
      if (cut_after_step !== undefined) notes.samples = notes.samples.filter(({ step }) => step <= cut_after_step);
      notes.samples = boundRounds([...notes.samples, ...samples]);
      notes.problems.push(...problems);
      notes.log.push(...log);
    }
    notes.log = notes.log.slice(-LOG_LINES_LIMIT);
    await new Promise(resolve => setImmediate(resolve));
  }
  return notes;
}

/** What one event adds. */
export function noteOf(event: RunEvent): Pick<RunIncrement, 'facts' | 'cut_after_step' | 'samples' | 'problems' | 'log'> {
  const { time } = event;
  switch (event.type) {
    case 'started': {
      const { backend, device, threads, model, dataset, versions } = event;
      return { facts: { started_at: time, backend, device, threads, model, dataset, versions }, cut_after_step: event.resumed_from_step };
    }
    case 'sample':
      return { samples: [{ step: event.step, model: event.model ?? 'current', samples: event.samples }] };
    case 'problem':
    case 'error': {
      const { severity } = event.problem;
      const level = severity === 'error' ? 'error' : severity === 'warning' ? 'warn' : 'info';
      return { problems: [{ time, problem: event.problem }], log: [{ time, level, text: renderProblem(event.problem) }] };
    }
    case 'log':
      return { log: [{ time, level: event.level === 'warn' ? 'warn' : 'info', text: event.text }] };
    case 'completed':
      return { log: [{ time, level: 'info', text: `Completed: ${event.output_dir}` }] };
    case 'stopped':
      return { log: [{ time, level: 'info', text: `Stopped after step ${event.step}.` }] };
    case 'checkpoint':
      return { log: [{ time, level: 'info', text: `Checkpoint of step ${event.step}${event.is_best ? ' (best)' : ''}.` }] };
    case 'status_update':
      return event.message === undefined ? {} : { log: [{ time, level: 'info', text: event.message }] };
    case 'metrics':
    case 'eval':
      return {};
  }
}

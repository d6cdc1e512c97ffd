/** Appends a run's events to events.ndjson, and the same in words to log.txt. */
import fs from 'node:fs';
import { renderProblem } from '../shared/problem';
import type { Problem } from '../shared/problem';
import type { RunEvent, RunStatus, StartedEvent } from '../shared/events';
import type { RunDirectory } from './runDirectory';
import { SeriesLog } from './seriesLog';
import { writeProblem } from './writeProblem';

/** An event before its time is stamped. */
export type NewEvent = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'time'> & Partial<Pick<E, 'time'>> : never) : never;

/** Where events go. */
export interface EventSink {
  emit(event: NewEvent): void;
}

export class EventLog implements EventSink {
  private readonly series: SeriesLog;

  /** `listener` sees each event after it is on disk. */
  constructor(private readonly run: RunDirectory, private readonly listener: (event: RunEvent) => void = () => {}) {
    this.endTornLine();
    this.series = new SeriesLog(run.root);
  }

  emit(newEvent: NewEvent): void {
    // Time and type first: a reader knows by a line's beginning whether it needs the rest.
    const event = Object.assign({ time: new Date().toISOString(), type: newEvent.type }, newEvent) as RunEvent;
    this.append(this.run.events, JSON.stringify(event));
    if (event.type === 'started') this.series.goOnFrom(event.resumed_from_step);
    if (event.type === 'metrics') this.series.append(event);
    const words = describe(event);
    if (words !== undefined) this.append(this.run.log, `${event.time} ${words}`);
    this.listener(event);
  }

  /** Lets go of its files; nothing is emitted afterwards. */
  close(): void {
    this.series.close();
  }

  private append(file: string, line: string): void {
    try {
      fs.appendFileSync(file, `${line}\n`);
    } catch (error) {
      throw writeProblem(error, 'An event of the run', file, 'Checkpoints written before stay valid.');
    }
  }

  /** A trainer that was killed may have left half a line; a reader skips it, and ours must not be glued to it. */
  private endTornLine(): void {
    if (!fs.existsSync(this.run.events)) return;
    const text = fs.readFileSync(this.run.events);
    if (text.length > 0 && text.at(-1) !== '\n'.charCodeAt(0)) fs.appendFileSync(this.run.events, '\n');
  }
}

/** Reads events back; torn lines are left out. */
export function readEvents(run: RunDirectory): RunEvent[] {
  if (!fs.existsSync(run.events)) return [];
  return fs.readFileSync(run.events, 'utf8').split('\n').flatMap(line => {
    try {
      return line === '' ? [] : [JSON.parse(line) as RunEvent];
    } catch {
      return [];
    }
  });
}

/** When the run began: the time of its first event, however often it was resumed. */
export function beganAt(run: RunDirectory): Date {
  return new Date(readEvents(run)[0]?.time ?? Date.now());
}

/** Commits that the run's datasets on the hub were read at, as its newest start says. */
export function revisionsOf(run: RunDirectory): NonNullable<StartedEvent['dataset']['revisions']> {
  return readEvents(run).findLast(event => event.type === 'started')?.dataset.revisions ?? [];
}

/** Shorthands for the two commonest events. */
export function emitStatus(events: EventSink, status: RunStatus, progress: number, message?: string): void {
  events.emit({ type: 'status_update', status, progress, ...(message !== undefined && { message }) });
}

export function emitProblems(events: EventSink, problems: readonly Problem[]): void {
  for (const problem of problems) events.emit({ type: 'problem', problem });
}

function describe(event: RunEvent): string | undefined {
  switch (event.type) {
    case 'started':
      return `started: ${event.model.id}, ${event.dataset.rows} rows (${event.dataset.eval_rows} to evaluate), ` +
        `${event.total_steps} steps from step ${event.resumed_from_step}, ${event.device}, ${event.threads} threads`;
    case 'status_update':
      return `${event.status}${event.message === undefined ? '' : `: ${event.message}`}`;
    case 'metrics':
      return `step ${event.step}: loss ${event.loss.toPrecision(6)}, gradient norm ${event.grad_norm.toPrecision(4)}, ` +
        `rate ${event.learning_rate.toPrecision(4)}, ${Math.round(event.tokens_per_second)} tokens/s`;
    case 'eval':
      return `step ${event.step}: eval loss ${event.eval_loss.toPrecision(6)}`;
    case 'checkpoint':
      return `checkpoint ${event.path}${event.is_best ? ' (best)' : ''}`;
    case 'problem':
    case 'error':
      return `${event.type === 'error' ? 'error' : event.problem.severity}: ${renderProblem(event.problem)}`;
    case 'log':
      return event.level === 'warn' ? `warning: ${event.text}` : event.text;
    case 'completed':
      return `completed: ${event.output_dir}`;
    case 'stopped':
      return `stopped after step ${event.step}${event.checkpoint === undefined ? '' : `, checkpoint ${event.checkpoint}`}`;
    case 'sample':
      return undefined;
  }
}

/** One run followed for any number of listeners: each gets a snapshot, then increments, at most 10 a second. Its events are read once. */
import fs from 'node:fs';
import { applyIncrement } from '../../shared/applyIncrement';
import type { JobSummary, RunIncrement, RunSnapshot, SeriesByName } from '../../shared/follow';
import type { EvalEvent, MetricsEvent, RunEvent } from '../../shared/events';
import { readTail } from '../eventTail';
import type { JobFolder } from '../jobFolder';
import { listCheckpoints } from './checkpointList';
import { noteOf, readNotes } from './runNotes';

export type FollowMessage =
  | { readonly type: 'snapshot'; readonly state: RunSnapshot }
  | { readonly type: 'increment'; readonly increment: RunIncrement };

export type FollowListener = (message: FollowMessage) => void;

/** What the follower asks of the job history. */
export interface FollowedJob {
  readonly folder: JobFolder;
  readonly recipe: unknown;
  /** Bytes of the events that `series` holds; points up to `lastStep` may already be of later ones. */
  readonly eventsOffset: number;
  readonly series: SeriesByName;
  readonly lastStep: number;
  /** As it is now; undefined where the job was deleted. */
  summary(): JobSummary | undefined;
}

/** Lines that grow ten times a second look alive; a view that is drawn at each frame takes a processor of its own, beside the training. */
const INTERVAL_MS = 100;
/** Where the system does not tell of changes, and for what it forgets to tell. */
const POLL_MS = 1000;
const POLL_UNTOLD_MS = 250;

export class RunFollower {
  private readonly listeners = new Set<FollowListener>();
  private state: RunSnapshot | undefined;
  private offset: number;
  private lastStep: number;
  private watcher: fs.FSWatcher | undefined;
  private poll: NodeJS.Timeout | undefined;
  private timer: NodeJS.Timeout | undefined;
  private lastMs = -Infinity;
  private isClosed = false;

  constructor(private readonly job: FollowedJob) {
    this.offset = job.eventsOffset;
    this.lastStep = job.lastStep;
    void this.open();
  }

  get hasListeners(): boolean {
    return this.listeners.size > 0;
  }

  /** The snapshot comes at once where there is one, else as soon as it is made. */
  add(listener: FollowListener): void {
    // An increment must not come before the snapshot that it follows.
    this.pump();
    this.listeners.add(listener);
    if (this.state) listener({ type: 'snapshot', state: this.state });
  }

  remove(listener: FollowListener): void {
    this.listeners.delete(listener);
  }

  /** Something may have changed. */
  readonly poke = (): void => {
    if (this.isClosed || !this.state) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.pump();
    }, Math.max(0, this.lastMs + INTERVAL_MS - performance.now()));
  };

  close(): void {
    this.isClosed = true;
    this.listeners.clear();
    this.watcher?.close();
    clearInterval(this.poll);
    clearTimeout(this.timer);
  }

  private async open(): Promise<void> {
    const { folder, recipe, series } = this.job;
    const notes = await readNotes(folder.events, this.offset);
    const job = this.isClosed ? undefined : this.job.summary();
    if (!job) return;
    this.state = { job, recipe, series, checkpoints: listCheckpoints(folder, series), ...notes };
    for (const listener of this.listeners) listener({ type: 'snapshot', state: this.state });
    this.watch();
    this.poke();
  }

  private watch(): void {
    try {
      this.watcher = fs.watch(this.job.folder.root, { persistent: false }, this.poke);
      this.watcher.on('error', () => this.watcher?.close());
    } catch {
      this.watcher = undefined; // no watches left, or a file system without them: polling has to do
    }
    this.poll = setInterval(this.poke, this.watcher ? POLL_MS : POLL_UNTOLD_MS).unref();
  }

  /** Takes in what is new, and tells it. */
  private pump(): void {
    if (this.isClosed || !this.state) return;
    this.lastMs = performance.now();
    // The status first, so that it is never ahead of what the run said.
    const job = this.job.summary();
    const { events, offset } = readTail(this.job.folder.events, this.offset);
    const isMore = offset !== this.offset;
    this.offset = offset;
    const increment = this.incrementOf(events);
    if (job && JSON.stringify(job) !== JSON.stringify(this.state.job)) increment.job = job;
    if (Object.keys(increment).length > 0) {
      this.state = applyIncrement(this.state, increment);
      if (this.mayHaveCheckpoints(events, increment)) {
        increment.checkpoints = listCheckpoints(this.job.folder, this.state.series);
        this.state = { ...this.state, checkpoints: increment.checkpoints };
      }
      for (const listener of this.listeners) listener({ type: 'increment', increment });
    }
    if (isMore) this.poke();
  }

  private incrementOf(events: readonly RunEvent[]): RunIncrement {
    const increment: RunIncrement = {};
    for (const event of events) {
      if (event.type === 'metrics' || event.type === 'eval') {
        this.addPoints((increment.series ??= {}), event);
        continue;
      }
      const { cut_after_step: cut, facts, samples, problems, log } = noteOf(event);
      if (cut !== undefined) {
        this.lastStep = Math.min(this.lastStep, cut);
        increment.cut_after_step = Math.min(increment.cut_after_step ?? Infinity, cut);
        cutPoints(increment, cut);
      }
      if (facts) increment.facts = facts;
      if (samples) (increment.samples ??= []).push(...samples);
      if (problems) (increment.problems ??= []).push(...problems);
      if (log) (increment.log ??= []).push(...log);
    }
    return increment;
  }

  private addPoints(series: SeriesByName, event: MetricsEvent | EvalEvent): void {
    if (event.type === 'metrics' && event.step <= this.lastStep) return;
    for (const [name, value] of Object.entries(event)) {
      if (typeof value !== 'number' || name === 'step' || (name === 'epoch' && event.type === 'eval')) continue;
      const one = (series[name] ??= { steps: [], values: [] });
      one.steps.push(event.step);
      one.values.push(Number.isFinite(value) ? value : null);
    }
    if (event.type === 'metrics') this.lastStep = event.step;
  }

  private mayHaveCheckpoints(events: readonly RunEvent[], { job }: RunIncrement): boolean {
    return events.some(({ type }) => type === 'checkpoint' || type === 'started') || (job !== undefined && job.status !== this.state!.job.status);
  }
}

/** Points that the same increment brought before the run went back. */
function cutPoints(increment: RunIncrement, lastStep: number): void {
  for (const { steps, values } of Object.values(increment.series ?? {})) {
    const end = steps.findIndex(step => step > lastStep);
    if (end === -1) continue;
    steps.length = end;
    values.length = end;
  }
  if (increment.samples) increment.samples = increment.samples.filter(({ step }) => step <= lastStep);
}

/** Starts trainers as the queue says, stays by them, and notes how they end. Trainers outlive it; another one goes on where it was. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import type { JobFile, JobFolder } from './jobFolder';
import type { JobManager } from './jobManager';
import { renderProblem } from '../shared/problem';
import { nextJobs } from './queue';
import { selfTest } from './selfTest';
import { isEnded } from './status';
import { describeEnd, lastLinesOf, memoryKills } from './trainerEnd';
import type { ProcessEnd } from './trainerEnd';
import { connectTrainer } from './trainerLink';
import type { TrainerLink } from './trainerLink';

/** A program that trains a run directory: `file ...args RUN_DIRECTORY [--resume [--from STEP]]`. */
export interface TrainerProgram {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it is not known to run the trainer; it is tested, in a child, before the first job is started. */
  readonly isUntested?: boolean | undefined;
}

export interface SupervisorOptions {
  readonly trainer: TrainerProgram;
  /** Trainers that share a device. */
  readonly perDevice?: number;
  /** From one look to the next. The end of a trainer is noticed without waiting for a look. */
  readonly intervalMs?: number;
  /** How long a trainer that nobody here started may take until it can be reached. */
  readonly startGraceMs?: number;
  /** How long a trainer may take to stop with a checkpoint, and then to end on SIGTERM, before the next measure. */
  readonly stopGraceMs?: number;
  readonly terminateGraceMs?: number;
  /** Told of a look that failed (a full disk, a folder that cannot be written to); the next one tries again. */
  readonly onError?: (error: unknown) => void;
}

/** What is known here of one running job. */
interface Watch {
  readonly sinceMs: number;
  link?: TrainerLink;
  child?: ChildProcess;
  exit?: ProcessEnd;
  stopAskedMs?: number;
  terminatedMs?: number;
  isKilled?: boolean;
  memoryKillsBefore: number;
}

/** A start that left no trace is tried again; not forever. */
const START_TRIES = 3;

export class Supervisor {
  private readonly watches = new Map<string, Watch>();
  private readonly options: Required<SupervisorOptions>;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private isPoked = false;
  private isClosed = false;

  constructor(private readonly manager: JobManager, options: SupervisorOptions) {
    this.options = { perDevice: 1, intervalMs: 500, startGraceMs: 15_000, stopGraceMs: 120_000, terminateGraceMs: 30_000, onError: () => {}, ...options };
  }

  /** Looks now, and then again and again until closed. */
  async start(): Promise<void> {
    await this.look();
    if (!this.isClosed) this.timer = setInterval(() => void this.look(), this.options.intervalMs);
  }

  /** Whether no job waits or runs. */
  get isIdle(): boolean {
    return this.manager.openJobs().length === 0;
  }

  /** Leaves the trainers to themselves. */
  async close(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.timer);
    await this.looking;
    for (const { link } of this.watches.values()) link?.close();
  }

  /** One look at everything. Looks do not overlap; one that is asked for meanwhile follows. */
  async look(): Promise<void> {
    this.isPoked = true;
    this.looking ??= (async () => {
      try {
        while (this.isPoked && !this.isClosed) {
          this.isPoked = false;
          await this.lookOnce();
        }
      } catch (error) {
        this.options.onError(error);
      } finally {
        this.looking = undefined;
      }
    })();
    await this.looking;
  }

  private readonly poke = (): void => {
    if (!this.isClosed) void this.look();
  };

  private async lookOnce(): Promise<void> {
    this.manager.refresh();
    const jobs = this.manager.openJobs();
    const running = jobs.filter(({ state, attempt }) => state === 'running' && attempt > 0);
    for (const job of running) if (!(await this.isAlive(job))) await this.takeEnd(job);
    for (const id of this.watches.keys()) if (!running.some(({ job_id }) => job_id === id)) this.forget(id);
    for (const { job_id } of nextJobs(this.manager.openJobs(), this.options.perDevice)) await this.startJob(job_id);
  }

  /** Re-attaches where that is needed. */
  private async isAlive(job: JobFile): Promise<boolean> {
    const watch = this.watchOf(job.job_id);
    if (watch.exit) return false;
    if (!watch.link?.isOpen) {
      const answer = await connectTrainer(this.manager.folderOf(job.job_id), this.poke);
      if (typeof answer === 'object') watch.link = answer;
      else if (!watch.child && (watch.link || answer === 'refused' || performance.now() - watch.sinceMs > this.options.startGraceMs)) return false;
    }
    if (job.stop_requested) this.pressToStop(job, watch);
    return true;
  }

  /** Asks, terminates, kills; each only when the one before has had its time. */
  private pressToStop(job: JobFile, watch: Watch): void {
    const now = performance.now();
    const { control } = this.manager.folderOf(job.job_id);
    // A trainer that was only starting clears what it finds.
    if (!fs.existsSync(control)) writeQuietly(control, 'stop\n');
    watch.stopAskedMs ??= now;
    const pid = watch.link?.isOpen ? watch.link.pid : watch.child?.pid;
    if (pid === undefined || now - watch.stopAskedMs < this.options.stopGraceMs) return;
    if (watch.terminatedMs === undefined) {
      watch.terminatedMs = now;
      signal(pid, 'SIGTERM');
    } else if (!watch.isKilled && now - watch.terminatedMs >= this.options.terminateGraceMs) {
      watch.isKilled = true;
      signal(pid, 'SIGKILL');
    }
  }

  /** The trainer is gone: what its events do not say is added. */
  private async takeEnd({ job_id, attempt: seenAttempt }: JobFile): Promise<void> {
    const watch = this.watchOf(job_id);
    const folder = this.manager.folderOf(job_id);
    await this.manager.change(job_id, (job, { status }) => {
      // Another supervisor was faster.
      if (job.state !== 'running' || job.attempt !== seenAttempt) return job;
      if (isEnded(status)) return { ...job, state: 'ended', stop_requested: false };
      const leftNoTrace = !watch.exit && !watch.link && folder.eventsSize() === job.events_from && !fs.existsSync(folder.socket);
      if (leftNoTrace && !job.stop_requested && job.attempt < START_TRIES) return { ...job, state: 'queued' };
      const at = new Date().toISOString();
      if (job.stop_requested) return { ...job, state: 'ended', stop_requested: false, end: { status: 'stopped', error: null, at } };
      const error = describeEnd({
        exit: watch.exit, lastLines: lastLinesOf(folder), isMemoryKill: memoryKills() > watch.memoryKillsBefore, hasCheckpoint: folder.checkpointSteps().length > 0,
      });
      return { ...job, state: 'ended', end: { status: 'failed', error, at } };
    });
    removeSigns(folder);
    this.forget(job_id);
  }

  /** Under the lock, so that no two supervisors start the same job, or more jobs than a device takes. */
  private async startJob(jobId: string): Promise<void> {
    const folder = this.manager.folderOf(jobId);
    // Somebody resumed it in the foreground.
    const other = await connectTrainer(folder, () => {});
    if (typeof other === 'object') return other.close();
    const problem = this.options.trainer.isUntested ? await selfTest(this.options.trainer) : undefined;
    if (problem) return this.refuse(jobId, renderProblem(problem));
    await this.manager.change(jobId, job => {
      const isNext = nextJobs(this.manager.openJobs(), this.options.perDevice).some(({ job_id }) => job_id === jobId);
      if (job.state !== 'queued' || !isNext) return job;
      removeSigns(folder);
      const started: JobFile = {
        ...job, state: 'running', attempt: job.attempt + 1, events_from: folder.eventsSize(), stop_requested: false, end: null,
      };
      folder.write(started);
      this.spawnTrainer(folder, resumeArguments(started));
      return started;
    });
  }

  private async refuse(jobId: string, error: string): Promise<void> {
    await this.manager.change(jobId, job => (job.state !== 'queued' ? job : { ...job, state: 'ended', end: { status: 'failed', error, at: new Date().toISOString() } }));
  }

  private spawnTrainer(folder: JobFolder, resume: readonly string[]): void {
    const { file, args, env } = this.options.trainer;
    const watch: Watch = { sinceMs: performance.now(), memoryKillsBefore: memoryKills() };
    this.watches.set(folder.jobId, watch);
    const output = fs.openSync(folder.output, 'a');
    try {
      const child = spawn(file, [...args, folder.root, ...resume], {
        detached: true, windowsHide: true, stdio: ['ignore', output, output], env: { ...process.env, ...env },
      });
      watch.child = child;
      const end = (exit: ProcessEnd): void => {
        watch.exit = exit;
        this.poke();
      };
      child.once('exit', (code, by) => end({ code, signal: by }));
      child.once('error', error => {
        writeQuietly(folder.output, `${error.message}\n`);
        end({ code: null, signal: null });
      });
      child.unref();
    } finally {
      fs.closeSync(output);
    }
  }

  private watchOf(jobId: string): Watch {
    const watch = this.watches.get(jobId) ?? { sinceMs: performance.now(), memoryKillsBefore: memoryKills() };
    this.watches.set(jobId, watch);
    return watch;
  }

  private forget(jobId: string): void {
    this.watches.get(jobId)?.link?.close();
    this.watches.delete(jobId);
  }
}

function resumeArguments({ events_from, resume_from }: JobFile): string[] {
  if (events_from === 0) return [];
  return ['--resume', ...(resume_from === null ? [] : ['--from', String(resume_from)])];
}

/** What a trainer that is gone left behind must not be taken for the next one. */
function removeSigns(folder: JobFolder): void {
  for (const file of [folder.pid, folder.socket, folder.control]) {
    try {
      fs.rmSync(file, { force: true });
    } catch {
      // a folder that cannot be written to: the next trainer will say so
    }
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    return; // it has just ended
  }
}

function writeQuietly(file: string, text: string): void {
  try {
    fs.writeFileSync(file, text, { flag: 'a' });
  } catch {
    return; // asked again at the next look
  }
}

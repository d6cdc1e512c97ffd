/** What the host keeps in a run directory: job.json, the truth about queue and attempts. The trainer's files lie beside it. */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { problemError } from '../shared/problem';
import { replaceDurably } from './replaceDurably';

const jobFileSchema = z.object({
  version: z.literal(1),
  job_id: z.string(),
  created_at: z.string(),
  priority: z.enum(['low', 'normal', 'high']),
  position: z.number(),
  device: z.string(),
  /** `ended`: its trainer is gone; how it ended stands in `end`, or else in the events. */
  state: z.enum(['queued', 'running', 'ended', 'cancelled']),
  /** How often the queue started a trainer; 0 for a run that began in the foreground. */
  attempt: z.number().int().nonnegative(),
  /** Size of events.ndjson when the present attempt began. */
  events_from: z.number().int().nonnegative(),
  stop_requested: z.boolean(),
  /** The checkpoint that the next attempt goes on from; null: the newest. */
  resume_from: z.number().int().positive().nullable().default(null),
  /** The job whose recipe this one was made from. */
  retry_of: z.string().nullable().default(null),
  /** Where the trainer could not say itself how it ended. */
  end: z.object({ status: z.enum(['failed', 'stopped']), error: z.string().nullable(), at: z.string() }).nullable(),
});

export type JobFile = z.infer<typeof jobFileSchema>;

export class JobFolder {
  constructor(readonly root: string) {}

  get jobId(): string { return path.basename(this.root); }
  get jobFile(): string { return path.join(this.root, 'job.json'); }
  get recipe(): string { return path.join(this.root, 'recipe.json'); }
  get events(): string { return path.join(this.root, 'events.ndjson'); }
  get control(): string { return path.join(this.root, 'control'); }
  get pid(): string { return path.join(this.root, 'trainer.pid'); }
  /** Where the trainer's socket or pipe is. */
  get socket(): string { return path.join(this.root, 'trainer.socket'); }
  get log(): string { return path.join(this.root, 'log.txt'); }
  /** What the trainer printed, beside its log: a crash of the runtime says its last words here. */
  get output(): string { return path.join(this.root, 'output.txt'); }
  get checkpoints(): string { return path.join(this.root, 'checkpoints'); }

  /** A run that `merlina train` began in the foreground has none, and a damaged one is as none: it runs as long as its trainer does. */
  read(): JobFile {
    try {
      return jobFileSchema.parse(JSON.parse(fs.readFileSync(this.jobFile, 'utf8')));
    } catch {
      return {
        version: 1, job_id: this.jobId, created_at: this.beganAt(), priority: 'normal', position: 0, device: 'cpu',
        state: 'running', attempt: 0, events_from: 0, stop_requested: false, resume_from: null, retry_of: null, end: null,
      };
    }
  }

  write(job: JobFile): void {
    replaceDurably(this.jobFile, `${JSON.stringify(job, null, 2)}\n`);
  }

  /** The recipe; null where it cannot be read. */
  readRecipe(): unknown {
    try {
      return JSON.parse(fs.readFileSync(this.recipe, 'utf8'));
    } catch {
      return null;
    }
  }

  /** Whether the process that last trained here still is one. A number may have gone to another program: enough to hold back, not to act on. */
  hasProcess(): boolean {
    try {
      const pid = Number(fs.readFileSync(this.pid, 'utf8'));
      return pid > 0 && process.kill(pid, 0);
    } catch (error) {
      return error instanceof Error && 'code' in error && error.code === 'EPERM';
    }
  }

  eventsSize(): number {
    return fs.statSync(this.events, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Checkpoints that are in place, oldest first, by step. */
  checkpointSteps(): number[] {
    return namesIn(this.checkpoints).flatMap(name => /^step-(\d+)$/.exec(name)?.[1] ?? []).map(Number).sort((a, b) => a - b);
  }

  private beganAt(): string {
    const stat = fs.statSync(this.recipe, { throwIfNoEntry: false }) ?? fs.statSync(this.root, { throwIfNoEntry: false });
    return (stat?.mtime ?? new Date(0)).toISOString();
  }
}

export function runsFolder(dataDirectory: string): string {
  return path.join(dataDirectory, 'runs');
}

/** Ids of all run directories; what is half made or half deleted begins with a dot. */
export function jobIdsOnDisk(dataDirectory: string): string[] {
  const folder = runsFolder(dataDirectory);
  return namesIn(folder, 'folders').filter(name => !name.startsWith('.'));
}

/** A new run directory, whole or not at all. */
export function makeJobFolder(dataDirectory: string, job: JobFile, recipe: unknown): JobFolder {
  const root = path.join(runsFolder(dataDirectory), job.job_id);
  const unfinished = new JobFolder(path.join(runsFolder(dataDirectory), `.new-${job.job_id}`));
  try {
    fs.mkdirSync(unfinished.checkpoints, { recursive: true });
    replaceDurably(unfinished.recipe, `${JSON.stringify(recipe, null, 2)}\n`);
    unfinished.write(job);
    fs.renameSync(unfinished.root, root);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    try {
      fs.rmSync(unfinished.root, { recursive: true, force: true });
    } catch {
      // the folder that cannot be written to cannot be cleaned either; the Problem says so
    }
    throw problemError('jobs/not-submitted', `The job could not be written (${code}); nothing was submitted.`, {
      where: { file: root },
      fix: { text: 'Check that the disk is not full and that the folder may be written to, or name another with --data-dir.' },
    }, error);
  }
  return new JobFolder(root);
}

function namesIn(folder: string, kind: 'all' | 'folders' = 'all'): string[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true }).filter(entry => kind === 'all' || entry.isDirectory()).map(({ name }) => name);
  } catch {
    return [];
  }
}

/** Trainers that run although no job says so: their run directory is gone, its job.json was lost, or it says that the job has ended. */
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { JobFolder, runsFolder } from './jobFolder';

export interface Orphan {
  readonly job_id: string;
  readonly pid: number;
  readonly run_dir: string;
  /** Why nobody follows it. */
  readonly reason: 'its run directory is gone' | 'its job.json is gone' | 'its job has ended';
}

const ANSWER_TIMEOUT_MS = 1000;
/** A trainer that is asked to end saves a checkpoint first. */
const END_TIMEOUT_MS = 60_000;
const LOOK_MS = 100;

/** What a trainer says to whoever connects. */
const greetingSchema = z.object({ run: z.string(), pid: z.number().int().positive(), is_detached: z.boolean().optional() });

/** All trainers of a data directory that have no running job. Those that somebody runs in a terminal are not among them. */
export async function findOrphans(dataDirectory: string): Promise<Orphan[]> {
  const runs = path.resolve(runsFolder(dataDirectory));
  const greetings = await Promise.all(trainerAddresses().map(askTrainer));
  return greetings.flatMap(greeting => {
    if (!greeting?.is_detached || path.dirname(greeting.run) !== runs) return [];
    const folder = new JobFolder(greeting.run);
    const reason = reasonOf(folder);
    return reason === undefined ? [] : [{ job_id: folder.jobId, pid: greeting.pid, run_dir: folder.root, reason }];
  });
}

/** Asks it to stop with a checkpoint, and kills it where it does not within a minute. */
export async function endOrphan({ pid }: Orphan, timeoutMs: number = END_TIMEOUT_MS): Promise<'stopped' | 'killed'> {
  signal(pid, 'SIGTERM');
  for (const endMs = performance.now() + timeoutMs; performance.now() < endMs; await delay(LOOK_MS)) if (!signal(pid, 0)) return 'stopped';
  signal(pid, 'SIGKILL');
  return 'killed';
}

function reasonOf(folder: JobFolder): Orphan['reason'] | undefined {
  if (!fs.existsSync(folder.root)) return 'its run directory is gone';
  if (!fs.existsSync(folder.jobFile)) return 'its job.json is gone';
  const { state } = folder.read();
  return state === 'ended' || state === 'cancelled' ? 'its job has ended' : undefined;
}

/** Where trainers listen (src/training/trainerSocket.ts); the folder also holds what killed ones left. */
function trainerAddresses(): string[] {
  const folder = process.platform === 'win32' ? '\\\\.\\pipe\\' : os.tmpdir();
  try {
    return fs.readdirSync(folder).filter(name => /^merlina-[0-9a-f]{16}(?:\.sock)?$/.test(name)).map(name => path.join(folder, name));
  } catch {
    return [];
  }
}

function askTrainer(address: string): Promise<z.infer<typeof greetingSchema> | undefined> {
  return new Promise(resolve => {
    const connection = net.connect(address);
    let said = '';
    const end = (): void => {
      connection.destroy();
      try {
        resolve(greetingSchema.parse(JSON.parse(said)));
      } catch {
        resolve(undefined);
      }
    };
    connection.setTimeout(ANSWER_TIMEOUT_MS, end);
    connection.on('error', end);
    connection.on('close', end);
    connection.on('data', bytes => {
      said += bytes.toString('utf8');
      if (said.includes('\n')) end();
    });
  });
}

/** Whether the process was there. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

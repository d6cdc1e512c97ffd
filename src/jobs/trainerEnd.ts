/** How a trainer ended that could not say so itself, in words, with what it printed last. */
import fs from 'node:fs';
import type { JobFolder } from './jobFolder';

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface EndCircumstances {
  /** Undefined where nobody watched. */
  readonly exit: ProcessEnd | undefined;
  /** The newest lines of its log and its output. */
  readonly lastLines: readonly string[];
  /** Whether the system killed a process for want of memory meanwhile. */
  readonly isMemoryKill: boolean;
  readonly hasCheckpoint: boolean;
}

/** What its last lines may say, and the cause in our words. */
const CAUSES: readonly { said: RegExp; cause: string; fix: string }[] = [
  { said: /heap out of memory|bad_alloc|Cannot allocate memory|Failed to allocate|out of memory/i, cause: 'memory ran out', fix: 'Lower batch_size or max_length.' },
  { said: /ENOSPC|EDQUOT|No space left|disk is full/i, cause: 'the disk is full', fix: 'Free space on the disk of the run.' },
  { said: /\bCUDA\b|\bcuDNN\b|NVML|driver version/i, cause: 'the GPU or its driver failed', fix: 'Check the driver, or train on the CPU.' },
];

export function describeEnd({ exit, lastLines, isMemoryKill, hasCheckpoint }: EndCircumstances): string {
  const found = CAUSES.find(({ said }) => lastLines.some(line => said.test(line)));
  const cause = exit?.signal === 'SIGKILL' && isMemoryKill ? CAUSES[0] : found;
  const next = hasCheckpoint ? 'It can be resumed from its newest checkpoint.' : 'No checkpoint was written yet; it can be started again.';
  return [
    `The trainer ended without a result: ${[how(exit), ...(cause ? [cause.cause] : [])].join('; ')}.`,
    ...(cause ? [cause.fix] : []),
    next,
    ...(lastLines.length === 0 ? [] : ['Its last lines:', ...lastLines.map(line => `  ${line}`)]),
  ].join('\n');
}

function how(exit: ProcessEnd | undefined): string {
  if (!exit) return 'it is gone, and nobody saw how';
  if (exit.signal === 'SIGKILL') return 'it was killed (SIGKILL), by a user or by the system';
  if (exit.signal !== null) return `it was ended by ${exit.signal}`;
  return `exit code ${exit.code ?? 0}`;
}

const LAST_LINES = 6;
const LAST_BYTES = 4096;

export function lastLinesOf(folder: JobFolder): string[] {
  return [folder.log, folder.output].flatMap(file => tailOf(file).slice(-LAST_LINES));
}

function tailOf(file: string): string[] {
  try {
    const handle = fs.openSync(file, 'r');
    try {
      const { size } = fs.fstatSync(handle);
      const bytes = Buffer.alloc(Math.min(size, LAST_BYTES));
      fs.readSync(handle, bytes, 0, bytes.length, size - bytes.length);
      return bytes.toString('utf8').split('\n').map(line => line.trimEnd()).filter(line => line !== '');
    } finally {
      fs.closeSync(handle);
    }
  } catch {
    return [];
  }
}

/** How many processes the system has killed for want of memory since it started; 0 where it does not say. Linux. */
export function memoryKills(): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(fs.readFileSync('/proc/vmstat', 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Whether a program can train at all: the trainer's own test runs in a child, whose crash is a Problem here and nothing more. */
import { execFile } from 'node:child_process';
import type { Problem } from '../shared/problem';
import type { TrainerProgram } from './supervisor';

/** Loading the native runtime from a slow disk takes seconds; a program that hangs never answers. */
const ANSWER_TIMEOUT_MS = 60_000;
const LAST_LINES = 6;

const passed = new Set<string>();

/** Undefined where it can. What passed once is not tried again in this process. */
export async function selfTest({ file, args, env }: TrainerProgram, timeoutMs: number = ANSWER_TIMEOUT_MS): Promise<Problem | undefined> {
  const key = JSON.stringify([file, args]);
  if (passed.has(key)) return undefined;
  const problem = await new Promise<Problem | undefined>(resolve => {
    execFile(file, [...args, '--self-test'], { env: { ...process.env, ...env }, timeout: timeoutMs, killSignal: 'SIGKILL', windowsHide: true }, (error, stdout, stderr) => {
      if (!error && stdout.includes('ok')) return resolve(undefined);
      const lines = `${stdout}\n${stderr}`.split('\n').map(line => line.trim()).filter(line => line !== '');
      resolve(unfit(file, error ? howItEnded(error, timeoutMs) : 'it gave no answer', lines.slice(-LAST_LINES)));
    });
  });
  if (!problem) passed.add(key);
  return problem;
}

function howItEnded({ code, signal, killed, message }: NonNullable<Parameters<NonNullable<Parameters<typeof execFile>[3]>>[0]>, timeoutMs: number): string {
  if (killed) return `it gave no answer within ${timeoutMs / 1000} s`;
  if (signal) return `it was ended by ${signal}`;
  return typeof code === 'number' ? `exit code ${code}` : message;
}

function unfit(file: string, how: string, lastLines: readonly string[]): Problem {
  return {
    id: 'jobs/runtime-unfit', severity: 'error',
    text: `${file} cannot run the trainer: its self-test failed (${how}).`,
    fix: { text: 'Install Node 20 or newer from https://nodejs.org, or name one in the setting merlina.nodePath.' },
    ...(lastLines.length > 0 && { notes: [...lastLines] }),
  };
}

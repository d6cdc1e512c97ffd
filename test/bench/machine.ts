/** Where and from what a figure comes: without it, a number cannot be compared with the next. */
import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';

export interface Machine { cpu: string; cores: number; memory_bytes: number; system: string; node: string }

export function machine(): Machine {
  return { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, memory_bytes: totalmem(), system: `${process.platform} ${process.arch}`, node: process.version };
}

/** HEAD of the repository; "+" after it when tracked files differ from it. Empty outside a repository. */
export function commit(folder: string): string {
  const git = (...args: string[]): string => execFileSync('git', ['-C', folder, ...args], { stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim();
  try {
    return git('rev-parse', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '+');
  } catch {
    return '';
  }
}

/** Runs this program once more, as a child with the trainer's memory settings (shared/allocator.ts). */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { allocatorEnvironment } from '../shared/allocator';

const FORWARDED = ['SIGTERM', 'SIGHUP'] as const;

/** Gives the child's exit code; undefined where this process is as good as a child would be. */
export async function inTunedProcess(): Promise<number | undefined> {
  const tuned = allocatorEnvironment();
  if (Object.keys(tuned).length === 0) {
    endWithParent();
    return undefined;
  }
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env: { ...process.env, ...tuned } });
  // A terminal tells both of Ctrl-C, and a second one means more than the first.
  process.on('SIGINT', () => { if (!process.stdin.isTTY) child.kill('SIGINT'); });
  for (const signal of FORWARDED) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
  });
}

/** A child whose parent was killed must not go on unseen. */
function endWithParent(): void {
  if (!process.channel) return;
  process.once('disconnect', () => process.exit(128 + constants.signals.SIGKILL));
  process.channel.unref();
}

/** `merlina jobs keep`: trains what is queued until nothing is left. One keeper at a time works on a data directory. */
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import { Supervisor } from '../jobs';
import type { TrainerProgram } from '../jobs';
import { parseArguments } from './arguments';
import { EXIT } from './command';
import type { Terminal } from './command';
import { dataDirectory } from './dataDirectory';
import { COMMON, openJobs } from './jobsOpen';

const INTERVAL_MS = 500;
/** A keeper without a sign of life for so long is gone, and another takes over. */
const STALE_MS = 10_000;
/** A keeper that is just ending needs a moment; one that is gone, until it is stale. */
const TRIES = { retries: 13, factor: 1, minTimeout: 1000 };

export async function keep(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = parseArguments(args, COMMON, 'jobs');
  const folder = dataDirectory(values['data-dir']);
  fs.mkdirSync(folder, { recursive: true });
  let isKeeper = true;
  // After a long sleep another may have taken over: two would do no harm, but one is enough.
  const options = { realpath: false, stale: STALE_MS, retries: TRIES, onCompromised: () => { isKeeper = false; } };
  // Locks are told apart by the name of what they lock: keeper.lock.
  const release = await lockfile.lock(path.join(folder, 'keeper'), options).catch(() => undefined);
  if (!release) return EXIT.done;
  const manager = await openJobs(values, terminal);
  const supervisor = new Supervisor(manager, {
    trainer: trainerProgram(),
    onError: error => terminal.error(`${error instanceof Error ? error.message : String(error)}\n`),
  });
  await supervisor.start();
  while (isKeeper && !supervisor.isIdle) await delay(INTERVAL_MS);
  await supervisor.close();
  await manager.close();
  if (isKeeper) await release();
  return EXIT.done;
}

/** The trainer lies beside this program: dist/trainer.mjs, or the source where the source runs. */
function trainerProgram(): TrainerProgram {
  const program = process.argv[1] ?? '';
  const trainer = program.endsWith('.ts') ? path.join(path.dirname(program), 'training/main.ts') : path.join(path.dirname(fs.realpathSync(program)), 'trainer.mjs');
  return { file: process.execPath, args: [...process.execArgv, trainer] };
}

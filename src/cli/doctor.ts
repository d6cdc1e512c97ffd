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

const gigabytes = (bytes: number | undefined): string => bytes === undefined ? 'unknown' : `${(bytes / 2 ** 30).toFixed(1)} GB`;

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = parseArguments(args, { json: { type: 'boolean', default: false }, 'data-dir': { type: 'string' } }, 'doctor');
  const { examine } = await import('../preflight/doctor');
  const report = await examine({ folder: dataDirectory(values['data-dir']) });
  const isWell = !report.problems.some(({ severity }) => severity === 'error');
  if (values.json) {
    terminal.out(`${JSON.stringify(report)}\n`);
    return isWell ? EXIT.done : EXIT.failed;
  }
  const { system, machine, runtime, pythons, tokens, hub, network, problems } = report;
  const packages = (found: Readonly<Record<string, string>>): string => Object.entries(found).map(([name, version]) => `${name} ${version}`).join(', ') || 'none of the trl backend\'s packages';
  const lines: [string, string][] = [
    ['system', `${system.platform}, Node ${system.node}`],
    ['processor', `${system.cpu}, ${machine.cores} cores${system.cpuFeatures.length > 0 ? ` (${system.cpuFeatures.join(', ')})` : ''}`],
    ['memory', `${gigabytes(machine.freeMemoryBytes)} of ${gigabytes(machine.memoryBytes)} free`],
    ['disk', `${gigabytes(machine.freeDiskBytes)} free`],
    ['onnxruntime', runtime.version === undefined ? 'does not work' : `${runtime.version}: ${runtime.providers.map(({ name, works }) => `${name} ${works ? 'works' : 'does not'}`).join(', ')}`],
    ...(pythons.length === 0 ? [['Python', 'none found'] as [string, string]] : pythons.map(({ executable, version, packages: found }): [string, string] => ['Python', `${version} (${executable}): ${packages(found)}`])),
    ['tokens', `Hugging Face ${tokens.huggingFace ? 'there' : 'none'}, W&B ${tokens.wandb ? 'there' : 'none'}`],
    ['hub', `${hub.endpoint} ${hub.isOffline ? 'not asked (offline mode)' : hub.isReachable ? 'reachable' : 'not reachable'}; cache ${hub.cache}`],
    ['network', network.length === 0 ? 'no proxy or certificate settings' : `set: ${network.join(', ')}`],
  ];
  for (const [name, text] of lines) terminal.out(`${name.padEnd(13)} ${text}\n`);
  for (const problem of problems) terminal.out(`\n${problem.severity}: ${renderProblem(problem)}\n`);
  return isWell ? EXIT.done : EXIT.failed;
}

export const command: Command = { help, run };

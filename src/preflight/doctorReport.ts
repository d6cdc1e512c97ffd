/** The doctor's report in words: lines for a terminal, Markdown for an issue. */
import { renderProblem } from '../shared/problem';
import type { DoctorReport } from './doctor';

/** What was looked at, and what is there. */
export function doctorLines({ system, machine, runtime, device, gpus, pythons, tokens, hub, network }: DoctorReport): [name: string, text: string][] {
  const packages = (found: Readonly<Record<string, string>>): string =>
    Object.entries(found).map(([name, version]) => `${name} ${version}`).join(', ') || 'none of the trl backend\'s packages';
  return [
    ['system', `${system.platform}, Node ${system.node}${system.electron === undefined ? '' : `, Electron ${system.electron}`}`],
    ['processor', `${system.cpu}, ${machine.cores} cores${system.cpuFeatures.length > 0 ? ` (${system.cpuFeatures.join(', ')})` : ''}`],
    ['memory', `${gigabytes(machine.freeMemoryBytes)} of ${gigabytes(machine.memoryBytes)} free`],
    ['disk', `${gigabytes(machine.freeDiskBytes)} free`],
    ['onnxruntime', runtime.version === undefined ? 'does not work' : `${runtime.version}: ${runtime.providers.map(({ name, works }) => `${name} ${works ? 'works' : 'does not'}`).join(', ')}`],
    ['device', `${device.device}. ${device.reason}`],
    ['graphics', gpus.length === 0 ? 'no NVIDIA card' : gpus.map(({ name, driver, memoryBytes, freeBytes, computeCapability }) =>
      `${name} (compute capability ${computeCapability?.toFixed(1) ?? 'unknown'}, driver ${driver}): ${memoryBytes === undefined ? 'shares the machine\'s memory' : `${gigabytes(freeBytes)} of ${gigabytes(memoryBytes)} free`}`).join('; ')],
    ...(pythons.length === 0 ? [['Python', 'none found'] as [string, string]] : pythons.map(({ executable, version, packages: found, cuda }): [string, string] => ['Python', `${version} (${executable}): ${packages(found)}${cuda === undefined ? '' : `; torch for CUDA ${cuda}`}`])),
    ['tokens', `Hugging Face ${tokens.huggingFace ? 'there' : 'none'}, W&B ${tokens.wandb ? 'there' : 'none'}`],
    ['hub', `${hub.endpoint} ${hub.isOffline ? 'not asked (offline mode)' : hub.isReachable ? 'reachable' : 'not reachable'}; cache ${hub.cache}`],
    ['network', network.length === 0 ? 'no proxy or certificate settings' : `set: ${network.join(', ')}`],
  ];
}

/** `program` lines come first: what looked. */
export function doctorMarkdown(report: DoctorReport, program: readonly [name: string, text: string][] = []): string {
  const rows = [...program, ...doctorLines(report)].map(([name, text]) => `| ${name} | ${inTable(text)} |`);
  const problems = report.problems.map(problem => `- **${problem.severity}**: ${renderProblem(problem)}`);
  return [
    '# Merlina: Doctor', '', ...(problems.length === 0 ? ['All is well.'] : problems), '', '| What | Found |', '|---|---|', ...rows, '',
    'This report holds no secret: tokens are there or not, and of network settings only the names are told.', '',
  ].join('\n');
}

function inTable(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function gigabytes(bytes: number | undefined): string {
  return bytes === undefined ? 'unknown' : `${(bytes / 2 ** 30).toFixed(1)} GB`;
}

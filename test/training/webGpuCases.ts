/** Runs reference cases ("models/llama", "runs/orpo") on WebGPU, one after another in this process, which compiles each shader once. Prints them as JSON. */
import path from 'node:path';
import { modelParity, runParity } from '../../src/training/parity';

const REFERENCE = path.join(import.meta.dirname, '../fixtures/reference/training');

const cases = [];
for (const name of process.argv.slice(2)) {
  const folder = path.join(REFERENCE, name);
  cases.push(name.startsWith('models/') ? await modelParity(folder, 'webgpu') : await runParity(folder, path.join(REFERENCE, 'models'), 'webgpu'));
}
process.stdout.write(`${JSON.stringify(cases)}\n`);

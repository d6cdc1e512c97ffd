import { strict as assert } from 'node:assert';
import type { ParityCase } from '../../src/shared/parity';
import { needsSoftwareGpu } from '../needs';
import { onSoftwareGpu } from '../softwareGpu';

/** Each is held to the tolerances of float32 on the CPU: 1e-4 for logits, losses and figures, 1e-3 for gradients and final weights. */
const CASES = ['models/llama', 'models/qwen3', 'models/gemma2', 'runs/sft', 'runs/orpo', 'runs/dpo', 'runs/kto', 'runs/orpo-gemma2', 'runs/orpo-qwen3'];
/** A thread of SwiftShader takes half a minute to compile the shaders, and as much for each run. */
const TIMEOUT_MS = 600_000;

describe('training on WebGPU, over a GPU in software', function () {
  this.timeout(TIMEOUT_MS);
  let environment: Record<string, string>;
  let cases: ParityCase[];

  before(async function () {
    environment = needsSoftwareGpu(this);
    cases = (await onSoftwareGpu('training/webGpuCases.ts', CASES, environment)).result as ParityCase[];
  });

  for (const name of CASES) {
    it(`${name}: agrees with the reference as the CPU does`, () => {
      const found = cases.find(one => one.name === name);
      assert.ok(found?.ok, found?.detail);
    });
  }

  for (const model of ['llama', 'gemma2', 'phi3']) {
    it(`leaves no node to the CPU but those that handle lengths and positions (${model})`, async () => {
      const { result, log } = await onSoftwareGpu('training/webGpuPlacement.ts', [model], environment);
      const types = result as Record<string, string>;
      const left = [...new Set([...log.matchAll(/kernel not found in registries for Op type: \w+ node name: (\S+)/g)].map(([, node]) => node))];
      assert.ok(left.length > 0 && left.length < 0.15 * Object.keys(types).length, `${left.length} of ${Object.keys(types).length} nodes`);
      assert.deepEqual(left.filter(node => types[node]?.startsWith('float') ?? true), []);
    });
  }
});

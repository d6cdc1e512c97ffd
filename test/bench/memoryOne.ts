/** One training step in a fresh process: its peak memory beside the estimate. Arguments: MODEL LENGTH ROWS CHECKPOINTING(0|1) METHOD EVALUATES(0|1). Linux only. */
import fs from 'node:fs';
import { createTrainingEngine } from '../../src/engine';
import { openModel, readArchitecture } from '../../src/models';
import { embeddedMemory, rowLengths } from '../../src/preflight/memory';
import type { TrainingRow } from '../../src/shared/rows';

const [id = '', length = '256', rowCount = '1', checkpointing = '1', method = 'orpo', evaluates = '0'] = process.argv.slice(2);
const maxLength = Number(length), batchRows = Number(rowCount), promptTokens = Math.floor(maxLength / 4);
const tokens = (count: number): number[] => Array.from({ length: count }, (_, i) => (i % 100) + 1);
const row: TrainingRow = method === 'sft'
  ? { ids: tokens(maxLength), labels: tokens(maxLength) }
  : { prompt: tokens(promptTokens), chosen: tokens(maxLength - promptTokens), rejected: tokens(maxLength - promptTokens) };

const model = await openModel(id);
const spec = readArchitecture(model.config);
const adapter = { rank: 16, alpha: 32, dropout: 0, targetModules: ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'], modulesToSave: [], useRslora: false, seed: 1 };
const common = { maxLength, batchRows, adapter, gradientCheckpointing: checkpointing === '1', trainOnPrompt: null };
// No optimizer runs here, so its state is left out: sgd has none.
const estimate = embeddedMemory({ spec, tensorType: [...model.tensors.values()][0]!.type }, { ...common, method, optimizer: 'sgd', evaluates: evaluates === '1', hasNoise: false }, [rowLengths(row)]);

const engine = await createTrainingEngine({ ...common, spec, tensors: model.tensors, loss: { id: method, parameters: {} } });
const rows = Array.from({ length: batchRows }, () => ({ row, reference: [0, 0] }));
for (let step = 0; step < 2; step++) await engine.step(rows, { scale: 1, seed: step });
if (evaluates === '1') await engine.evaluate(rows);
const peakBytes = Number(/VmHWM:\s+(\d+) kB/.exec(fs.readFileSync('/proc/self/status', 'utf8'))![1]) * 1024;
await engine.release();
console.log(JSON.stringify({ case: process.argv.slice(3).join(' '), peakBytes, estimatedBytes: Math.round(estimate.totalBytes), error: estimate.totalBytes / peakBytes - 1 }));

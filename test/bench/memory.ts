/** How far the memory estimate is from measured peaks: node --import tsx test/bench/memory.ts MODEL. Each case in a fresh process; worst and median at the end. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const model = process.argv[2];
if (model === undefined) throw new Error('usage: memory.ts MODEL');
/** Length, rows, checkpointing, method, evaluation. */
const CASES = ['128 1 0 orpo 0', '128 1 1 orpo 0', '256 1 1 orpo 1', '128 2 1 orpo 0', '128 4 1 sft 0', '256 1 0 sft 0', '128 1 1 dpo 1'];

const errors = CASES.flatMap(one => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', path.join(import.meta.dirname, 'memoryOne.ts'), model, ...one.split(' ')], { encoding: 'utf8' });
  if (stdout === '') { console.error(stderr); return []; }
  const { peakBytes, estimatedBytes, error } = JSON.parse(stdout) as { peakBytes: number; estimatedBytes: number; error: number };
  const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`;
  console.log(`${one.padEnd(18)} measured ${megabytes(peakBytes)}, estimated ${megabytes(estimatedBytes)}, ${(100 * error).toFixed(1)} %`);
  return [Math.abs(error)];
}).sort((a, b) => a - b);
console.log(`median ${(100 * (errors[Math.floor(errors.length / 2)] ?? NaN)).toFixed(1)} %, worst ${(100 * (errors.at(-1) ?? NaN)).toFixed(1)} %`);

/** Reference log-probabilities: those of the policy before its first update. Computed once, cached in the run directory,
 *  and read from there on resume, when the weights that gave them are gone. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import type { TrainingEngine } from '../engine/trainingEngine';
import { problemError } from '../shared/problem';
import type { TrainingRow } from '../shared/rows';
import { chunks } from './batch';
import { replaceFile } from './durableFiles';
import { writeProblem } from './writeProblem';

export interface Reference {
  readonly train: number[][];
  readonly eval: number[][];
}

interface ReferenceOptions {
  readonly engine: TrainingEngine;
  readonly train: readonly TrainingRow[];
  readonly eval: readonly TrainingRow[];
  readonly batchSize: number;
  readonly cacheFile: string;
  /** False on resume, when the engine's weights are no longer those of the start. */
  readonly canCompute: boolean;
  /** Called after each batch; true breaks off. */
  readonly onProgress: (fractionDone: number) => boolean;
}

/** Undefined where broken off. */
export async function referenceLogps(options: ReferenceOptions): Promise<Reference | undefined> {
  const rows = [...options.train, ...options.eval];
  const key = createHash('sha256').update(JSON.stringify(rows)).digest('hex');
  const split = (logps: number[][]): Reference => ({ train: logps.slice(0, options.train.length), eval: logps.slice(options.train.length) });
  const cached = readCache(options.cacheFile, key);
  if (cached) return split(cached);
  if (!options.canCompute) {
    throw problemError('training/no-reference', 'The reference log-probabilities of this run are missing or belong to other rows, and cannot be computed again from trained weights.', {
      where: { file: options.cacheFile },
      fix: { text: 'Put the file back, or start a new run.' },
    });
  }
  const logps: number[][] = [];
  for (const batch of chunks(rows, options.batchSize)) {
    logps.push(...await options.engine.reference(batch));
    if (options.onProgress(logps.length / rows.length)) return undefined;
  }
  try {
    replaceFile(options.cacheFile, JSON.stringify({ key, logps }));
  } catch (error) {
    throw writeProblem(error, 'The file of reference log-probabilities', options.cacheFile, 'No update was made yet.');
  }
  return split(logps);
}

function readCache(file: string, key: string): number[][] | undefined {
  try {
    const cache = JSON.parse(fs.readFileSync(file, 'utf8')) as { key: string; logps: number[][] };
    return cache.key === key ? cache.logps : undefined;
  } catch {
    return undefined;
  }
}

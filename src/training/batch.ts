/** Which rows make up which micro-batch of which update.
 *
 *  Five rows, micro-batches of two, two micro-batches an update, in file order:
 *
 *      epoch 0   update 0: [0 1] [2 3]   update 1: [4]      a short micro-batch and a short window are used as they are
 *      epoch 1   update 2: [0 1] [2 3]   update 3: [4]
 *
 *  With shuffling, each epoch has an order of its own, a function of the seed and the epoch alone: all draws are stateless,
 *  so a resumed run needs no generator's state to draw the same. */
import type { BatchRow } from '../engine/trainingEngine';
import { Random } from '../shared/random';
import type { TrainingRow, UnpairedRow } from '../shared/rows';
import type { TrainingPlan } from './plan';
import type { StepCounts } from './steps';

export interface MicroBatch {
  /** Indices of training rows. */
  readonly rows: readonly number[];
  /** Of dropout and embedding noise. */
  readonly seed: number;
}

/** What the draws are for: keeps the order of rows and the noise independent of one another. */
const ORDER = 1;
const NOISE = 2;
const GROUPS = 3;

export class BatchSchedule {
  private cached: { epoch: number; microBatches: number[][] } | undefined;

  constructor(
    private readonly plan: Pick<TrainingPlan, 'seed' | 'batchSize' | 'accumulationSteps' | 'shuffle'>,
    private readonly counts: Pick<StepCounts, 'microBatchesPerEpoch' | 'updatesPerEpoch'>,
    private readonly rowCount: number,
    /** Rows that only make sense beside their neighbours (kto): whole micro-batches are shuffled, once made. */
    private readonly keepsMicroBatches: boolean,
  ) {}

  /** Micro-batches of update `step`, counted from 0. */
  window(step: number): MicroBatch[] {
    const { updatesPerEpoch, microBatchesPerEpoch } = this.counts;
    const epoch = Math.floor(step / updatesPerEpoch);
    const first = (step % updatesPerEpoch) * this.plan.accumulationSteps;
    return this.epoch(epoch).slice(first, first + this.plan.accumulationSteps).map((rows, index) => ({
      rows,
      seed: Random.of(this.plan.seed, NOISE, epoch * microBatchesPerEpoch + first + index).bits(),
    }));
  }

  /** Epochs done after `step` updates: 1.5 is the middle of the second. */
  epochAfter(step: number): number {
    const { updatesPerEpoch, microBatchesPerEpoch } = this.counts;
    const inEpoch = Math.min(microBatchesPerEpoch, (step % updatesPerEpoch) * this.plan.accumulationSteps);
    return Math.floor(step / updatesPerEpoch) + inEpoch / microBatchesPerEpoch;
  }

  private epoch(epoch: number): number[][] {
    if (this.cached?.epoch !== epoch) this.cached = { epoch, microBatches: this.makeEpoch(epoch) };
    return this.cached.microBatches;
  }

  private makeEpoch(epoch: number): number[][] {
    const { seed, batchSize, shuffle } = this.plan;
    if (!shuffle) return chunks(fileOrder(this.rowCount), batchSize);
    if (!this.keepsMicroBatches) return chunks(Random.of(seed, ORDER, epoch).shuffle(fileOrder(this.rowCount)), batchSize);
    const groups = fixedGroups(this.rowCount, this.plan);
    // A short group stays last, so that windows hold the same numbers of rows in each epoch.
    const full = groups.filter(group => group.length === batchSize);
    return [...Random.of(seed, ORDER, epoch).shuffle(full), ...groups.filter(group => group.length !== batchSize)];
  }
}

/** The micro-batches of a run whose rows stay with their neighbours. */
export function fixedGroups(rowCount: number, plan: Pick<TrainingPlan, 'seed' | 'batchSize' | 'shuffle'>): number[][] {
  const order = fileOrder(rowCount);
  return chunks(plan.shuffle ? Random.of(plan.seed, GROUPS).shuffle(order) : order, plan.batchSize);
}

/** Gives each unpaired row the response of the row before it in its micro-batch, cyclic, for the KL estimate (as TRL 1.16
 *  pairs them). A row alone in its micro-batch takes that of the micro-batch before. Other rows and given responses stay.
 *  A response that does not fit beside this prompt loses its end, as its own row's would: `maxLength` holds for both together. */
export function withMismatchedResponses(rows: readonly TrainingRow[], groups: readonly (readonly number[])[], maxLength = Infinity): TrainingRow[] {
  const paired = [...rows];
  groups.forEach((group, groupIndex) => {
    group.forEach((rowIndex, position) => {
      const row = rows[rowIndex]!;
      if (!isUnpaired(row) || row.kl_response !== undefined) return;
      const neighbour = group.length > 1 ? group.at(position - 1)! : groups.at(groupIndex - 1)!.at(-1)!;
      paired[rowIndex] = { ...row, kl_response: (rows[neighbour] as UnpairedRow).response.slice(0, Math.max(1, maxLength - row.prompt.length)) };
    });
  });
  return paired;
}

export function isUnpaired(row: TrainingRow): row is UnpairedRow {
  return 'response' in row;
}

/** Tokens as the reference counts them: a pair's prompt once for each response. */
export function tokenCount(row: TrainingRow): number {
  if ('ids' in row) return row.ids.length;
  if (isUnpaired(row)) return row.prompt.length + row.response.length;
  return 2 * row.prompt.length + row.chosen.length + row.rejected.length;
}

export function batchRows(indices: readonly number[], rows: readonly TrainingRow[], reference: readonly number[][] | undefined): BatchRow[] {
  return indices.map(index => ({ row: rows[index]!, ...(reference && { reference: reference[index]! }) }));
}

export function fileOrder(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

export function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}

/** Loss and metrics over the evaluation rows; undefined where `isStopRequested` broke it off between two batches.  Averages as transformers' Trainer: eval_loss weights batches by their rows,
 *  the other figures are plain means over the batches that report them. */
import type { TrainingEngine } from '../engine/trainingEngine';
import type { TrainingRow } from '../shared/rows';
import { batchRows, chunks, fileOrder } from './batch';

export async function evaluate(
  engine: TrainingEngine,
  rows: readonly TrainingRow[],
  batchSize: number,
  reference: readonly number[][] | undefined,
  isStopRequested: () => boolean,
): Promise<{ eval_loss: number; [metric: string]: number } | undefined> {
  let weightedLoss = 0;
  const metrics = new MeanMetrics();
  for (const indices of chunks(fileOrder(rows.length), batchSize)) {
    if (isStopRequested()) return undefined;
    const batch = batchRows(indices, rows, reference);
    const result = await engine.evaluate(batch);
    const labels = engine.reduction === 'mean' ? 1 : batch.reduce((sum, { row }) => sum + engine.labelCount(row), 0);
    weightedLoss += (result.loss / labels) * indices.length;
    metrics.add(result.metrics);
  }
  return { ...metrics.means('eval_'), eval_loss: weightedLoss / rows.length };
}

/** Means of figures that not every batch reports (kto: a batch may hold no rejected row). */
export class MeanMetrics {
  private readonly sums = new Map<string, { sum: number; count: number }>();

  add(metrics: Readonly<Record<string, number>>): void {
    for (const [name, value] of Object.entries(metrics)) {
      if (Number.isNaN(value)) continue;
      const { sum, count } = this.sums.get(name) ?? { sum: 0, count: 0 };
      this.sums.set(name, { sum: sum + value, count: count + 1 });
    }
  }

  means(prefix = ''): Record<string, number> {
    return Object.fromEntries([...this.sums].map(([name, { sum, count }]) => [prefix + name, sum / count]));
  }
}

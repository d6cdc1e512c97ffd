/** Stops a run whose numbers are no longer numbers, and says where that began. */
import { firstNonFinite } from '../engine/optimizer';
import type { Parameter } from '../engine/trainingEngine';
import { problemError } from '../shared/problem';

export interface GuardedStep {
  /** Of the update being made, counted from 1. */
  readonly step: number;
  /** Training rows of the micro-batch, as the user knows them: "12", "train.jsonl:40". */
  readonly rows: readonly string[];
  readonly loss: number;
  readonly parameters: readonly Parameter[];
  readonly gradients: readonly Float32Array[];
  /** Of these gradients, which tells whether all of them are finite. */
  readonly gradientNorm: number;
  readonly learningRate: number;
  /** Products are float16's. */
  readonly isHalf?: boolean;
  /** Path of the newest checkpoint, if any. */
  readonly lastCheckpoint: string | undefined;
}

/** Throws ProblemError naming step, rows and the first bad tensor where loss or gradients are NaN or infinite. */
export function guardFinite({ step, rows, loss, parameters, gradients, gradientNorm, learningRate, lastCheckpoint, isHalf = false }: GuardedStep): void {
  if (Number.isFinite(loss) && Number.isFinite(gradientNorm)) return;
  const gradient = firstNonFinite(parameters, gradients);
  const weight = firstNonFinite(parameters, parameters.map(({ data }) => data));
  const tensor = weight ?? gradient;
  const which = weight !== undefined ? `weight ${weight}` : gradient !== undefined ? `gradient of ${gradient}` : 'the loss itself';
  const what = Number.isFinite(loss) ? `A gradient is no longer finite (loss ${loss})` : `The loss became ${loss}`;
  throw problemError(
    'training/not-finite',
    `${what} at step ${step}, on ${rows.length === 1 ? 'row' : 'rows'} ${rows.join(', ')}; first bad tensor: ${which}. ` +
      (lastCheckpoint === undefined ? 'No checkpoint was written before.' : `The checkpoint ${lastCheckpoint} is kept.`),
    {
      where: tensor === undefined ? {} : { field: tensor },
      fix: isHalf ? {
        text: 'Set compute_dtype to "float32": numbers above 65504 do not fit float16. If it happens there too, lower learning_rate.',
        set: { key: 'compute_dtype', value: 'float32' },
      } : {
        text: `Lower learning_rate (it was ${learningRate.toPrecision(3)} at this step), or set max_grad_norm; ` +
          'if it happens at any rate, look at these rows.',
        set: { key: 'learning_rate', value: Number((learningRate / 10).toPrecision(3)) },
      },
    },
  );
}

/** Throws where an update has left weights that are not finite: such a state must not become a checkpoint. */
export function guardWeights(step: number, parameters: readonly Parameter[], learningRate: number, lastCheckpoint: string | undefined): void {
  const weight = firstNonFinite(parameters, parameters.map(({ data }) => data));
  if (weight === undefined) return;
  throw problemError(
    'training/not-finite',
    `The update of step ${step} left weights that are not finite; first bad tensor: ${weight}. ` +
      (lastCheckpoint === undefined ? 'No checkpoint was written before.' : `The checkpoint ${lastCheckpoint} is kept.`),
    { where: { field: weight }, fix: { text: `Lower learning_rate (it was ${learningRate.toPrecision(3)} at this step).` } },
  );
}

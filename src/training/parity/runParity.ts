/** runs/NAME: a whole training run through our loop, on the token ids TRL saw, compared update by update and in its final weights. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { createTrainingEngine, type Device, type TrainingEngine } from '../../engine';
import { DEFAULT_OPTIMIZER_OPTIONS } from '../../engine/optimizer';
import type { ParityCase } from '../../shared/parity';
import type { TrainingRow } from '../../shared/rows';
import { CheckpointStore } from '../checkpoint';
import type { NewEvent } from '../eventLog';
import { train } from '../loop';
import type { TrainingPlan } from '../plan';
import { shareOfChange, Worst } from './agreement';
import { adapterOf, openReferenceModel, readAll } from './referenceModel';

/** Agreement to expect in float32 (the reference's README). */
const TOLERANCE = { loss: 1e-4, learningRate: 1e-9, weights: 1e-3 } as const;
/** Figures that average over padding too, or that only inform. */
const NOT_COMPARED = /logits\/|entropy|num_tokens|mean_token_accuracy|^(eval_)?(epoch|step|loss|grad_norm|learning_rate|runtime)$/;

const figures = z.record(z.string(), z.number());
const microBatches = z.array(z.array(z.record(z.string(), z.unknown()))).transform(batches => batches as unknown as TrainingRow[][]);
const caseSchema = z.object({
  model: z.string(),
  method: z.string(),
  lora: z.object({ r: z.number(), lora_alpha: z.number(), target_modules: z.array(z.string()) }).nullable(),
  hyperparameters: z.looseObject({
    learning_rate: z.number(), per_device_train_batch_size: z.number(), gradient_accumulation_steps: z.number(), num_train_epochs: z.number(),
    lr_scheduler_type: z.string(), warmup_steps: z.number(), weight_decay: z.number(), max_grad_norm: z.number(), optim: z.string(),
    beta: z.number().optional(), loss_type: z.string().optional(), simpo_gamma: z.number().optional(), cpo_alpha: z.number().optional(), label_smoothing: z.number().optional(),
    eval_steps: z.number().optional(),
  }),
  micro_batches: microBatches,
  steps: z.array(figures),
  eval: z.object({ micro_batches: microBatches, results: z.array(figures) }).optional(),
});
type Case = z.infer<typeof caseSchema>;

/** `modelsFolder` holds the models that cases name. */
export async function runParity(folder: string, modelsFolder: string, device?: Device): Promise<ParityCase> {
  const reference = caseSchema.parse(JSON.parse(await readFile(path.join(folder, 'case.json'), 'utf8')));
  const { spec, tensors } = await openReferenceModel(path.join(modelsFolder, reference.model));
  const rows = firstEpoch(reference);
  const evalRows = reference.eval?.micro_batches.flat() ?? [];
  const hyper = reference.hyperparameters;
  const engine = await createTrainingEngine({
    spec, tensors,
    adapter: reference.lora && adapterOf(reference.lora, await readAll(path.join(folder, 'init', 'adapter_model.safetensors'))),
    loss: { id: lossOf(reference), parameters: { beta: hyper.beta, gamma: hyper.simpo_gamma, cpo_alpha: hyper.cpo_alpha, label_smoothing: hyper.label_smoothing } },
    batchRows: Math.max(hyper.per_device_train_batch_size, ...(reference.eval?.micro_batches.map(batch => batch.length) ?? [])),
    maxLength: Math.max(...[...rows, ...evalRows].map(longestSequence)),
    gradientCheckpointing: false,
    device,
  });
  const before = engine.parameters.map(({ data }) => data.slice());
  const worst = new Worst();
  try {
    const events = await trainCase(engine, reference, rows, evalRows);
    const logged = (type: NewEvent['type']) => events.filter(event => event.type === type) as unknown as Record<string, number>[];
    compareSteps(worst, reference.steps, logged('metrics'), '', hyper.beta);
    if (reference.eval) compareSteps(worst, reference.eval.results, logged('eval'), 'eval_', hyper.beta);
    await compareWeights(worst, engine, before, path.join(folder, reference.lora ? path.join('final', 'adapter_model.safetensors') : 'final.safetensors'));
  } finally {
    await engine.release();
  }
  return { name: `runs/${path.basename(folder)}`, ok: worst.ok, detail: worst.detail };
}

/** TRL trains IPO with its DPO trainer and SimPO with its CPO trainer. */
function lossOf({ method, hyperparameters: { loss_type } }: Case): string {
  return loss_type === 'ipo' || loss_type === 'simpo' ? loss_type : method;
}

function firstEpoch({ micro_batches, hyperparameters }: Case): TrainingRow[] {
  return micro_batches.slice(0, micro_batches.length / hyperparameters.num_train_epochs).flat();
}

function longestSequence(row: TrainingRow): number {
  if ('ids' in row) return row.ids.length;
  const responses = 'chosen' in row ? [row.chosen, row.rejected] : [row.response, row.kl_response ?? []];
  return row.prompt.length + Math.max(...responses.map(ids => ids.length));
}

async function trainCase(engine: TrainingEngine, { hyperparameters: hyper, eval: evaluation }: Case, rows: TrainingRow[], evalRows: TrainingRow[]): Promise<NewEvent[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'merlina-parity-'));
  const events: NewEvent[] = [];
  const plan: TrainingPlan = {
    seed: 0, shuffle: false, batchSize: hyper.per_device_train_batch_size, accumulationSteps: hyper.gradient_accumulation_steps,
    epochs: hyper.num_train_epochs, maxSteps: null, learningRate: hyper.learning_rate, schedule: hyper.lr_scheduler_type, scheduleOptions: {}, warmupRatio: hyper.warmup_steps,
    optimizer: hyper.optim, optimizerOptions: { ...DEFAULT_OPTIMIZER_OPTIONS, weightDecay: hyper.weight_decay }, maxGradNorm: hyper.max_grad_norm,
    evalSteps: evaluation ? hyper.eval_steps ?? 0 : 0, evalOnStart: false, saveSteps: 0, saveTotalLimit: 1, loggingSteps: 1, earlyStoppingPatience: null,
  };
  try {
    await train({
      engine, plan, train: rows, eval: evalRows,
      checkpoints: new CheckpointStore(path.join(folder, 'checkpoints'), 'weights.safetensors'), checkpointFiles: new Map(),
      events: { emit: event => { events.push(event); } }, stop: { requested: () => undefined }, resume: undefined,
      referenceFile: path.join(folder, 'reference.json'),
      identity: { threads: 0, model_fingerprint: '', dataset_fingerprint: '', recipe: null },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return events;
}

function compareSteps(worst: Worst, wanted: readonly Record<string, number>[], logged: readonly Record<string, number>[], prefix: string, beta = 1): void {
  if (logged.length !== wanted.length) return worst.note(`${logged.length} ${prefix}steps instead of ${wanted.length}`, Infinity, 1);
  wanted.forEach((want, i) => {
    const got = logged[i];
    const note = (key: string, scale: number, tolerance: number) => worst.note(`step ${want.step} ${key}`, distance(got[key], want[key]) / scale, tolerance);
    note(`${prefix}loss`, Math.abs(want[`${prefix}loss`]), TOLERANCE.loss);
    if (prefix === '') {
      note('grad_norm', want.grad_norm, TOLERANCE.loss);
      note('learning_rate', Math.max(want.learning_rate, 1e-12), TOLERANCE.learningRate);
    }
    const smallest = smallestScale(want, prefix, beta);
    for (const key of Object.keys(want)) if (!isLeftOut(key, want, got)) note(key, Math.max(Math.abs(want[key]), smallest), TOLERANCE.loss);
  });
}

/** TRL states a likelihood of 0 where it computes none (SimPO). */
function isLeftOut(key: string, want: Record<string, number>, got: Record<string, number>): boolean {
  return NOT_COMPARED.test(key) || (key.endsWith('nll_loss') && want[key] === 0 && got[key] === undefined);
}

function distance(got: number | undefined, want: number): number {
  const difference = Math.abs((got ?? NaN) - want);
  return Number.isNaN(difference) ? Infinity : difference;
}

/** Rewards and margins are differences of log-probabilities, whose own rounding sets how small a difference can be told. */
function smallestScale(want: Record<string, number>, prefix: string, beta: number): number {
  const logps = ['logps/chosen', 'logps/rejected'].map(key => Math.abs(want[prefix + key] ?? 0));
  return Math.max(1e-2, 1e-2 * Math.min(beta, 1) * Math.max(...logps));
}

async function compareWeights(worst: Worst, engine: TrainingEngine, before: Float32Array[], file: string): Promise<void> {
  const want = await readAll(file);
  for (const [i, { name, data }] of engine.parameters.entries()) {
    const reference = want.get(name);
    worst.note(`final ${name}`, reference ? shareOfChange(data, reference, before[i]) : Infinity, TOLERANCE.weights);
  }
}

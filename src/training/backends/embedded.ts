/** The embedded backend: opens model and rows, trains them with our own engine, writes the adapter. */
import os from 'node:os';
import { createTrainingEngine, eightBitDirections, eightBitLevels } from '../../engine';
import type { TrainingEngine } from '../../engine';
import { LossScale } from '../../engine/optimizer';
import { readArchitecture } from '../../models/architectures';
import type { ModelSource } from '../../models/source';
import { linearModules, targetsIn } from '../../shared/decoderSpec';
import type { DecoderSpec } from '../../shared/decoderSpec';
import { elementCount, type EightBitWeight, type MappableTensor } from '../../shared/tensors';
import { problemError, ProblemError } from '../../shared/problem';
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS, eightBitTensors, encodeAdapterConfig, mappableTensors, openModel, packedTensors, readAdapter } from '../../models';
import type { LoraSettings } from '../../models';
import type { Recipe } from '../../recipe';
import { adapterFiles, modelFiles } from '../adapter';
import { CheckpointStore } from '../checkpoint';
import { deviceOfRun, noteBus } from '../deviceOfRun';
import type { LoadedCheckpoint } from '../checkpoint';
import { DISK, replaceFile, replaceFolder } from '../durableFiles';
import { beganAt, emitProblems, emitStatus, revisionsOf } from '../eventLog';
import { train } from '../loop';
import type { TrainingEnd } from '../loop';
import { modelCard } from '../modelCard';
import { describeProgress, prepareRows } from '../prepareRows';
import { changedRecipeProblem } from '../recipeDifference';
import { adapterOptionsOf, loraSettingsOf, lossOf, overriddenByAdapter, planOf } from '../recipePlan';
import { reserveHeap } from '../reserveHeap';
import { countSteps } from '../steps';
import { answerSamples } from '../samples';
import { versions } from '../versions';
import { watchLoading } from '../watchLoading';
import { writeProblem } from '../writeProblem';
import type { BackendEnd, BackendRun, TrainerBackend } from './backend';

/** More than the peak of most runs: SmolLM2-135M takes 8 to 16 bytes a weight with rows of 512 tokens, 30 with 4,096. */
const HEAP_BYTES_A_WEIGHT = 32;

export const embedded: TrainerBackend = { id: 'embedded', run };

async function run(options: BackendRun): Promise<BackendEnd> {
  const { run, recipe, events, stop } = options;
  const checkpoints = new CheckpointStore(run.checkpoints, recipe.use_lora ? ADAPTER_WEIGHTS : 'model.safetensors');
  const resume = options.isResume ? await checkpointToResume(options, checkpoints) : undefined;
  const device = await deviceOfRun(recipe, events, resume && (resume.state.device ?? 'cpu'));

  emitStatus(events, 'loading_model', 0, `Opening ${recipe.base_model}.`);
  const model = await watchLoading('loading_model', events, stop, hub => openModel(recipe.base_model, hub));
  if (!model) return stoppedEarly(options, resume);
  const spec = readArchitecture(model.config);
  const decoding = (done: number, total: number): void => emitStatus(events, 'loading_model', 0, `Decoding tensor ${done} of ${total}.`);
  const packing = (done: number, total: number): void => emitStatus(events, 'loading_model', 0, `Packing tensor ${done} of ${total} into 4 bits.`);
  const tensors = isPacked(recipe) ? await packedTensors(model, linearWeights(spec), packing) : await mappableTensors(model, decoding);
  reserveHeap(HEAP_BYTES_A_WEIGHT * weightsIn(tensors));
  const eightBit = recipe.compute_dtype === 'int8' ? await eightBitOf(options, model, spec) : undefined;

  emitStatus(events, 'loading_dataset', 0, 'Reading and tokenising the rows.');
  const rows = await watchLoading('loading_dataset', events, stop, (hub, show) =>
    prepareRows(recipe, model, { baseDir: run.root, now: beganAt(run), loaders: { hub, pins: revisionsOf(run) }, signal: hub.signal, onProgress: progress => show(describeProgress(progress)) }));
  if (!rows) return stoppedEarly(options, resume);
  emitProblems(events, rows.problems);
  if (resume) refuseOtherInputs(resume, model, rows.fingerprint);

  const lora = recipe.use_lora ? await loraOf(options, spec) : null;
  const threads = recipe.threads ?? resume?.state.threads ?? os.availableParallelism();
  warnOfThreads(options, threads, resume);
  const adapter = lora && adapterOptionsOf(lora.settings, recipe.seed, lora.initial);
  const engine = await createTrainingEngine({
    spec,
    tensors,
    ...(eightBit && { eightBit }),
    adapter,
    loss: lossOf(recipe),
    batchRows: recipe.batch_size,
    maxLength: recipe.max_length,
    trainOnPrompt: recipe.train_on_prompt,
    gradientCheckpointing: recipe.gradient_checkpointing,
    neftuneAlpha: recipe.neftune_alpha,
    threads,
    device,
    isHalf: recipe.compute_dtype === 'float16',
  });
  noteBus(device, engine.parameters, events, isPacked(recipe));
  try {
    const plan = planOf(recipe);
    const counts = countSteps(plan, rows.train.length, rows.eval.length);
    events.emit({
      type: 'started',
      run_id: recipe.output_name,
      versions: versions(),
      model: { id: model.id, fingerprint: model.fingerprint },
      dataset: { fingerprint: rows.fingerprint, rows: rows.train.length, eval_rows: rows.eval.length, ...(rows.revisions.length > 0 && { revisions: rows.revisions }) },
      total_steps: counts.totalSteps,
      resumed_from_step: resume?.state.step ?? 0,
      backend: 'embedded',
      device,
      threads,
    });
    if (resume) checkpoints.supersede(resume.state.step);
    /** What only shows the run must not end it. */
    const sample = async (step: number, whose: 'base' | 'current'): Promise<void> => {
      if (recipe.sample_prompts.length === 0 || !adapter) return;
      try {
        const samples = await answerSamples({
          prompts: recipe.sample_prompts, model, spec, tensors, adapter: whose === 'base' ? null : adapter, parameters: engine.parameters, threads,
          isStopRequested: () => stop.requested() !== undefined,
        });
        events.emit({ type: 'sample', step, model: whose, samples });
      } catch (error) {
        if (error instanceof ProblemError) throw error; // a disk that takes no more events
        events.emit({ type: 'log', level: 'warn', text: `The sample prompts could not be answered: ${error instanceof Error ? error.message : String(error)}` });
      }
    };
    if (!resume && recipe.sample_prompts.length > 0) {
      emitStatus(events, 'initializing', 0, 'The model answers the sample prompts as it is.');
      await sample(0, 'base');
    }
    const end = await train({
      engine, plan, train: rows.train, eval: rows.eval, maxLength: recipe.max_length, checkpoints, events, stop, resume,
      lossScale: recipe.compute_dtype === 'float16' ? new LossScale(resume?.state.loss_scale) : undefined,
      checkpointFiles: new Map(lora ? [[ADAPTER_CONFIG, encodeAdapterConfig(lora.settings, model.id)]] : []),
      referenceFile: run.referenceLogps,
      identity: { threads, device, model_fingerprint: model.fingerprint, dataset_fingerprint: rows.fingerprint, recipe },
      describeRow: rows.describeRow,
      onEvaluated: step => sample(step, 'current'),
    });
    if (end.kind === 'stopped') {
      events.emit({ type: 'stopped', step: end.step, ...(end.checkpoint !== undefined && { checkpoint: end.checkpoint }) });
      return 'stopped';
    }
    if (end.isEarly) await takeBest(options, checkpoints, engine, end);
    emitStatus(events, 'saving', 1, 'Writing the result.');
    const folder = writeResult(options, engine, model, lora?.settings ?? null);
    replaceFile(run.modelCard, modelCard({ recipe, rows: rows.train.length, evalRows: rows.eval.length, steps: end.step, metrics: end.metrics, versions: versions() }));
    events.emit({ type: 'completed', output_dir: folder, final_metrics: end.metrics });
    return 'completed';
  } finally {
    await engine.release();
  }
}

/** Asked to stop before training went on: the checkpoint to resume from is the one it began with. */
function stoppedEarly({ events }: BackendRun, resume: LoadedCheckpoint | undefined): BackendEnd {
  events.emit({ type: 'stopped', step: resume?.state.step ?? 0, ...(resume && { checkpoint: resume.path }) });
  return 'stopped';
}

/** The checkpoint to go on from. Throws where the recipe has changed since. */
async function checkpointToResume({ recipe, events, run, fromStep }: BackendRun, checkpoints: CheckpointStore): Promise<LoadedCheckpoint | undefined> {
  const { checkpoint, problems } = fromStep === undefined ? await checkpoints.newest() : { checkpoint: await checkpoints.chosen(fromStep), problems: [] };
  emitProblems(events, problems);
  if (!checkpoint) {
    events.emit({ type: 'log', level: 'info', text: `No checkpoint in ${run.checkpoints} yet: the run begins at step 0.` });
    return undefined;
  }
  const changed = changedRecipeProblem(checkpoint.state.recipe, recipe, checkpoint.path);
  if (changed) throw new ProblemError([changed]);
  return checkpoint;
}

function refuseOtherInputs(resume: LoadedCheckpoint, model: ModelSource, datasetFingerprint: string): void {
  const refuse = (what: string, field: string, before: string, now: string): ProblemError =>
    problemError('training/inputs-changed', `The ${what} is not the one this run began with: its fingerprint was ${before.slice(0, 12)}, it is ${now.slice(0, 12)}.`, {
      where: { file: resume.path, field },
      fix: { text: `Put the ${what} back to resume, or start a new run in another folder.` },
    });
  const { model_fingerprint: modelBefore, dataset_fingerprint: rowsBefore } = resume.state;
  if (modelBefore !== model.fingerprint) throw refuse('model', 'base_model', modelBefore, model.fingerprint);
  if (rowsBefore !== datasetFingerprint) throw refuse('dataset', 'dataset', rowsBefore, datasetFingerprint);
}

async function loraOf({ recipe, events }: BackendRun, spec: DecoderSpec): Promise<{ settings: LoraSettings; initial?: ReadonlyMap<string, Float32Array> }> {
  const given = loraSettingsOf(recipe);
  const asked = { ...given, targetModules: targetsIn(spec, given.targetModules) };
  if (asked.targetModules.length !== given.targetModules.length)
    events.emit({ type: 'log', level: 'info', text: `This model fuses projections; LoRA goes on ${asked.targetModules.join(', ')}.` });
  if (recipe.init_adapter === null) return { settings: asked };
  const { settings, tensors } = await readAdapter(recipe.init_adapter);
  const overridden = overriddenByAdapter(asked, settings);
  if (overridden !== undefined) events.emit({ type: 'log', level: 'info', text: overridden });
  return { settings: { ...settings, dropout: asked.dropout }, initial: tensors };
}

/** Weights that all train are not packed (recipe/4bit-without-lora says so). */
function isPacked({ use_4bit, use_lora }: Recipe): boolean {
  return use_4bit && use_lora;
}

function weightsIn(tensors: ReadonlyMap<string, MappableTensor>): number {
  return [...tensors.values()].reduce((sum, { shape }) => sum + elementCount(shape), 0);
}

/** What bitsandbytes packs: every linear layer but the head. */
function linearWeights(spec: DecoderSpec): Set<string> {
  return new Set(linearModules(spec).map(({ module }) => `${module}.weight`));
}

async function eightBitOf({ events }: BackendRun, model: ModelSource, spec: DecoderSpec): Promise<ReadonlyMap<string, EightBitWeight>> {
  const levels = await eightBitLevels();
  if (levels < 127) events.emit({ type: 'log', level: 'info', text: 'This processor adds products of 8 bits in 16, so the weights of this run have 7 bits.' });
  return eightBitTensors(model, eightBitDirections(spec), levels, (done, total) => emitStatus(events, 'loading_model', 0, `Working out matrix ${done} of ${total} in 8 bits.`));
}

/** Sums are taken in another order by another number of threads, so the last bits of losses may differ. */
function warnOfThreads({ events }: BackendRun, threads: number, resume: LoadedCheckpoint | undefined): void {
  if (resume && resume.state.threads !== threads) {
    events.emit({
      type: 'problem',
      problem: {
        id: 'training/threads-changed',
        severity: 'warning',
        text: `The run began with ${resume.state.threads} threads and goes on with ${threads}: losses may differ in their last digits.`,
        where: { field: 'threads' },
        fix: { text: `Set "threads" to ${resume.state.threads} for the same losses.`, set: { key: 'threads', value: resume.state.threads } },
      },
    });
  }
}

/** After early stopping the result is the checkpoint of lowest eval_loss. */
async function takeBest({ events }: BackendRun, checkpoints: CheckpointStore, engine: TrainingEngine, end: Extract<TrainingEnd, { kind: 'completed' }>): Promise<void> {
  const step = /step-(\d+)$/.exec(end.bestCheckpoint ?? '')?.[1];
  if (step === undefined) return;
  const best = await checkpoints.load(Number(step));
  for (const { name, data } of engine.parameters) data.set(best.tensors.get(name)!);
  events.emit({ type: 'log', level: 'info', text: `Stopped early at step ${end.step}: eval_loss no longer fell. The result is the checkpoint of step ${step}.` });
}

function writeResult({ run, recipe }: BackendRun, engine: TrainingEngine, model: ModelSource, lora: LoraSettings | null): string {
  const folder = recipe.use_lora ? run.adapter : run.model;
  try {
    replaceFolder(folder, lora ? adapterFiles(engine.parameters, lora, model) : modelFiles(engine.parameters, model), DISK);
  } catch (error) {
    throw writeProblem(error, 'The result', folder, 'All checkpoints are still valid.');
  }
  return folder;
}

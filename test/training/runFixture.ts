/** Whole runs of the loop on the fake engine, in a temporary folder. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DEFAULT_OPTIMIZER_OPTIONS, LossScale } from '../../src/engine/optimizer';
import type { RunEvent } from '../../src/shared/events';
import { Random } from '../../src/shared/random';
import type { PairRow, SequenceRow, TrainingRow, UnpairedRow } from '../../src/shared/rows';
import { CheckpointStore } from '../../src/training/checkpoint';
import type { FilePrimitives } from '../../src/training/durableFiles';
import { train } from '../../src/training/loop';
import type { TrainingEnd } from '../../src/training/loop';
import type { TrainingPlan } from '../../src/training/plan';
import { FakeEngine, VOCABULARY } from './fakeEngine';

export function plan(changes: Partial<TrainingPlan> = {}): TrainingPlan {
  return {
    seed: 42, batchSize: 1, accumulationSteps: 1, epochs: 1, maxSteps: null, shuffle: true,
    learningRate: 0.05, schedule: 'cosine', scheduleOptions: {}, warmupRatio: 0.1,
    optimizer: 'adamw_torch', optimizerOptions: { ...DEFAULT_OPTIMIZER_OPTIONS, weightDecay: 0.01 }, maxGradNorm: 1,
    evalSteps: 0, evalOnStart: false, saveSteps: null, saveTotalLimit: 2, loggingSteps: 1, earlyStoppingPatience: null,
    ...changes,
  };
}

const tokens = (random: Random, from: number, below: number): number[] =>
  Array.from({ length: from + random.integer(below) }, () => random.integer(VOCABULARY));

export function pairRows(count: number, seed = 3): PairRow[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => ({ prompt: tokens(random, 1, 4), chosen: tokens(random, 1, 5), rejected: tokens(random, 1, 5) }));
}

export function sequenceRows(count: number, seed = 4): SequenceRow[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const ids = tokens(random, 3, 5);
    return { ids, labels: ids.map((id, i) => (i < 2 ? -100 : id)) };
  });
}

export function unpairedRows(count: number): UnpairedRow[] {
  const random = new Random(5);
  return Array.from({ length: count }, (_, i) => ({ prompt: tokens(random, 1, 4), response: tokens(random, 1, 5), label: i % 2 === 0 }));
}

export interface FakeRunOptions {
  readonly folder: string;
  readonly engine?: FakeEngine;
  readonly plan?: Partial<TrainingPlan>;
  readonly train?: readonly TrainingRow[];
  readonly eval?: readonly TrainingRow[];
  /** As for an engine that multiplies in float16. */
  readonly isHalf?: boolean;
  /** Asked after every micro-batch; true stops the run. */
  readonly stop?: () => boolean;
  readonly primitives?: FilePrimitives;
}

export interface FakeRun {
  readonly end: TrainingEnd | undefined;
  readonly error: unknown;
  readonly events: RunEvent[];
  readonly engine: FakeEngine;
}

/** Goes on from the newest whole checkpoint in `folder`, or starts. Errors are returned, so that what happened before can be looked at. */
export async function fakeRun(options: FakeRunOptions): Promise<FakeRun> {
  const engine = options.engine ?? new FakeEngine();
  const events: RunEvent[] = [];
  const checkpoints = new CheckpointStore(path.join(options.folder, 'checkpoints'), 'adapter_model.safetensors', options.primitives);
  fs.mkdirSync(checkpoints.folder, { recursive: true });
  const { checkpoint } = await checkpoints.newest();
  let end: TrainingEnd | undefined;
  let error: unknown;
  try {
    end = await train({
      engine,
      plan: plan(options.plan),
      train: options.train ?? pairRows(7),
      eval: options.eval ?? [],
      checkpoints,
      checkpointFiles: new Map([['adapter_config.json', '{}']]),
      events: { emit: event => void events.push({ time: '', ...event } as RunEvent) },
      stop: { requested: () => (options.stop?.() ? 'test' : undefined) },
      resume: checkpoint,
      lossScale: options.isHalf ? new LossScale(checkpoint?.state.loss_scale) : undefined,
      referenceFile: path.join(options.folder, 'reference.json'),
      identity: { threads: 1, model_fingerprint: 'model', dataset_fingerprint: 'dataset', recipe: {} },
    });
  } catch (caught) {
    error = caught;
  }
  return { end, error, events, engine };
}

export interface LoggedStep { step: number; loss: number; grad_norm: number; learning_rate: number }

export function loggedSteps(events: readonly RunEvent[]): LoggedStep[] {
  return events.flatMap(event => (event.type === 'metrics'
    ? [{ step: event.step, loss: event.loss, grad_norm: event.grad_norm, learning_rate: event.learning_rate }]
    : []));
}

export function ofType<T extends RunEvent['type']>(events: readonly RunEvent[], type: T): Extract<RunEvent, { type: T }>[] {
  return events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);
}

/** A new temporary folder for each test, removed after it. */
export function temporaryFolders(): () => string {
  let folder = '';
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'merlina-training-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));
  return () => folder;
}

/** The test that a device has to pass: loss and every gradient of a tiny random model against the CPU's, and the speed of a product. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createTrainingEngine, type Device, type TrainingEngineOptions } from '../engine';
import { gemm, Graph, meanAll } from '../engine/graph';
import { Session, tensor } from '../engine/session';
import { linearModules, type DecoderSpec } from '../shared/decoderSpec';
import { Random } from '../shared/random';
import type { PairRow } from '../shared/rows';
import { elementCount, type TensorInfo } from '../shared/tensors';
import type { DeviceTestResult } from './verdict';

/** Of matrices that are multiplied. The small ones show at once what is out of the question: a GPU in software takes seconds for a large one. */
const SIDE = { small: 256, large: 1024 } as const;
const HOPELESS = 0.1;
const PRODUCTS = 4;
const SEED = 7;
/** On the loss, so that float16's gradients do not vanish. */
const HALF_SCALE = 2 ** 10;

/** `isHalf`: the device multiplies in float16, the CPU in float32. */
export async function testDevice(device: Device, isHalf = false): Promise<DeviceTestResult> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'merlina-device-'));
  try {
    const tensors = await randomWeights(path.join(folder, 'weights.bin'));
    const want = await stepOn('cpu', tensors);
    const got = await stepOn(device, tensors, isHalf);
    return {
      lossError: Math.abs(got.loss - want.loss) / Math.abs(want.loss),
      gradientError: Math.max(...want.gradients.map((gradient, i) => apart(got.gradients[i], gradient))),
      ...await compareSpeeds(device),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function apart(got: Float32Array, want: Float32Array): number {
  const largest = want.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12);
  const worst = want.reduce((most, value, i) => Math.max(most, Math.abs(got[i] - value)), 0);
  return Number.isFinite(got.reduce((sum, value) => sum + value, 0)) ? worst / largest : Infinity;
}

/** Two layers, grouped heads, a tied head. */
const SPEC: DecoderSpec = specOf({ vocabSize: 96, hiddenSize: 32, intermediateSize: 48, headCount: 4, kvHeadCount: 2, headSize: 8, layers: 2 });

function specOf({ layers, ...sizes }: Pick<DecoderSpec, 'vocabSize' | 'hiddenSize' | 'intermediateSize' | 'headCount' | 'kvHeadCount' | 'headSize'> & { layers: number }): DecoderSpec {
  const { hiddenSize: hidden, intermediateSize: wide, headCount, kvHeadCount, headSize } = sizes;
  const linear = (module: string, inFeatures: number, outFeatures: number) => ({ module, inFeatures, outFeatures, hasBias: false });
  return {
    ...sizes, family: 'llama', maxPositions: 64, activation: 'silu', normEpsilon: 1e-5, normWeightOffset: 0, queryKeyNorm: 'none', embeddingScale: 1, residualScale: 1,
    attentionScale: headSize ** -0.5, logitScale: 1, attentionSoftcap: null, logitSoftcap: null,
    ropes: [{ inverseFrequencies: Array.from({ length: headSize / 2 }, (_, i) => 10_000 ** (-2 * i / headSize)), attentionScaling: 1 }],
    layers: Array.from({ length: layers }, (_, i) => ({
      attention: {
        q: linear(`${i}.q_proj`, hidden, headCount * headSize), k: linear(`${i}.k_proj`, hidden, kvHeadCount * headSize),
        v: linear(`${i}.v_proj`, hidden, kvHeadCount * headSize), output: linear(`${i}.o_proj`, headCount * headSize, hidden),
      },
      mlp: { gate: linear(`${i}.gate_proj`, hidden, wide), up: linear(`${i}.up_proj`, hidden, wide), down: linear(`${i}.down_proj`, wide, hidden) },
      norms: { beforeAttention: `${i}.norm1.weight`, beforeMlp: `${i}.norm2.weight` }, rope: 0, window: null,
    })),
    embedding: 'embed.weight', finalNorm: 'norm.weight', head: 'embed.weight', isTied: true, fusedInto: {},
  };
}

async function randomWeights(file: string): Promise<Map<string, TensorInfo>> {
  const random = new Random(SEED);
  const norms = [SPEC.finalNorm, ...SPEC.layers.flatMap(({ norms: { beforeAttention, beforeMlp } }) => [beforeAttention!, beforeMlp!])];
  const shapes: [name: string, shape: number[]][] = [
    [SPEC.embedding, [SPEC.vocabSize, SPEC.hiddenSize]],
    ...linearModules(SPEC).map(({ module, inFeatures, outFeatures }): [string, number[]] => [`${module}.weight`, [outFeatures, inFeatures]]),
    ...norms.map((name): [string, number[]] => [name, [SPEC.hiddenSize]]),
  ];
  const tensors = new Map<string, TensorInfo>();
  const values: number[] = [];
  for (const [name, shape] of shapes) {
    const count = elementCount(shape);
    tensors.set(name, { name, shape, type: 'F32', file, offset: 4 * values.length, byteLength: 4 * count });
    for (let i = 0; i < count; i++) values.push(shape.length === 1 ? 1 + 0.1 * random.normal() : random.normal() / Math.sqrt(SPEC.hiddenSize));
  }
  await writeFile(file, Float32Array.from(values));
  return tensors;
}

async function stepOn(device: Device, tensors: ReadonlyMap<string, TensorInfo>, isHalf = false): Promise<{ loss: number; gradients: Float32Array[] }> {
  const engine = await createTrainingEngine({ ...OPTIONS, spec: SPEC, tensors, device, isHalf });
  try {
    const random = new Random(SEED);
    for (const { name, data } of engine.parameters) if (name.includes('lora_B')) data.forEach((_, i) => { data[i] = random.normal() * 0.1; });
    const ids = (count: number) => Array.from({ length: count }, () => random.integer(SPEC.vocabSize));
    const rows = [[9, 6, 4], [5, 3, 7]].map(([prompt, chosen, rejected]): { row: PairRow } => ({ row: { prompt: ids(prompt), chosen: ids(chosen), rejected: ids(rejected) } }));
    const factor = isHalf ? HALF_SCALE : 1;
    const { loss, gradients } = await engine.step(rows, { scale: factor, seed: SEED });
    return { loss, gradients: gradients.map(gradient => gradient.map(value => value / factor)) };
  } finally {
    await engine.release();
  }
}

const OPTIONS: Omit<TrainingEngineOptions, 'spec' | 'tensors'> = {
  adapter: { rank: 4, alpha: 8, dropout: 0, targetModules: ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'], modulesToSave: [], useRslora: false, seed: SEED },
  loss: { id: 'orpo', parameters: {} }, batchRows: 2, maxLength: 32, gradientCheckpointing: true,
};

async function compareSpeeds(device: Device): Promise<Pick<DeviceTestResult, 'flopsPerSecond' | 'cpuFlopsPerSecond'>> {
  const small = { cpuFlopsPerSecond: await productSpeed('cpu', SIDE.small), flopsPerSecond: await productSpeed(device, SIDE.small) };
  if (small.flopsPerSecond < HOPELESS * small.cpuFlopsPerSecond) return small;
  return { cpuFlopsPerSecond: await productSpeed('cpu', SIDE.large), flopsPerSecond: await productSpeed(device, SIDE.large) };
}

/** Of float32 products of [side,side], the second time, so that nothing is compiled any more. */
async function productSpeed(device: Device, side: number): Promise<number> {
  const graph = new Graph();
  const [x, w] = ['x', 'w'].map(name => graph.input(name, 'float32', [side, side]));
  let y = x;
  for (let i = 0; i < PRODUCTS; i++) y = gemm(graph, y, w);
  graph.output(meanAll(graph, y), 'y');
  const session = await Session.create(graph, { device });
  try {
    const random = new Random(SEED);
    const matrix = () => tensor(Float32Array.from({ length: side * side }, () => (random.uniform() - 0.5) / 16), [side, side]);
    const feeds = { x: matrix(), w: matrix() };
    await session.run(feeds);
    const startMs = performance.now();
    await session.run(feeds);
    return (PRODUCTS * 2 * side ** 3) / ((performance.now() - startMs) / 1000);
  } finally {
    await session.release();
  }
}

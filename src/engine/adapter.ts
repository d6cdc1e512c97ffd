/** Which tensors train: LoRA pairs on linear modules, whole modules beside them, or every weight. */
import { linearModules, targetsIn, type DecoderSpec, type LinearRef } from '../shared/decoderSpec';
import { problemError } from '../shared/problem';
import { Random } from '../shared/random';

export interface AdapterOptions {
  rank: number;
  alpha: number;
  /** Share of inputs dropped before A, 0–0.5. */
  dropout: number;
  /** Last parts of module paths ("q_proj"), or whole paths; usual names of fused projections mean the fused module. */
  targetModules: readonly string[];
  /** Modules trained whole beside the adapter ("embed_tokens", "lm_head", "norm"). */
  modulesToSave: readonly string[];
  /** Scale alpha/√rank instead of alpha/rank (arXiv 2312.03732). */
  useRslora: boolean;
  /** Tensors to start from, by PEFT's keys; what is missing starts fresh. */
  initial?: ReadonlyMap<string, Float32Array>;
  seed: number;
}

export interface LoraTarget { ref: LinearRef; aName: string; bName: string }

/** A tensor of the model that trains whole. `key` is its name among the parameters. */
export interface WholeTensor { tensor: string; key: string; shape: readonly number[]; decays: boolean }

export interface Placement {
  lora: ReadonlyMap<string, LoraTarget>;
  whole: ReadonlyMap<string, WholeTensor>;
  /** LoRA's factor on B·A. */
  scale: number;
  /** A tied head is the trained embedding itself; with an adapter it stays the frozen one, as PEFT leaves it. */
  headFollowsEmbedding: boolean;
}

export const PEFT_PREFIX = 'base_model.model.';

/** Where the adapter goes. Throws a ProblemError for a target that matches no module. */
export function placeAdapter(spec: DecoderSpec, options: AdapterOptions): Placement {
  const linear = [...linearModules(spec), headModule(spec)];
  const lora = new Map<string, LoraTarget>();
  for (const target of targetsIn(spec, options.targetModules)) {
    const found = linear.filter(ref => matches(ref.module, target));
    if (found.length === 0) throw noSuchModule('target_modules', target, spec, linear.map(ref => ref.module));
    for (const ref of found)
      lora.set(ref.module, { ref, aName: `${PEFT_PREFIX}${ref.module}.lora_A.weight`, bName: `${PEFT_PREFIX}${ref.module}.lora_B.weight` });
  }
  const whole = new Map<string, WholeTensor>();
  const tensors = modelTensors(spec);
  for (const target of options.modulesToSave) {
    const found = tensors.filter(({ tensor }) => matches(moduleOf(tensor), target));
    if (found.length === 0) throw noSuchModule('modules_to_save', target, spec, tensors.map(({ tensor }) => moduleOf(tensor)));
    for (const one of found) {
      lora.delete(moduleOf(one.tensor));
      whole.set(one.tensor, { ...one, key: PEFT_PREFIX + one.tensor });
    }
  }
  return { lora, whole, scale: options.alpha / (options.useRslora ? Math.sqrt(options.rank) : options.rank), headFollowsEmbedding: false };
}

/** Every weight trains; a tied head is one tensor with the embedding. */
export function placeAllWeights(spec: DecoderSpec): Placement {
  const tensors = modelTensors(spec).filter(({ tensor }) => !(spec.isTied && tensor === HEAD_TENSOR));
  return { lora: new Map(), whole: new Map(tensors.map(one => [one.tensor, { ...one, key: one.tensor }])), scale: 1, headFollowsEmbedding: spec.isTied };
}

/** A fresh pair as PEFT makes it: A uniform within ±1/√in (Kaiming with a = √5), B zero. */
export function freshLora(target: LoraTarget, rank: number, seed: number): { a: Float32Array; b: Float32Array } {
  const { inFeatures, outFeatures, module } = target.ref;
  const random = Random.of(seed, ...Array.from(module, letter => letter.charCodeAt(0)));
  const bound = 1 / Math.sqrt(inFeatures);
  return { a: Float32Array.from({ length: rank * inFeatures }, () => (random.uniform() * 2 - 1) * bound), b: new Float32Array(outFeatures * rank) };
}

export const HEAD_TENSOR = 'lm_head.weight';

export function headModule(spec: DecoderSpec): LinearRef {
  return { module: moduleOf(HEAD_TENSOR), inFeatures: spec.hiddenSize, outFeatures: spec.vocabSize, hasBias: false };
}

/** Every tensor of the model with its shape; the head under its own name also where it is tied. Matrices decay, norms and biases do not (as transformers). */
export function modelTensors(spec: DecoderSpec): Omit<WholeTensor, 'key'>[] {
  const matrix = (tensor: string, rows: number, columns: number) => ({ tensor, shape: [rows, columns], decays: true });
  const vector = (tensor: string, size: number) => ({ tensor, shape: [size], decays: false });
  return [
    matrix(spec.embedding, spec.vocabSize, spec.hiddenSize),
    ...linearModules(spec).flatMap(ref => [matrix(`${ref.module}.weight`, ref.outFeatures, ref.inFeatures), ...(ref.hasBias ? [vector(`${ref.module}.bias`, ref.outFeatures)] : [])]),
    ...spec.layers.flatMap(({ norms }) => [
      ...[norms.beforeAttention, norms.afterAttention, norms.beforeMlp, norms.afterMlp].filter(name => name !== undefined).map(name => vector(name, spec.hiddenSize)),
      ...(norms.query === undefined ? [] : [vector(norms.query, queryKeyNormSize(spec, spec.headCount))]),
      ...(norms.key === undefined ? [] : [vector(norms.key, queryKeyNormSize(spec, spec.kvHeadCount))]),
    ]),
    vector(spec.finalNorm, spec.hiddenSize),
    matrix(HEAD_TENSOR, spec.vocabSize, spec.hiddenSize),
  ];
}

export function queryKeyNormSize(spec: DecoderSpec, heads: number): number {
  return spec.queryKeyNorm === 'head' ? spec.headSize : heads * spec.headSize;
}

function moduleOf(tensor: string): string { return tensor.replace(/\.(weight|bias)$/, ''); }

/** PEFT's rule: the whole path, or its end after a dot. */
function matches(module: string, target: string): boolean { return module === target || module.endsWith(`.${target}`); }

function noSuchModule(field: string, target: string, spec: DecoderSpec, modules: string[]) {
  const names = [...new Set(modules.map(module => module.split('.').at(-1)))].sort().join(', ');
  return problemError('adapter/no-such-module', `${field} names "${target}", but this ${spec.family} model has no such module. It has: ${names}.`, {
    where: { field }, fix: { text: `Remove "${target}" from ${field}, or use one of these names.` },
  });
}

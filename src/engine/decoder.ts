/** The decoder of a language model, built from its spec: token ids → hidden states → log-probabilities or logits.
 *  It branches on features of the spec; where the numbers come from (mapped, cast, trained) is settled by `Weights`. */
import type { DecoderSpec, LayerSpec, LinearRef, RopeSpec } from '../shared/decoderSpec';
import { HEAD_TENSOR, headModule, queryKeyNormSize, type Placement } from './adapter';
import type { Tape } from './autodiff';
import { dropoutMask, type DropoutSource } from './dropout';
import type { Value } from './graph';
import { addOp, affine, fromHeadsOp, gatedActivationOp, gatherRowsOp, linearOp, projectionsOp, rmsNormOp, ropeOp, splitColumnsOp, toHeadsOp } from './ops';
import type { Weights } from './weights';

/** Attention of one layer over q [T,H·E], k, v [T,K·E] → [T,H·E]. Training packs segments, generation keeps a cache. */
export type Attend = (tape: Tape, q: Value, k: Value, v: Value, layer: number) => Value;

export interface DecoderInputs {
  /** int64 [T] */
  ids: Value;
  /** int64 [1,T] */
  positions: Value;
  /** Added to the embeddings, [T,D] (NEFTune). */
  noise?: Value;
}

export interface DecoderOptions {
  spec: DecoderSpec;
  weights: Weights;
  placement: Placement;
  /** A and B by parameter name. */
  parameters: ReadonlyMap<string, Value>;
  dropout?: DropoutSource;
  attend: Attend;
  /** Positions the rotary tables cover. */
  maxPositions: number;
  /** Recompute each layer in the backward instead of keeping its activations. */
  recomputeLayers: boolean;
}

export class Decoder {
  private readonly ropes: { cos: Value; sin: Value }[];

  constructor(private readonly tape: Tape, private readonly options: DecoderOptions) {
    this.ropes = options.spec.ropes.map((rope, i) => ropeTables(tape, rope, options.maxPositions, i));
  }

  /** Hidden states [T,D] before the final norm. */
  hidden({ ids, positions, noise }: DecoderInputs): Value {
    const { spec, weights, recomputeLayers } = this.options;
    const tape = this.tape;
    const rows = tape.apply(gatherRowsOp, [weights.get(spec.embedding, [spec.vocabSize, spec.hiddenSize]), ids], null);
    let x = affine(tape, rows, spec.embeddingScale);
    if (noise) x = tape.apply(addOp, [x, noise], null);
    spec.layers.forEach((layer, i) => {
      const body = (inner: Tape, input: Value) => inner.graph.scoped(`layer.${i}`, () => this.layer(inner, input, layer, i, positions));
      x = recomputeLayers ? tape.recompute(x, body) : body(tape, x);
    });
    return x;
  }

  /** Final norm and the model's factor on logits, ready for the head.  [N,D] → [N,D]. */
  beforeHead(x: Value): Value {
    const { spec } = this.options;
    return affine(this.tape, this.norm(this.tape, x, spec.finalNorm, spec.hiddenSize), spec.logitScale);
  }

  /** The head's matrix [V,D]. */
  head(): Value {
    const { spec, weights, placement } = this.options;
    const shape = [spec.vocabSize, spec.hiddenSize];
    if (placement.whole.has(HEAD_TENSOR)) return weights.get(HEAD_TENSOR, shape);
    return placement.headFollowsEmbedding ? weights.get(spec.embedding, shape) : weights.frozen(spec.head, shape);
  }

  /** True where the head trains or carries LoRA, so that logits must be ordinary values. */
  headTrains(): boolean {
    return this.tape.tracks(this.head()) || this.options.placement.lora.has('lm_head');
  }

  /** Logits before soft-capping, [N,D] → [N,V]. */
  logits(normed: Value): Value {
    return this.linearWith(this.tape, normed, headModule(this.options.spec), this.head());
  }

  private layer(tape: Tape, x: Value, layer: LayerSpec, index: number, positions: Value): Value {
    const { norms } = layer;
    const { spec } = this.options;
    const before = (name: string | undefined, value: Value) => name === undefined ? value : this.norm(tape, value, name, spec.hiddenSize);
    const afterBlock = (residual: Value, name: string | undefined, value: Value) =>
      tape.apply(addOp, [residual, affine(tape, before(name, value), spec.residualScale)], null);

    const attended = afterBlock(x, norms.afterAttention, this.attention(tape, before(norms.beforeAttention, x), layer, index, positions));
    return afterBlock(attended, norms.afterMlp, this.mlp(tape, before(norms.beforeMlp, attended), layer));
  }

  private attention(tape: Tape, x: Value, layer: LayerSpec, index: number, positions: Value): Value {
    const { spec, attend } = this.options;
    const [qRaw, kRaw, v] = this.projections(tape, x, [layer.attention.q, layer.attention.k, layer.attention.v]);
    const q = this.turned(tape, this.queryKeyNorm(tape, qRaw, layer.norms.query, spec.headCount), layer, positions);
    const k = this.turned(tape, this.queryKeyNorm(tape, kRaw, layer.norms.key, spec.kvHeadCount), layer, positions);
    return this.linear(tape, attend(tape, q, k, v, index), layer.attention.output);
  }

  private mlp(tape: Tape, x: Value, { mlp }: LayerSpec): Value {
    const [gate, up] = this.projections(tape, x, [mlp.gate, mlp.up]);
    return this.linear(tape, tape.applyTransient(gatedActivationOp, [gate, up], { kind: this.options.spec.activation }), mlp.down);
  }

  /** Several projections of one input; those that share a fused module are one product, then cut. With dropout each module reads an input of its own. */
  private projections(tape: Tape, x: Value, refs: LinearRef[]): Value[] {
    if (refs.every(ref => ref.range && ref.module === refs[0].module))
      return tape.applyAll(splitColumnsOp, [this.linear(tape, x, refs[0])], { sizes: refs.map(({ range }) => range![1] - range![0]) });
    const { placement, dropout } = this.options;
    if (dropout) return refs.map(ref => this.linear(tape, x, ref));
    const layers = refs.map(({ module, hasBias }) => ({ hasBias, hasAdapter: placement.lora.has(module) }));
    return tape.applyAll(projectionsOp, [x, ...refs.flatMap(ref => this.tensorsOf(ref))], { layers, scale: placement.scale });
  }

  private linear(tape: Tape, x: Value, ref: LinearRef): Value { return this.linearWith(tape, x, ref, this.weightOf(ref)); }

  private linearWith(tape: Tape, x: Value, ref: LinearRef, weight: Value): Value {
    const { placement, dropout } = this.options;
    const hasMask = dropout !== undefined && placement.lora.has(ref.module);
    const inputs = [x, ...this.tensorsOf(ref, weight), ...(hasMask ? [dropoutMask(tape.graph, dropout, ref)] : [])];
    return tape.apply(linearOp, inputs, { hasBias: ref.hasBias, adapter: placement.lora.has(ref.module) ? { scale: placement.scale, hasMask } : null });
  }

  /** Weight, bias, A and B of a module, those it has. */
  private tensorsOf(ref: LinearRef, weight = this.weightOf(ref)): Value[] {
    const { weights, placement, parameters } = this.options;
    const target = placement.lora.get(ref.module);
    return [
      weight,
      ...(ref.hasBias ? [weights.get(`${ref.module}.bias`, [ref.outFeatures])] : []),
      ...(target ? [parameters.get(target.aName)!, parameters.get(target.bName)!] : []),
    ];
  }

  private weightOf({ module, outFeatures, inFeatures }: LinearRef): Value { return this.options.weights.get(`${module}.weight`, [outFeatures, inFeatures]); }

  private norm(tape: Tape, x: Value, name: string, size: number): Value {
    const { spec, weights } = this.options;
    return tape.applyTransient(rmsNormOp, [x, weights.norm(name, size, spec.normWeightOffset, tape)], { epsilon: spec.normEpsilon });
  }

  private queryKeyNorm(tape: Tape, x: Value, name: string | undefined, heads: number): Value {
    const { spec } = this.options;
    if (name === undefined) return x;
    const size = queryKeyNormSize(spec, heads);
    if (spec.queryKeyNorm === 'projection') return this.norm(tape, x, name, size);
    const shape = { heads, size: spec.headSize };
    return tape.apply(fromHeadsOp, [this.norm(tape, tape.apply(toHeadsOp, [x], shape), name, size)], shape);
  }

  private turned(tape: Tape, x: Value, { rope }: LayerSpec, positions: Value): Value {
    if (rope === null) return x;
    const { cos, sin } = this.ropes[rope];
    return tape.apply(ropeOp, [x, positions, cos, sin], null);
  }
}

/** cos and sin [P,E/2], angles rounded to float32 before the cosine, as the reference computes them. */
function ropeTables(tape: Tape, { inverseFrequencies, attentionScaling }: RopeSpec, positions: number, index: number): { cos: Value; sin: Value } {
  const half = inverseFrequencies.length;
  const table = (wave: (angle: number) => number) => Float32Array.from({ length: positions * half }, (_, i) =>
    Math.fround(wave(Math.fround(Math.floor(i / half) * inverseFrequencies[i % half]))) * attentionScaling);
  return {
    cos: tape.graph.constant(table(Math.cos), [positions, half], `rope.${index}.cos`),
    sin: tape.graph.constant(table(Math.sin), [positions, half], `rope.${index}.sin`),
  };
}

/** Decoding: token ids in, logits out, keys and values of earlier tokens kept between calls. */
import type { DecoderSpec } from '../shared/decoderSpec';
import type { MappableTensor } from '../shared/tensors';
import { placeAdapter, type AdapterOptions, type Placement } from './adapter';
import { Tape } from './autodiff';
import { Decoder } from './decoder';
import type { Device } from './device';
import { addDims, add, batchedMatmul, checkGraph, concat, decodeWhereUsed, gatherRows, Graph, reshape, scale, softmax, tanh, timesDim, transpose, type Value } from './graph';
import { makeParameters } from './makeParameters';
import { visibility } from './ops';
import { floats, Session, tensor, type Feeds } from './session';
import { wholeValues } from './trainingGraph';
import type { Parameter } from './trainingEngine';
import { Weights } from './weights';

export interface GeneratorOptions {
  spec: DecoderSpec;
  tensors: ReadonlyMap<string, MappableTensor>;
  /** Null for the model as it is. `dropout` is not applied. */
  adapter: AdapterOptions | null;
  /** Most tokens, prompt and answer together. */
  maxLength: number;
  threads?: number;
  /** What computes; the CPU where absent. */
  device?: Device;
}

export interface Generator {
  /** Feeds tokens after those given before; logits [V] of the last one. */
  next(ids: readonly number[]): Promise<Float32Array>;
  /** The same, logits of every token given, [T·V] row by row. */
  nextAll(ids: readonly number[]): Promise<Float32Array>;
  /** Forgets all tokens. */
  reset(): void;
  /** The model as it is, with tokens of its own, over the same weights in memory: to be released before this one, or with it. */
  withoutAdapter(): Promise<Generator>;
  release(): Promise<void>;
}

export async function createGenerator(options: GeneratorOptions): Promise<Generator> {
  const placement: Placement = options.adapter ? placeAdapter(options.spec, options.adapter) : { lora: new Map(), whole: new Map(), scale: 1, headFollowsEmbedding: false };
  const parameters = options.adapter ? await makeParameters(options, placement) : [];
  return new CachedGenerator(options, placement, parameters, await Session.create(buildGenerationGraph(options, placement, parameters), { threads: options.threads, device: options.device }));
}

const IDS = 'ids';
const POSITIONS = 'positions';
const PAST_POSITIONS = 'past_positions';
const PICKED = 'picked';
const LOGITS = 'logits';
const past = (kind: 'key' | 'value', layer: number) => `past/${layer}/${kind}`;
const present = (kind: 'key' | 'value', layer: number) => `present/${layer}/${kind}`;

function buildGenerationGraph({ spec, tensors, maxLength }: GeneratorOptions, placement: Placement, parameters: readonly Parameter[]): Graph {
  const g = new Graph();
  const tape = new Tape(g);
  const values = new Map(parameters.map(({ name, shape }) => [name, g.input(name, 'float32', shape)]));
  const ids = g.input(IDS, 'int64', ['T']);
  const positions = g.input(POSITIONS, 'int64', [1, 'T']);
  const pastPositions = g.input(PAST_POSITIONS, 'int64', [1, 'P']);
  const picked = g.input(PICKED, 'int64', ['N']);
  const keyPositions = concat(g, [pastPositions, positions], 1);
  const queryPositions = reshape(g, positions, [-1, 1], ['T', 1]);
  const masks = new Map([...new Set(spec.layers.map(layer => layer.window))].map(window => [window, visibility(g, queryPositions, keyPositions, window)]));
  const decoder = new Decoder(tape, {
    spec, placement, parameters: values, maxPositions: maxLength, recomputeLayers: false,
    weights: new Weights(g, tensors, wholeValues(placement, values)),
    attend: (_, q, k, v, layer) => cachedAttention(g, spec, q, k, v, layer, masks.get(spec.layers[layer].window)!),
  });
  const hidden = gatherRows(g, decoder.hidden({ ids, positions }), picked);
  const raw = decoder.logits(decoder.beforeHead(hidden));
  g.output(spec.logitSoftcap === null ? raw : scale(g, tanh(g, scale(g, raw, 1 / spec.logitSoftcap)), spec.logitSoftcap), LOGITS);
  decodeWhereUsed(g);
  checkGraph(g);
  return g;
}

/** q [T,H·E] against the keys so far and the new ones; the joined keys and values become outputs. */
function cachedAttention(g: Graph, spec: DecoderSpec, q: Value, k: Value, v: Value, layer: number, mask: Value): Value {
  const { headCount: heads, kvHeadCount: kvHeads, headSize: size } = spec;
  const headsFirst = (x: Value, n: number) => transpose(g, reshape(g, x, [0, n, size], ['T', n, size]), [1, 0, 2]);
  const extended = (kind: 'key' | 'value', x: Value) => {
    const joined = concat(g, [g.input(past(kind, layer), 'float32', [kvHeads, 'P', size]), headsFirst(x, kvHeads)], 1);
    return g.output(joined, present(kind, layer));
  };
  const rows = timesDim(heads / kvHeads, 'T');
  const query = reshape(g, headsFirst(q, heads), [kvHeads, -1, size], [kvHeads, rows, size]);
  const scores = batchedMatmul(g, query, extended('key', k), { transB: true, alpha: spec.attentionScale });
  const capped = spec.attentionSoftcap === null ? scores : scale(g, tanh(g, scale(g, scores, 1 / spec.attentionSoftcap)), spec.attentionSoftcap);
  const seen = add(g, reshape(g, capped, [heads, -1, 0], [heads, 'T', addDims('P', 'T')]), mask);
  const weights = reshape(g, softmax(g, seen), [kvHeads, -1, 0], [kvHeads, rows, addDims('P', 'T')]);
  const output = reshape(g, batchedMatmul(g, weights, extended('value', v)), [heads, -1, size], [heads, 'T', size]);
  return reshape(g, transpose(g, output, [1, 0, 2]), [0, heads * size], ['T', heads * size]);
}

class CachedGenerator implements Generator {
  private cache: Feeds;
  private length = 0;

  constructor(
    private readonly options: GeneratorOptions, private readonly placement: Placement, private readonly parameters: readonly Parameter[],
    private readonly session: Session, private readonly ownsSession = true,
  ) {
    this.cache = this.emptyCache();
  }

  async next(ids: readonly number[]): Promise<Float32Array> { return this.forward(ids, [ids.length - 1]); }
  async nextAll(ids: readonly number[]): Promise<Float32Array> { return this.forward(ids, ids.map((_, i) => i)); }

  reset(): void {
    this.cache = this.emptyCache();
    this.length = 0;
  }

  /** A fresh adapter adds nothing: its B is zero, and modules trained whole begin as the model's. */
  async withoutAdapter(): Promise<Generator> {
    const { adapter } = this.options;
    const fresh = adapter && { ...adapter, initial: new Map<string, Float32Array>() };
    const parameters = await makeParameters({ ...this.options, adapter: fresh }, this.placement);
    return new CachedGenerator(this.options, this.placement, parameters, this.session, false);
  }

  async release(): Promise<void> {
    if (this.ownsSession) await this.session.release();
  }

  private async forward(ids: readonly number[], picked: readonly number[]): Promise<Float32Array> {
    const { spec, maxLength } = this.options;
    if (this.length + ids.length > maxLength) throw new RangeError(`generator: ${this.length + ids.length} tokens, room for ${maxLength}`);
    const count = (n: number, from = 0) => BigInt64Array.from({ length: n }, (_, i) => BigInt(from + i));
    const results = await this.session.run({
      ...this.cache,
      ...Object.fromEntries(this.parameters.map(({ name, shape, data }) => [name, tensor(data, shape)])),
      [IDS]: tensor(BigInt64Array.from(ids, BigInt), [ids.length]),
      [POSITIONS]: tensor(count(ids.length, this.length), [1, ids.length]),
      [PAST_POSITIONS]: tensor(count(this.length), [1, this.length]),
      [PICKED]: tensor(BigInt64Array.from(picked, BigInt), [picked.length]),
    });
    spec.layers.forEach((_, layer) => {
      for (const kind of ['key', 'value'] as const) this.cache[past(kind, layer)] = results[present(kind, layer)];
    });
    this.length += ids.length;
    return floats(results, LOGITS);
  }

  private emptyCache(): Feeds {
    const { kvHeadCount, headSize, layers } = this.options.spec;
    return Object.fromEntries(layers.flatMap((_, layer) => (['key', 'value'] as const).map(kind => [past(kind, layer), tensor(new Float32Array(0), [kvHeadCount, 0, headSize])])));
  }
}

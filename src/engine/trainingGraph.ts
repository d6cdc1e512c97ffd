/** One micro-batch as a graph: rows → loss, figures of each row, and the gradient of every parameter. */
import type { DecoderSpec } from '../shared/decoderSpec';
import type { EightBitWeight, MappableTensor } from '../shared/tensors';
import type { Placement } from './adapter';
import { Tape } from './autodiff';
import { batchParents, BLOCK_COLUMNS, GROUPS, parentsOf, type Geometry } from './batch';
import { Decoder, type Attend } from './decoder';
import { addDims, checkGraph, decodeWhereUsed, dropUnused, Graph, multiplyInEightBits, type Value } from './graph';
import { Vectors, type Loss } from './losses';
import { attentionMasks, attentionOp, blockAttentionOp, BLOCKS, gatherRowsOp, pickLogpsOp, poolOp, relativeMask, tokenLogpsOp } from './ops';
import { Weights } from './weights';

export interface TrainingGraphOptions {
  spec: DecoderSpec;
  tensors: ReadonlyMap<string, MappableTensor>;
  /** Weights whose products run in 8 bits, by tensor name. */
  eightBit?: ReadonlyMap<string, EightBitWeight>;
  placement: Placement;
  /** Name and shape of every parameter, in the order gradients come out. */
  parameters: readonly { name: string; shape: readonly number[] }[];
  loss: Loss;
  lossParameters: Readonly<Record<string, number>>;
  geometry: Geometry;
  /** Longest sequence the positions cover. */
  maxLength: number;
  dropout: number;
  hasNoise: boolean;
  recomputeLayers: boolean;
  /** False builds the forward alone: no gradients, dropout or noise. */
  withGradients: boolean;
  attention: AttentionLayout;
}

/** "blocks": a loop over blocks of queries, whose scores do not wait for the backward. "segments": each segment at once, in a graph without loops. They compute the same. */
export type AttentionLayout = 'blocks' | 'segments';

/** Names of the graph's inputs and outputs; feeds are made by them. */
export const NAMES = {
  ids: 'ids', positions: 'positions', blocks: 'blocks', lengths: 'lengths', nll: 'nll_weights', rowWeights: 'row_weights', signs: 'signs', seed: 'loss_scale',
  noise: 'embedding_noise', dropout: ['dropout_bits.0', 'dropout_bits.1'],
  targets: { positions: 'targets/positions', labels: 'targets/labels', chunks: 'targets/chunks' },
  group: (name: string, part: 'pool' | 'reference') => `${name}/${part}`,
  loss: 'loss', nllLoss: 'nll', logps: (group: string) => `${group}/logps`, figure: (name: string) => `figure/${name}`,
  gradient: (parameter: string) => `grad/${parameter}`,
} as const;

export interface TrainingGraph { graph: Graph; figures: string[] }

export function buildTrainingGraph(options: TrainingGraphOptions): TrainingGraph {
  const { spec, geometry, loss, withGradients } = options;
  const g = new Graph();
  const tape = new Tape(g);
  const { rows } = geometry;
  const tokens = addDims(...segmentNames(geometry));

  const parameters = new Map(options.parameters.map(({ name, shape }) => [name, tape.watch(g.input(name, 'float32', shape))]));
  const ids = g.input(NAMES.ids, 'int64', [tokens]);
  const positions = g.input(NAMES.positions, 'int64', [1, tokens]);
  const noise = withGradients && options.hasNoise ? g.input(NAMES.noise, 'float32', [tokens, spec.hiddenSize]) : undefined;
  const dropout = withGradients && options.dropout > 0
    ? { rate: options.dropout, tokens: NAMES.dropout.map(name => g.input(name, 'int32', [tokens, 1])) as [Value, Value] } : undefined;

  const weights = new Weights(g, options.tensors, wholeValues(options.placement, parameters));
  const decoder = new Decoder(tape, {
    spec, weights, parameters, dropout, placement: options.placement,
    maxPositions: options.maxLength,
    recomputeLayers: withGradients && options.recomputeLayers,
    attend: options.attention === 'blocks' ? inBlocks(g, spec, ids) : inSegments(g, spec, positions, geometry),
  });
  const hidden = decoder.hidden({ ids, positions, noise });

  const chunks = Array.from({ length: geometry.chunks }, (_, i) => `chunk${i}`);
  const targets = addDims(...chunks);
  const perToken = targetLogps(tape, decoder, spec, hidden, {
    positions: g.input(NAMES.targets.positions, 'int64', [targets]),
    labels: g.input(NAMES.targets.labels, 'int64', [targets]),
    chunkLengths: g.input(NAMES.targets.chunks, 'int64', [geometry.chunks]),
    chunks,
  });
  const logps: Record<string, Value> = {};
  const reference: Record<string, Value> = {};
  for (const group of GROUPS[geometry.kind]) {
    logps[group] = tape.apply(poolOp, [perToken, g.input(NAMES.group(group, 'pool'), 'float32', [rows, targets])], null);
    if (loss.needs.reference) reference[group] = g.input(NAMES.group(group, 'reference'), 'float32', [rows]);
  }
  const nll = negated(tape, tape.apply(poolOp, [perToken, g.input(NAMES.nll, 'float32', [1, targets])], null));
  const vectors = new Vectors(tape, g.input(NAMES.rowWeights, 'float32', [rows]));
  const signs = g.input(NAMES.signs, 'float32', [rows]);
  const built = loss.build({ vectors, logps, reference, nll, signs }, options.lossParameters);

  g.output(built.loss, NAMES.loss);
  g.output(nll, NAMES.nllLoss);
  for (const [group, value] of Object.entries(logps)) g.output(value, NAMES.logps(group));
  for (const [name, value] of Object.entries(built.figures)) g.output(value, NAMES.figure(name));
  if (withGradients) outputGradients(tape, built.loss, parameters);
  multiplyInEightBits(g, value => options.eightBit?.get(weights.nameOf(value) ?? ''));
  dropUnused(g);
  decodeWhereUsed(g);
  checkGraph(g);
  return { graph: g, figures: Object.keys(built.figures) };
}

function inBlocks(g: Graph, spec: DecoderSpec, ids: Value): Attend {
  const blocks = g.input(NAMES.blocks, 'int64', [BLOCKS, BLOCK_COLUMNS]);
  const masks = new Map([...new Set(spec.layers.map(layer => layer.window))].map(window => [window, relativeMask(g, ids, window)]));
  return (tape, q, k, v, layer) => tape.apply(blockAttentionOp, [q, k, v, masks.get(spec.layers[layer].window)!, blocks], headsOf(spec));
}

function inSegments(g: Graph, spec: DecoderSpec, positions: Value, geometry: Geometry): Attend {
  const tree = { segments: segmentNames(geometry), parents: batchParents(geometry.kind, geometry.promptLayout, geometry.rows) };
  const lengths = g.input(NAMES.lengths, 'int64', [tree.segments.length]);
  const masks = new Map([...new Set(spec.layers.map(layer => layer.window))].map(window => [window, attentionMasks(g, positions, lengths, tree, window)]));
  return (tape, q, k, v, layer) => tape.apply(attentionOp, [q, k, v, lengths, ...masks.get(spec.layers[layer].window)!], { ...headsOf(spec), ...tree });
}

function headsOf({ headCount: heads, kvHeadCount: kvHeads, headSize, attentionScale: scale, attentionSoftcap: softcap }: DecoderSpec) {
  return { heads, kvHeads, headSize, scale, softcap };
}

/** −x of a single entry [1] → scalar. */
function negated(tape: Tape, x: Value): Value {
  return new Vectors(tape, tape.graph.constant(Float32Array.of(-1), [1])).mean(x);
}

interface Targets { positions: Value; labels: Value; chunkLengths: Value; chunks: string[] }

/** log p of each target, [N,1]: fused and chunked for a frozen head, through ordinary logits for one that trains. */
function targetLogps(tape: Tape, decoder: Decoder, spec: DecoderSpec, hidden: Value, { positions, labels, chunkLengths, chunks }: Targets): Value {
  const normed = decoder.beforeHead(tape.apply(gatherRowsOp, [hidden, positions], null));
  if (decoder.headTrains()) return tape.apply(pickLogpsOp, [decoder.logits(normed), labels], { softcap: spec.logitSoftcap });
  return tape.apply(tokenLogpsOp, [normed, decoder.head(), labels, chunkLengths], { chunks, softcap: spec.logitSoftcap });
}

function outputGradients(tape: Tape, loss: Value, parameters: ReadonlyMap<string, Value>): void {
  const g = tape.graph;
  const seed = g.input(NAMES.seed, 'float32', []);
  const gradients = tape.gradients(loss, seed, [...parameters.values()]);
  const names = [...parameters.keys()];
  const madeAt = new Map(g.nodes.flatMap(({ outputs }, index) => outputs.map((output): [Value, number] => [output, index])));
  const found = names.map((name, i) => {
    const gradient = gradients[i];
    if (!gradient) throw new Error(`training graph: the loss does not depend on ${name}`);
    return { name, gradient };
  });
  // The runtime works towards the last node first whose output nothing reads. So what the backward meets first comes last, or all layers' activations would
  // wait for one module's gradients. A reshape stands there, since the runtime takes out an Identity, and the order with it.
  found.sort((a, b) => madeAt.get(b.gradient)! - madeAt.get(a.gradient)!);
  for (const { name, gradient } of found) g.output(g.node('Reshape', [gradient, g.ints(-1)], {}, [{ dtype: gradient.dtype, shape: [elements(gradient)], name: NAMES.gradient(name) }])[0]);
}

function elements({ shape }: Value): number { return shape.reduce<number>((product, size) => product * Number(size), 1); }

/** Values that stand in for tensors that train whole. */
export function wholeValues({ whole }: Placement, parameters: ReadonlyMap<string, Value>): Map<string, Value> {
  return new Map([...whole.values()].map(({ tensor, key }) => [tensor, parameters.get(key)!]));
}

function segmentNames({ kind, rows, promptLayout }: Geometry): string[] {
  const perRow = parentsOf(kind, promptLayout).length;
  return Array.from({ length: rows * perRow }, (_, i) => `row${Math.floor(i / perRow)}_${i % perRow}`);
}

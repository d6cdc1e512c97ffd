/** Memory of a run by the embedded engine, from the graphs that it will run: each value's size, and when it is made and dropped. */
import { findLoss, lossParameters } from '../../engine';
import { placeAdapter, placeAllWeights } from '../../engine/adapter';
import type { AdapterOptions, Placement } from '../../engine/adapter';
import { batchParents, BLOCK_COLUMNS, blockTable, parentsOf } from '../../engine/batch';
import type { Geometry } from '../../engine/batch';
import { geometryOf } from '../../engine/geometryOf';
import { blockLengths, BLOCKS } from '../../engine/ops';
import { findOptimizer } from '../../engine/optimizer';
import { buildTrainingGraph } from '../../engine/trainingGraph';
import type { DecoderSpec } from '../../shared/decoderSpec';
import { eightBitBytes } from '../../shared/eightBit';
import { elementCount, type EightBitMatrix, type MappableTensor } from '../../shared/tensors';
import { graphMemory } from './graphMemory';
import type { GraphMemory } from './graphMemory';
import { memoryEstimate } from './memoryEstimate';
import type { MemoryEstimate } from './memoryEstimate';
import { longestRow, tokensOf, worstBatch } from './rowLengths';
import type { RowLengths } from './rowLengths';
import { eightBitTable, sessionBytes, tensorTable } from './tensorTable';
import type { EightBitTable, StoredModel } from './tensorTable';

export interface EmbeddedSettings {
  readonly method: string;
  readonly batchRows: number;
  readonly maxLength: number;
  readonly trainOnPrompt: boolean | null;
  readonly gradientCheckpointing: boolean;
  /** Null trains every weight. */
  readonly adapter: AdapterOptions | null;
  readonly optimizer: string;
  /** Whether rows are evaluated too, which takes a graph of its own. */
  readonly evaluates: boolean;
  readonly hasNoise: boolean;
  /** Frozen linear layers are kept in 4 bits. */
  readonly isPacked: boolean;
  /** Products with frozen weights run in 8 bits. */
  readonly isEightBit?: boolean;
  /** Gradients of several micro-batches are added up. */
  readonly accumulates: boolean;
}

/** Node and onnxruntime before any model: measured on Linux with Node 20. */
const RUNTIME_BYTES = 125 * 2 ** 20;
/** The tokenizer's tables, for each entry of its vocabulary: measured with SmolLM2's. */
const TOKENIZER_BYTES = 1100;
/** Of a session, for each node of its graph: measured on a chain of 6,000 small ones. */
const NODE_BYTES = 8 * 2 ** 10;
/** Copies of the gradients that exist at a time beside an accumulator's: the arrays that the runtime writes into. */
const GRADIENT_COPIES = 1;
/** What the allocator holds beyond the values themselves, as a share of them: set by the cases of SmolLM2-135M in test/bench/memoryCases.ts that are not kept out. How good it is: test/bench/README.md. */
const FRAGMENTATION_FRACTION = 0.15;
/** The same where layers are made twice: what each layer's backward takes and frees lies between what is kept of the others. Set by rows of 512 to 8,192 tokens (test/bench/scaling.ts). */
const RECOMPUTED_FRAGMENTATION_FRACTION = 0.45;
/** State of the optimizers, bytes a parameter (float32). */
const STATE_BYTES: Readonly<Record<string, number>> = { adamw: 8, adafactor: 0.1, sgd: 0, lion: 4, muon: 4 };

/** Rows of the graph that is built; more take long to lay out and add the same each. */
const ROWS_BUILT = 2;

/** `rows`: lengths of the dataset's rows; undefined assumes that each fills max_length. */
export function embeddedMemory(model: StoredModel, settings: EmbeddedSettings, rows?: readonly RowLengths[]): MemoryEstimate {
  const { spec } = model;
  const loss = findLoss(settings.method);
  const isSequence = loss.needs.rows === 'sequence';
  const placement = settings.adapter ? placeAdapter(spec, settings.adapter) : placeAllWeights(spec);
  const parameters = parameterShapes(placement, settings.adapter?.rank ?? 0);
  const batch = worstBatch(rows?.length ? rows : [longestRow(isSequence, settings.maxLength)], settings.batchRows);
  const tensors = tensorTable(model, settings.isPacked);
  const eightBit = settings.isEightBit ? eightBitTable(spec, tensors) : undefined;
  const memoryOfRows = (some: readonly RowLengths[], withGradients: boolean): GraphMemory => {
    const geometry = geometryOf(loss, { spec, batchRows: some.length, maxLength: settings.maxLength, trainOnPrompt: settings.trainOnPrompt });
    const { graph } = buildTrainingGraph({
      spec, tensors, eightBit, placement, parameters, loss, lossParameters: lossParameters(loss, {}), geometry, maxLength: settings.maxLength,
      dropout: settings.adapter?.dropout ?? 0, hasNoise: settings.hasNoise, recomputeLayers: settings.gradientCheckpointing, withGradients, attention: 'blocks',
    });
    return graphMemory(graph, dimLengths(geometry, some), spec.vocabSize);
  };
  const memoryOf = (withGradients: boolean): GraphMemory => {
    if (batch.length <= ROWS_BUILT) return memoryOfRows(batch, withGradients);
    return extrapolated(memoryOfRows(batch.slice(0, 1), withGradients), memoryOfRows(batch.slice(0, ROWS_BUILT), withGradients), batch);
  };
  const train = memoryOf(true);
  const graphs = settings.evaluates || loss.needs.reference ? [train, memoryOf(false)] : [train];

  const { parameters: trained, stateBytes } = trainedSizes(spec, settings.adapter, settings.optimizer);
  const activations = Math.max(0, sum(graphs, ({ peakBytes, vocabularyBytes }) => peakBytes - vocabularyBytes) - train.outputBytes);
  const logits = sum(graphs, ({ vocabularyBytes }) => vocabularyBytes);
  return memoryEstimate({
    model_weights: frozenBytes(tensors, placement, graphs.length, eightBit),
    trainable_params: 4 * trained,
    gradients: GRADIENT_COPIES * train.outputBytes + (settings.accumulates ? 4 * trained : 0),
    optimizer_states: stateBytes,
    activations,
    logits_and_loss: logits,
    runtime: RUNTIME_BYTES + TOKENIZER_BYTES * spec.vocabSize + NODE_BYTES * sum(graphs, ({ nodeCount }) => nodeCount),
    fragmentation_buffer: (settings.gradientCheckpointing ? RECOMPUTED_FRAGMENTATION_FRACTION : FRAGMENTATION_FRACTION) * activations + FRAGMENTATION_FRACTION * logits,
  }, { confidence: rows?.length ? 'high' : 'medium', notes: rows?.length ? [] : [`The rows are not known: each is taken to fill max_length ${settings.maxLength}.`] });
}

/** A micro-batch of any size from one row and from two: each further row adds what the second did, by its tokens. */
function extrapolated(one: GraphMemory, two: GraphMemory, batch: readonly RowLengths[]): GraphMemory {
  const others = sum(batch.slice(ROWS_BUILT), tokensOf) / tokensOf(batch[1]!);
  const grown = (of: (memory: GraphMemory) => number): number => of(two) + others * Math.max(0, of(two) - of(one));
  // Logits are cut into chunks of one size, however many rows there are.
  return { peakBytes: grown(({ peakBytes, vocabularyBytes }) => peakBytes - vocabularyBytes) + two.vocabularyBytes, vocabularyBytes: two.vocabularyBytes, outputBytes: two.outputBytes, nodeCount: two.nodeCount + (batch.length - ROWS_BUILT) * (two.nodeCount - one.nodeCount) };
}

/** Parameters that train, and what the optimizer keeps for them in bytes. */
export function trainedSizes(spec: DecoderSpec, adapter: AdapterOptions | null, optimizer: string): { parameters: number; stateBytes: number } {
  const shapes = parameterShapes(adapter ? placeAdapter(spec, adapter) : placeAllWeights(spec), adapter?.rank ?? 0);
  const parameters = sum(shapes, ({ shape }) => elementCount(shape));
  return { parameters, stateBytes: parameters * (STATE_BYTES[findOptimizer(optimizer)?.kind.id ?? ''] ?? 8) };
}

/** Name and shape of what trains, in the engine's order. */
export function parameterShapes({ lora, whole }: Placement, rank: number): { name: string; shape: readonly number[] }[] {
  return [
    ...[...lora.values()].flatMap(({ ref, aName, bName }) => [{ name: aName, shape: [rank, ref.inFeatures] }, { name: bName, shape: [ref.outFeatures, rank] }]),
    ...[...whole.values()].map(({ key, shape }) => ({ name: key, shape })),
  ];
}

/** Frozen weights, each session's own copies included. */
function frozenBytes(tensors: ReadonlyMap<string, MappableTensor>, { whole }: Placement, sessions: number, eightBit?: EightBitTable): number {
  const codesOf = (matrix: EightBitMatrix | undefined): number => matrix ? eightBitBytes(matrix.shape) : 0;
  const codes = sum([...eightBit?.values() ?? []], ({ forward, backward }) => codesOf(forward) + codesOf(backward));
  /** What both products have codes for, nothing reads as it is. */
  const isReplaced = (name: string): boolean => {
    const { forward, backward } = eightBit?.get(name) ?? {};
    return forward !== undefined && backward !== undefined;
  };
  return codes + sum([...tensors.values()].filter(({ name }) => !whole.has(name) && !isReplaced(name)), tensor => {
    const { bytes, isShared } = sessionBytes(tensor);
    return isShared ? bytes : sessions * bytes;
  });
}

/** Length of each dimension that the graph names: segments of rows, chunks of targets, and one block of attention: the one that takes most, or the mean of all. */
export function dimLengths({ kind, chunks, targetsAChunk, learnPrompt, promptLayout }: Geometry, batch: readonly RowLengths[], block: 'widest' | 'mean' = 'widest'): Map<string, number> {
  const perRow = parentsOf(kind, promptLayout).length;
  const segmentsOf = ({ prompt, responses }: RowLengths): number[] => [prompt, ...responses].slice(0, perRow);
  const segments = batch.flatMap(segmentsOf);
  const lengths = new Map(batch.flatMap((row, index) => segmentsOf(row).map((length, segment): [string, number] => [`row${index}_${segment}`, length])));
  const targets = sum(batch, ({ prompt, responses }) => kind === 'sequence' ? prompt - 1 : sum(responses, length => length) + (learnPrompt ? prompt - 1 : 0));
  const used = Math.min(chunks, Math.ceil(targets / targetsAChunk));
  for (let chunk = 0; chunk < chunks; chunk++) lengths.set(`chunk${chunk}`, chunk < used ? Math.ceil(targets / used) : 0);

  const blocks = attentionBlocks(segments, batchParents(kind, promptLayout, batch.length));
  for (const [name, length] of blockLengths(block === 'mean' ? meanBlock(blocks) : widestBlock(blocks))) lengths.set(name, length);
  return lengths.set(BLOCKS, blocks.length);
}

interface BlockSize { queries: number; parentKeys: number; ownKeys: number; before: number }

function attentionBlocks(segments: readonly number[], parents: readonly (number | null)[]): BlockSize[] {
  const table = Array.from(blockTable(segments, parents), Number);
  return Array.from({ length: table.length / BLOCK_COLUMNS }, (_, i) => {
    const [start, end, parentStart, parentEnd, ownStart] = table.slice(i * BLOCK_COLUMNS, (i + 1) * BLOCK_COLUMNS) as [number, number, number, number, number];
    return { queries: end - start, parentKeys: parentEnd - parentStart, ownKeys: end - ownStart, before: start };
  });
}

function widestBlock(blocks: readonly BlockSize[]): BlockSize {
  const scores = ({ queries, parentKeys, ownKeys }: BlockSize): number => queries * (parentKeys + ownKeys);
  return blocks.reduce((most, block) => scores(block) > scores(most) ? block : most);
}

function meanBlock(blocks: readonly BlockSize[]): BlockSize {
  const mean = (of: (block: BlockSize) => number): number => sum(blocks, of) / blocks.length;
  return { queries: mean(({ queries }) => queries), parentKeys: mean(({ parentKeys }) => parentKeys), ownKeys: mean(({ ownKeys }) => ownKeys), before: mean(({ before }) => before) };
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

/** The embedded engine: micro-batches in, losses and gradients out, by one onnxruntime session for training and one for evaluation. */
import type { DecoderSpec } from '../shared/decoderSpec';
import { Random } from '../shared/random';
import type { EightBitWeight, MappableTensor } from '../shared/tensors';
import type { SequenceRow, TrainingRow, UnpairedRow } from '../shared/rows';
import { placeAdapter, placeAllWeights, type AdapterOptions, type Placement } from './adapter';
import { BLOCK_COLUMNS, GROUPS, pack, type Geometry, type Packed, type PromptLayout } from './batch';
import { collectGarbage } from './collectGarbage';
import type { Device } from './device';
import { geometryOf } from './geometryOf';
import { findLoss, lossParameters, type Loss } from './losses';
import { makeParameters } from './makeParameters';
import { floats, Session, tensor, type Feeds } from './session';
import type { BatchRow, Parameter, ReferenceLogps, StepOptions, StepResult, TrainingEngine } from './trainingEngine';
import { buildTrainingGraph, NAMES, type AttentionLayout } from './trainingGraph';

export interface TrainingEngineOptions {
  spec: DecoderSpec;
  /** Tensors the runtime can map: F32, F16 or BF16. */
  tensors: ReadonlyMap<string, MappableTensor>;
  /** Weights whose products run in 8 bits, by tensor name (eightBitDirections, models.eightBitTensors); the CPU alone has them. */
  eightBit?: ReadonlyMap<string, EightBitWeight>;
  /** Null trains every weight. */
  adapter: AdapterOptions | null;
  loss: { id: string; parameters: Readonly<Record<string, number | null | undefined>> };
  /** Most rows a micro-batch will have. */
  batchRows: number;
  /** Longest sequence (prompt + response), tokens. */
  maxLength: number;
  /** Learn the prompt's tokens too; null leaves it to the loss. */
  trainOnPrompt?: boolean | null;
  gradientCheckpointing: boolean;
  /** NEFTune's α; null for none. Source: arXiv 2310.05914. */
  neftuneAlpha?: number | null;
  threads?: number;
  /** What computes; the CPU where absent. */
  device?: Device;
  /** Products in float16; for devices that have it, and with a LossScale. */
  isHalf?: boolean;
  promptLayout?: PromptLayout;
  /** For all-weights training: tensors to start from instead of the files'. */
  initialWeights?: ReadonlyMap<string, Float32Array>;
}

export async function createTrainingEngine(options: TrainingEngineOptions): Promise<TrainingEngine> {
  const placement = options.adapter ? placeAdapter(options.spec, options.adapter) : placeAllWeights(options.spec);
  return new EmbeddedEngine(options, placement, await makeParameters(options, placement));
}

class EmbeddedEngine implements TrainingEngine {
  readonly reduction: Loss['reduction'];
  readonly needsReference: boolean;
  private readonly loss: Loss;
  private readonly lossParameters: Record<string, number>;
  private readonly geometry: Geometry;
  private readonly attention: AttentionLayout;
  private gradients: Float32Array[] = [];
  private readonly sessions: { train?: Promise<Session>; forward?: Promise<Session> } = {};

  constructor(private readonly options: TrainingEngineOptions, private readonly placement: Placement, readonly parameters: readonly Parameter[]) {
    this.loss = findLoss(options.loss.id);
    this.lossParameters = lossParameters(this.loss, options.loss.parameters);
    this.reduction = this.loss.reduction;
    this.needsReference = this.loss.needs.reference;
    this.geometry = geometryOf(this.loss, options);
    // Graphics runtimes have no loop: its turns would cross the bus.
    this.attention = (options.device ?? 'cpu') === 'cpu' ? 'blocks' : 'segments';
  }

  labelCount(row: TrainingRow): number {
    if (this.geometry.kind !== 'sequence') return 0;
    return (row as SequenceRow).labels.slice(1).filter(label => label !== -100).length;
  }

  async prepare(): Promise<void> { await this.session('train'); }

  async step(rows: readonly BatchRow[], { scale, seed }: StepOptions): Promise<StepResult> {
    const packed = this.pack(rows.map(({ row }) => row));
    const feeds = this.feeds(packed, rows);
    feeds[NAMES.seed] = tensor(Float32Array.of(scale), []);
    const { dropout = 0 } = this.options.adapter ?? {};
    if (dropout > 0) {
      const random = Random.of(seed, DROPOUT_STREAM);
      for (const name of NAMES.dropout) feeds[name] = tensor(Int32Array.from({ length: packed.tokenCount }, () => random.bits() | 0), [packed.tokenCount, 1]);
    }
    if (this.options.neftuneAlpha) feeds[NAMES.noise] = this.noise(packed, seed, this.options.neftuneAlpha);
    const figures = await this.run(feeds, rows, packed);
    collectGarbage('young');
    return { ...figures, gradients: this.gradients };
  }

  /** Gradients go into arrays that stay: the copies that the runtime makes besides would lie between the next step's values until they are collected. */
  private async run(feeds: Feeds, rows: readonly BatchRow[], packed: Packed): Promise<{ loss: number; metrics: Record<string, number> }> {
    const session = await this.session('train');
    if (this.gradients.length === 0) this.gradients = this.parameters.map(({ data }) => new Float32Array(data.length));
    const into = Object.fromEntries(this.parameters.map(({ name }, i) => [NAMES.gradient(name), tensor(this.gradients[i], [this.gradients[i].length])]));
    return this.figures(await session.run(feeds, into), rows, packed);
  }

  async evaluate(rows: readonly BatchRow[]): Promise<{ loss: number; metrics: Record<string, number> }> {
    const packed = this.pack(rows.map(({ row }) => row));
    return this.figures(await (await this.session('forward')).run(this.feeds(packed, rows)), rows, packed);
  }

  async reference(rows: readonly TrainingRow[]): Promise<ReferenceLogps[]> {
    const session = await this.session('forward');
    const out: ReferenceLogps[] = [];
    for (let at = 0; at < rows.length; at += this.geometry.rows) {
      const some = rows.slice(at, at + this.geometry.rows).map(row => ({ row }));
      const results = await session.run(this.feeds(this.pack(some.map(({ row }) => row)), some));
      const groups = GROUPS[this.geometry.kind].map(group => floats(results, NAMES.logps(group)));
      some.forEach((_, i) => out.push(groups.map(values => values[i])));
    }
    return out;
  }

  async release(): Promise<void> {
    for (const session of [this.sessions.train, this.sessions.forward]) await (await session)?.release();
    this.sessions.train = this.sessions.forward = undefined;
  }

  private session(kind: 'train' | 'forward'): Promise<Session> {
    return this.sessions[kind] ??= this.createSession(kind === 'train');
  }

  private createSession(withGradients: boolean): Promise<Session> {
    const { spec, tensors, eightBit, adapter, maxLength, gradientCheckpointing, neftuneAlpha, threads, device, isHalf } = this.options;
    const { graph } = buildTrainingGraph({
      spec, tensors, eightBit, maxLength, withGradients, attention: this.attention,
      placement: this.placement, parameters: this.parameters,
      loss: this.loss, lossParameters: this.lossParameters, geometry: this.geometry,
      dropout: adapter?.dropout ?? 0, hasNoise: Boolean(neftuneAlpha), recomputeLayers: gradientCheckpointing,
    });
    return Session.create(graph, { threads, device, isHalf });
  }

  private pack(rows: readonly TrainingRow[]): Packed {
    return pack(rows, this.geometry, this.reduction === 'sum-over-labels' ? 'sum' : 'mean');
  }

  private feeds(packed: Packed, rows: readonly BatchRow[]): Feeds {
    const { rows: size, chunks, kind } = this.geometry;
    const feeds: Feeds = {
      [NAMES.ids]: tensor(packed.ids, [packed.tokenCount]),
      [NAMES.positions]: tensor(packed.positions, [1, packed.tokenCount]),
      ...(this.attention === 'blocks'
        ? { [NAMES.blocks]: tensor(packed.blocks, [packed.blocks.length / BLOCK_COLUMNS, BLOCK_COLUMNS]) }
        : { [NAMES.lengths]: tensor(packed.lengths, [packed.lengths.length]) }),
      [NAMES.targets.positions]: tensor(packed.targets.positions, [packed.nll.length]),
      [NAMES.targets.labels]: tensor(packed.targets.labels, [packed.nll.length]),
      [NAMES.targets.chunks]: tensor(packed.targets.chunkLengths, [chunks]),
      [NAMES.nll]: tensor(packed.nll, [1, packed.nll.length]),
      [NAMES.rowWeights]: tensor(packed.rowWeights, [size]),
      [NAMES.signs]: tensor(signs(rows, size), [size]),
    };
    packed.groups.forEach(({ pool }, g) => {
      const group = GROUPS[kind][g];
      feeds[NAMES.group(group, 'pool')] = tensor(pool, [size, packed.nll.length]);
      if (this.needsReference) feeds[NAMES.group(group, 'reference')] = tensor(referenceOf(rows, g, size), [size]);
    });
    for (const { name, shape, data } of this.parameters) feeds[name] = tensor(data, shape);
    return feeds;
  }

  /** Uniform in ±α/√(tokens · D) per token, tokens of the row. */
  private noise(packed: Packed, seed: number, alpha: number) {
    const { hiddenSize } = this.options.spec;
    const random = Random.of(seed, NOISE_STREAM);
    const out = new Float32Array(packed.tokenCount * hiddenSize);
    let at = 0;
    for (const length of packed.lengths) {
      const magnitude = alpha / Math.sqrt(Number(length) * hiddenSize);
      for (const end = at + Number(length) * hiddenSize; at < end; at++) out[at] = (random.uniform() * 2 - 1) * magnitude;
    }
    return tensor(out, [packed.tokenCount, hiddenSize]);
  }

  private figures(results: Awaited<ReturnType<Session['run']>>, rows: readonly BatchRow[], packed: Packed): { loss: number; metrics: Record<string, number> } {
    const groups = GROUPS[this.geometry.kind];
    const perRow = (name: string) => floats(results, name).slice(0, rows.length);
    const figures = Object.keys(results).filter(name => name.startsWith(NAMES.figure(''))).map((name): [string, Float32Array] => [name.slice(NAMES.figure('').length), perRow(name)]);
    const metrics = this.loss.metrics({
      rows: Object.fromEntries([...groups.map((group): [string, Float32Array] => [group, perRow(NAMES.logps(group))]), ...figures]),
      reference: this.needsReference ? Object.fromEntries(groups.map((group, g) => [group, referenceOf(rows, g, rows.length)])) : {},
      lengths: Object.fromEntries(groups.map((group, g) => [group, packed.groups[g].counts])),
      signs: signs(rows, rows.length),
      nll: floats(results, NAMES.nllLoss)[0],
    }, this.lossParameters);
    return { loss: floats(results, NAMES.loss)[0], metrics };
  }
}

const DROPOUT_STREAM = 1;
const NOISE_STREAM = 2;

function signs(rows: readonly BatchRow[], size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => (rows[i]?.row as UnpairedRow | undefined)?.label === false ? -1 : 1);
}

function referenceOf(rows: readonly BatchRow[], group: number, size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => rows[i]?.reference?.[group] ?? 0);
}

/** Packs the rows of a micro-batch into the arrays the graph reads: tokens one after the other, no padding, no prompt twice. */
import { problemError } from '../../shared/problem';
import type { TrainingRow } from '../../shared/rows';
import { blockTable } from './blocks';
import { batchParents, fillerRow, GROUPS, layoutRow, type PromptLayout, type RowKind, type RowLayout } from './layout';

export interface Geometry {
  kind: RowKind;
  /** Rows the graph is built for; a shorter batch is filled up. */
  rows: number;
  /** Chunks that the targets of all groups are cut into for the head; a batch with few targets leaves the last ones empty. */
  chunks: number;
  /** Most targets a chunk has. */
  targetsAChunk: number;
  learnPrompt: boolean;
  promptLayout: PromptLayout;
  /** A row's log-probability is the mean over its response instead of the sum. */
  averageLogps: boolean;
}

/** Arrays of one group, shapes as the graph declares them. */
export interface PackedGroup {
  /** float32 [B,N]: 1 or 1/n over a row's response tokens. */
  pool: Float32Array;
  /** Response tokens of each row, [B]. */
  counts: Float32Array;
}

export interface Packed {
  /** int64 [T] */
  ids: BigInt64Array;
  /** int64 [1,T]: position of each token in its own sequence. */
  positions: BigInt64Array;
  /** int64 [B · segments] */
  lengths: BigInt64Array;
  /** int64 [blocks,9] */
  blocks: BigInt64Array;
  /** Targets of all groups, one group after the other. */
  targets: {
    /** int64 [N]: which packed token each target is predicted from. */
    positions: BigInt64Array;
    /** int64 [N] */
    labels: BigInt64Array;
    /** int64 [chunks] */
    chunkLengths: BigInt64Array;
  };
  groups: PackedGroup[];
  /** float32 [N]: weights of the NLL over targets; see `nllWeights`. */
  nll: Float32Array;
  /** float32 [B]: 1/(rows given), 0 for fillers. */
  rowWeights: Float32Array;
  tokenCount: number;
}

/** `nll`: targets of group 0 that count into the NLL weigh 1 ("sum") or 1/their number ("mean").
 *  Throws a ProblemError for a row without a prompt or response. */
export function pack(rows: readonly TrainingRow[], geometry: Geometry, nll: 'sum' | 'mean'): Packed {
  const { kind, learnPrompt, promptLayout } = geometry;
  if (rows.length > geometry.rows) throw new Error(`pack: ${rows.length} rows for a graph of ${geometry.rows}`);
  rows.forEach((row, index) => refuseEmpty(kind, row, index));
  const filled = [...rows, ...Array.from({ length: geometry.rows - rows.length }, () => fillerRow(kind))];
  const layouts = filled.map(row => layoutRow(kind, row, learnPrompt, promptLayout));
  const starts = segmentStarts(layouts);
  const targets = targetsOf(layouts, starts, GROUPS[kind].length);
  const segments = layouts.flatMap(layout => layout.segments);
  return {
    ids: bigInts(segments.flatMap(segment => segment.ids)),
    positions: bigInts(layouts.flatMap(({ segments: own }) => own.flatMap(({ ids, parent }) => {
      const before = parent === null ? 0 : own[parent].ids.length;
      return ids.map((_, at) => before + at);
    }))),
    lengths: bigInts(segments.map(segment => segment.ids.length)),
    blocks: blockTable(segments.map(segment => segment.ids.length), batchParents(kind, promptLayout, geometry.rows)),
    targets: {
      positions: bigInts(targets.map(({ position }) => position)),
      labels: bigInts(targets.map(({ label }) => label)),
      chunkLengths: bigInts(chunkSizes(targets.length, geometry)),
    },
    groups: GROUPS[kind].map((_, g) => packGroup(targets, g, geometry)),
    nll: nllWeights(targets, rows.length, nll),
    rowWeights: Float32Array.from(filled, (_, row) => row < rows.length ? 1 / rows.length : 0),
    tokenCount: segments.reduce((sum, segment) => sum + segment.ids.length, 0),
  };
}

/** First packed token of each segment of each row. */
function segmentStarts(layouts: readonly RowLayout[]): number[][] {
  let at = 0;
  return layouts.map(({ segments }) => segments.map(({ ids }) => {
    const start = at;
    at += ids.length;
    return start;
  }));
}

/** A target among those of the whole batch. */
interface PackedTarget { position: number; label: number; group: number; row: number; inResponse: boolean }

function targetsOf(layouts: readonly RowLayout[], starts: readonly number[][], groups: number): PackedTarget[] {
  return Array.from({ length: groups }, (_, group) => layouts.flatMap(({ groups: own }, row) => own[group].map(({ segment, offset, label, inResponse }) =>
    ({ position: starts[row][segment] + offset, label, group, row, inResponse })))).flat();
}

function packGroup(targets: readonly PackedTarget[], group: number, { rows, averageLogps }: Geometry): PackedGroup {
  const isOwn = (target: PackedTarget): boolean => target.group === group && target.inResponse;
  const counts = new Float32Array(rows);
  for (const target of targets) if (isOwn(target)) counts[target.row]++;
  const pool = new Float32Array(rows * targets.length);
  targets.forEach((target, i) => { if (isOwn(target)) pool[target.row * targets.length + i] = averageLogps ? 1 / counts[target.row] : 1; });
  return { pool, counts };
}

/** The fewest chunks that hold all targets, of equal sizes: a product of few rows is slow. */
function chunkSizes(count: number, { chunks, targetsAChunk }: Geometry): number[] {
  const used = Math.min(chunks, Math.ceil(count / targetsAChunk));
  return Array.from({ length: chunks }, (_, i) => i < used ? Math.floor(((i + 1) * count) / used) - Math.floor((i * count) / used) : 0);
}

/** Targets of group 0 in rows that were given. */
function nllWeights(targets: readonly PackedTarget[], realRows: number, reduction: 'sum' | 'mean'): Float32Array {
  const counts = ({ group, row }: PackedTarget): boolean => group === 0 && row < realRows;
  const weight = reduction === 'sum' ? 1 : 1 / targets.filter(counts).length;
  return Float32Array.from(targets, target => counts(target) ? weight : 0);
}

function refuseEmpty(kind: RowKind, row: TrainingRow, index: number): void {
  const empty = Object.entries(row).find(([, value]) => Array.isArray(value) && value.length === 0);
  if (!empty) return;
  throw problemError('dataset/empty-tokens', `"${empty[0]}" of a ${kind} row has no tokens; nothing can be predicted from it.`, {
    where: { row: index, column: empty[0] }, fix: { text: 'Remove the row, or give it text.' },
  });
}

function bigInts(values: readonly number[]): BigInt64Array { return BigInt64Array.from(values, BigInt); }

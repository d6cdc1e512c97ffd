/** Packs the rows of a micro-batch into the arrays the graph reads: tokens one after the other, no padding, no prompt twice. */
import { problemError } from '../../shared/problem';
import type { TrainingRow } from '../../shared/rows';
import { fillerRow, GROUPS, layoutRow, type PromptLayout, type RowKind, type RowLayout } from './layout';

export interface Geometry {
  kind: RowKind;
  /** Rows the graph is built for; a shorter batch is filled up. */
  rows: number;
  /** Chunks a group's targets are cut into for the head. */
  chunks: number;
  learnPrompt: boolean;
  promptLayout: PromptLayout;
  /** A row's log-probability is the mean over its response instead of the sum. */
  averageLogps: boolean;
}

/** Arrays of one group, shapes as the graph declares them. */
export interface PackedGroup {
  /** int64 [N]: which packed token each target is predicted from. */
  positions: BigInt64Array;
  /** int64 [N] */
  labels: BigInt64Array;
  /** int64 [chunks] */
  chunkLengths: BigInt64Array;
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
  groups: PackedGroup[];
  /** float32 [N of group 0]: weights of the NLL over targets; see `nllWeights`. */
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
  const groups = GROUPS[kind].map((_, g) => packGroup(layouts, starts, g, geometry));
  const segments = layouts.flatMap(layout => layout.segments);
  return {
    ids: bigInts(segments.flatMap(segment => segment.ids)),
    positions: bigInts(layouts.flatMap(({ segments: own }) => own.flatMap(({ ids, parent }) => {
      const before = parent === null ? 0 : own[parent].ids.length;
      return ids.map((_, at) => before + at);
    }))),
    lengths: bigInts(segments.map(segment => segment.ids.length)),
    groups,
    nll: nllWeights(layouts, rows.length, nll, groups[0].labels.length),
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

function packGroup(layouts: readonly RowLayout[], starts: number[][], g: number, { rows, chunks, averageLogps }: Geometry): PackedGroup {
  const positions: number[] = [];
  const labels: number[] = [];
  const owners: number[] = [];
  const counts = new Float32Array(rows);
  layouts.forEach(({ groups }, row) => {
    for (const { segment, offset, label, inResponse } of groups[g]) {
      positions.push(starts[row][segment] + offset);
      labels.push(label);
      owners.push(inResponse ? row : NOBODY);
      if (inResponse) counts[row]++;
    }
  });
  // Every chunk needs a row; targets that weigh nothing make up for a batch with fewer.
  while (positions.length < chunks) { positions.push(0); labels.push(0); owners.push(NOBODY); }
  const pool = new Float32Array(rows * positions.length);
  owners.forEach((row, i) => { if (row !== NOBODY) pool[row * positions.length + i] = averageLogps ? 1 / counts[row] : 1; });
  return { positions: bigInts(positions), labels: bigInts(labels), chunkLengths: bigInts(chunkSizes(positions.length, chunks)), pool, counts };
}

const NOBODY = -1;

function chunkSizes(count: number, chunks: number): number[] {
  return Array.from({ length: chunks }, (_, i) => Math.floor(((i + 1) * count) / chunks) - Math.floor((i * count) / chunks));
}

function nllWeights(layouts: readonly RowLayout[], realRows: number, reduction: 'sum' | 'mean', length: number): Float32Array {
  const weights = layouts.flatMap(({ groups }, row) => groups[0].map(() => row < realRows ? 1 : 0));
  const count = weights.reduce<number>((sum, weight) => sum + weight, 0);
  const out = new Float32Array(length);
  weights.forEach((weight, i) => { out[i] = reduction === 'sum' || weight === 0 ? weight : weight / count; });
  return out;
}

function refuseEmpty(kind: RowKind, row: TrainingRow, index: number): void {
  const empty = Object.entries(row).find(([, value]) => Array.isArray(value) && value.length === 0);
  if (!empty) return;
  throw problemError('dataset/empty-tokens', `"${empty[0]}" of a ${kind} row has no tokens; nothing can be predicted from it.`, {
    where: { row: index, column: empty[0] }, fix: { text: 'Remove the row, or give it text.' },
  });
}

function bigInts(values: readonly number[]): BigInt64Array { return BigInt64Array.from(values, BigInt); }

/** The text half of the pipeline: load, map, read, validate, system prompt, duplicates, limit, split. Knows no tokenizer. */
import type { Problem } from '../shared/problem';
import { ProblemError } from '../shared/problem';
import { detectShape, mapColumns, readRow, SHAPE_ROWS } from './columns';
import type { Shape } from './columns';
import { dedupe } from './dedupe';
import type { DedupeStrategy } from './dedupe';
import type { DatasetLoader } from './loaders/datasetLoader';
import type { ProblemLog } from './problemLog';
import type { RawRow, TextRow } from './rows';
import { split } from './split';
import { checkColumns, checkRow } from './validate';

/** A loader with what its own source says about columns. */
export interface TextSource {
  loader: DatasetLoader;
  columnMapping?: Readonly<Record<string, string>> | null;
}

/** Plain values of the recipe; see PipelineOptions for the keys they come from. */
export interface TextOptions {
  method: string;
  convertMessages: boolean;
  systemPrompt: string | null;
  systemPromptMode: 'fill_empty' | 'replace_all';
  /** Null keeps duplicates. */
  dedupeStrategy: DedupeStrategy | null;
  maxSamples: number | null;
  /** Share of the rows to evaluate on; 0 splits none off. */
  testSize: number;
  seed: number;
  shuffle: boolean;
}

export interface TextSides {
  train: TextRow[];
  evaluation: TextRow[];
  /** Of the first source. */
  shape: Shape;
  loaded: number;
  duplicates: number;
}

/** Rows to train and to evaluate on, in file order. Faults of rows go into `log`; rows with errors are left out. */
export async function selectTextRows(sources: readonly TextSource[], evalSource: TextSource | undefined, options: TextOptions, log: ProblemLog): Promise<TextSides> {
  const { rows: loaded, shape } = await loadTextRows(sources, options, log);
  const { kept, duplicates } = options.dedupeStrategy === null ? { kept: loaded, duplicates: [] } : dedupe(loaded, options.dedupeStrategy);
  const rows = kept.slice(0, options.maxSamples ?? undefined);
  const counts = { shape, loaded: loaded.length, duplicates: duplicates.length };
  if (evalSource) return { ...counts, train: rows, evaluation: (await loadTextRows([evalSource], options, log)).rows };
  if (options.testSize === 0) return { ...counts, train: rows, evaluation: [] };
  const sides = split(rows, options);
  if (sides.evaluation.length === 0 && rows.length > 0) log.add(tooFewToSplit(rows.length));
  return { ...counts, ...sides };
}

/** Rows of all sources, one after another, each by its own shape, with the system prompt. Reads no more than `limit` rows of each. */
export async function loadTextRows(sources: readonly TextSource[], options: TextOptions, log: ProblemLog, limit = Infinity): Promise<{ rows: TextRow[]; shape: Shape }> {
  const rows: TextRow[] = [];
  let first: Shape | undefined;
  for (const source of sources) {
    const raw = await readRaw(source, limit);
    const seen = raw.slice(0, SHAPE_ROWS);
    const shape = detectShape(seen, options.convertMessages);
    first ??= shape;
    const file = source.loader.name;
    const problems = raw.length === 0 ? [empty(file)] : checkColumns(shape, options.method, [...new Set(seen.flatMap(row => Object.keys(row.cells)))], file);
    problems.forEach(problem => log.add(problem));
    if (problems.length === 0) rows.push(...raw.slice(0, limit).flatMap(row => readChecked(row, shape, options.method, log)));
  }
  return { rows: rows.map(row => withSystemPrompt(row, options)), shape: first ?? detectShape([]) };
}

/** At least as many rows as it takes to see the shape. */
async function readRaw({ loader, columnMapping }: TextSource, limit: number): Promise<RawRow[]> {
  const raw: RawRow[] = [];
  for await (const row of loader.rows()) {
    raw.push(mapColumns(row, columnMapping));
    if (raw.length >= Math.max(limit, SHAPE_ROWS)) break;
  }
  return raw;
}

function readChecked(row: RawRow, shape: Shape, method: string, log: ProblemLog): TextRow[] {
  try {
    const read = readRow(row, shape, problem => log.add(problem));
    const problems = checkRow(read, method);
    problems.forEach(problem => log.add(problem));
    return problems.length === 0 ? [read] : [];
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    error.problems.forEach(problem => log.add(problem));
    return [];
  }
}

function withSystemPrompt(row: TextRow, { systemPrompt, systemPromptMode }: TextOptions): TextRow {
  if (systemPrompt === null) return row;
  return systemPromptMode === 'replace_all' || row.system.trim() === '' ? { ...row, system: systemPrompt } : row;
}

const empty = (file: string): Problem =>
  ({ id: 'dataset/empty', severity: 'error', text: 'The dataset has no rows.', where: { file }, fix: { text: 'Choose a file with rows in it.' } });

const tooFewToSplit = (rows: number): Problem => ({
  id: 'dataset/too-few-to-split', severity: 'warning', text: `Nothing is evaluated: the ${rows} row(s) have one prompt only, which cannot be on both sides.`,
  where: { field: 'dataset.test_size' }, fix: { text: 'Add rows, or set dataset.eval_source.' },
});

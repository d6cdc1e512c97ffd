/** The text half of the pipeline: load, map, read, validate, system prompt, duplicates, limit, split. Knows no tokenizer. */
import type { Problem } from '../shared/problem';
import { ProblemError } from '../shared/problem';
import { mapColumns, readRow } from './columns';
import { duplicateTest } from './dedupe';
import type { DedupeStrategy } from './dedupe';
import type { DatasetLoader } from './loaders/datasetLoader';
import type { Pace } from './pace';
import type { ProblemLog } from './problemLog';
import { promptKey } from './rowKeys';
import type { RawRow, TextRow } from './rows';
import { detectShape, SHAPE_SPAN, SHAPE_TITLES, shapeFor } from './shape';
import type { RowShape, Shape } from './shape';
import { split } from './split';
import { checkColumns, checkRow, missingOf, rowKind } from './validate';

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
  /** From what likeness on (0–1) strategy "near" takes rows for duplicates. */
  nearDuplicateThreshold: number;
  maxSamples: number | null;
  /** Share of the rows to evaluate on; 0 splits none off. */
  testSize: number;
  seed: number;
  shuffle: boolean;
}

/** Rows as `make` made them. */
export interface Selected<Made> {
  train: Made[];
  evaluation: Made[];
  /** Of the first source. */
  shape: Shape;
  loaded: number;
  duplicates: number;
}

/**
 * Rows to train and to evaluate on, in file order. Each row goes through `make` as it is read, so that texts need not be kept; a long text gives several.
 * Faults of rows go into `log`; rows with errors are left out. `pace` hears of every row.
 */
export async function selectTextRows<Made>(sources: readonly TextSource[], evalSource: TextSource | undefined, options: TextOptions, log: ProblemLog, make: (row: TextRow) => Made[], pace?: Pace): Promise<Selected<Made>> {
  const isDuplicate = options.dedupeStrategy === null ? () => false : duplicateTest(options.dedupeStrategy, { threshold: options.nearDuplicateThreshold, seed: options.seed });
  const kept: { made: Made; key: string }[] = [];
  let [shape, loaded, duplicates] = [detectShape([]), 0, 0];
  const isEnough = (): boolean => loaded - duplicates === options.maxSamples;
  for await (const row of readTextRows(sources, options, log, first => { shape = first; })) {
    await pace?.step('rows', loaded + 1, options.maxSamples ?? undefined);
    loaded++;
    if (isDuplicate(row)) duplicates++;
    else for (const [part, made] of make(row).entries()) kept.push({ made, key: promptKey(row, part) });
    if (isEnough()) break;
  }
  const counts = { shape, loaded, duplicates };
  const all = kept.map(({ made }) => made);
  if (evalSource) return { ...counts, train: all, evaluation: await evaluationRows(evalSource, options, log, make, pace) };
  if (options.testSize === 0) return { ...counts, train: all, evaluation: [] };
  const sides = split(kept, ({ key }) => key, options);
  if (sides.evaluation.length === 0 && kept.length > 0) log.add(tooFewToSplit(kept.length));
  return { ...counts, train: sides.train.map(({ made }) => made), evaluation: sides.evaluation.map(({ made }) => made) };
}

async function evaluationRows<Made>(source: TextSource, options: TextOptions, log: ProblemLog, make: (row: TextRow) => Made[], pace: Pace | undefined): Promise<Made[]> {
  const made: Made[] = [];
  for await (const row of readTextRows([source], options, log)) {
    await pace?.step('eval_rows', made.length);
    made.push(...make(row));
  }
  return made;
}

/**
 * Rows of all sources, one after another, with the system prompt, as they are read. Each source has a shape of its own, seen in its first rows; a row of
 * another shape that is whole is read by its own, and said. `onShape` gets the first source's.
 */
export async function* readTextRows(sources: readonly TextSource[], options: TextOptions, log: ProblemLog, onShape?: (shape: Shape) => void): AsyncGenerator<TextRow> {
  for (const [index, { loader, columnMapping }] of sources.entries()) {
    const head: RawRow[] = [];
    let read: ((row: RawRow) => TextRow[]) | undefined;
    const begin = (): boolean => {
      const shape = detectShape(head, options.convertMessages);
      if (index === 0) onShape?.(shape);
      const problems = head.length === 0 ? [empty(loader.name)] : checkColumns(shape, options.method, [...new Set(head.flatMap(row => Object.keys(row.cells)))], loader.name);
      problems.forEach(log.add);
      read = row => readChecked(row, shape, options, log);
      return problems.length === 0;
    };
    for await (const raw of loader.rows(log.add)) {
      const row = mapColumns(raw, columnMapping);
      if (read) {
        yield* read(row);
      } else if (head.push(row) === SHAPE_SPAN) {
        if (!begin()) break;
        for (const early of head.splice(0)) yield* read!(early);
      }
    }
    if (!read && begin()) for (const early of head) yield* read!(early);
  }
}

function readChecked(row: RawRow, shape: Shape, options: TextOptions, log: ProblemLog): TextRow[] {
  try {
    const { text, problems } = readTextRow(row, shape, options);
    problems.forEach(log.add);
    return problems.some(({ severity }) => severity === 'error') ? [] : [text];
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    error.problems.forEach(log.add);
    return [];
  }
}

/** One row by the shape of its source, or by its own, with the system prompt. Throws ProblemError where it cannot be read; errors among `problems` say why it cannot be trained. */
export function readTextRow(row: RawRow, shape: Shape, options: Pick<TextOptions, 'method' | 'convertMessages' | 'systemPrompt' | 'systemPromptMode'>): { text: TextRow; problems: Problem[] } {
  const { method } = options;
  const problems: Problem[] = [];
  const own = shapeFor(row, shape, options.convertMessages, (columns, impliesPrompt) => missingOf(columns, impliesPrompt, method).length === 0);
  if (own !== shape) problems.push(otherShape(row, own.name, shape.name));
  const text = readRow(row, withUsedLabel(own, method), problem => problems.push(problem));
  return { text: withSystemPrompt(text, options), problems: [...problems, ...checkRow(text, method)] };
}

/** Only kto reads labels; elsewhere a column of that name may hold anything. */
function withUsedLabel(shape: RowShape, method: string): RowShape {
  if (shape.columns.label === undefined || rowKind(method) === 'unpaired') return shape;
  const { label: _, ...columns } = shape.columns;
  return { ...shape, columns };
}

export function withSystemPrompt(row: TextRow, { systemPrompt, systemPromptMode }: Pick<TextOptions, 'systemPrompt' | 'systemPromptMode'>): TextRow {
  if (systemPrompt === null || row.isPlainText) return row;
  return systemPromptMode === 'replace_all' || row.system.trim() === '' ? { ...row, system: systemPrompt } : row;
}

const empty = (file: string): Problem =>
  ({ id: 'dataset/empty', severity: 'error', text: 'The dataset has no rows.', where: { file }, fix: { text: 'Choose a file with rows in it.' } });

const otherShape = (row: RawRow, own: Shape['name'], most: Shape['name']): Problem => ({
  id: 'dataset/other-shape', severity: 'warning', text: `The row is of another shape than most: ${SHAPE_TITLES[own]}, not ${SHAPE_TITLES[most]}. It is read by its own.`, where: { ...row.origin },
});

const tooFewToSplit = (rows: number): Problem => ({
  id: 'dataset/too-few-to-split', severity: 'warning', text: `Nothing is evaluated: the ${rows} row(s) have one prompt only, which cannot be on both sides.`,
  where: { field: 'dataset.test_size' }, fix: { text: 'Add rows, or set dataset.eval_source.' },
});

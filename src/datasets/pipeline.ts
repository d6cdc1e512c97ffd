/** From a recipe's dataset to training rows: text rows first (textRows.ts), then format, tokenise, truncate. */
import { createHash } from 'node:crypto';
import type { Tokenizer } from '../models';
import { ProblemError } from '../shared/problem';
import type { Problem } from '../shared/problem';
import type { TrainingRow } from '../shared/rows';
import { cacheKey } from './cache/cacheKey';
import { decodeRows, encodeRow } from './cache/rowCodec';
import { TokenCache } from './cache/tokenCache';
import type { DedupeStrategy } from './dedupe';
import { formatRow, givenTexts } from './formatRow';
import type { DatasetFormatter } from './formatters/datasetFormatter';
import { formatterOf } from './formatters/getFormatter';
import type { FormatKeys } from './formatters/getFormatter';
import { lengthProblems } from './lengthProblems';
import { createLoader } from './loaders/createLoader';
import type { DatasetSource, LoaderOptions } from './loaders/createLoader';
import type { ReadRevision } from './loaders/datasetLoader';
import { Pace } from './pace';
import type { PrepareHooks } from './pace';
import { ProblemLog } from './problemLog';
import type { FormattedRow, Origin, TextRow } from './rows';
import { detectShape } from './shape';
import type { Shape } from './shape';
import { readTextRows, selectTextRows } from './textRows';
import type { TextOptions, TextSource } from './textRows';
import { rowMaker } from './trainingRows';
import type { TokenisedRow } from './trainingRows';
import { rowKind } from './validate';

/** Share of the rows that evaluate where nothing is said. */
export const DEFAULT_TEST_SIZE = 0.01;
/** Likeness from which rows are near-duplicates where nothing is said. */
export const DEFAULT_NEAR_THRESHOLD = 0.8;

/** Plain values; the dataset part has the recipe's keys, so `recipe.dataset` fits as it is. */
export interface PipelineOptions {
  dataset: {
    source: DatasetSource;
    additional_sources?: readonly DatasetSource[];
    eval_source?: DatasetSource | null;
    format: FormatKeys;
    column_mapping?: Record<string, string> | null;
    convert_messages_format?: boolean;
    system_prompt?: string | null;
    system_prompt_mode?: 'fill_empty' | 'replace_all';
    deduplicate?: boolean;
    dedupe_strategy?: DedupeStrategy;
    near_duplicate_threshold?: number;
    bad_rows?: 'stop' | 'skip';
    test_size?: number;
    max_samples?: number | null;
  };
  /** recipe.training_mode. */
  method: string;
  seed: number;
  /** Which rows are split off: at random by the seed, or the last ones. The order of training is the trainer's. */
  shuffle: boolean;
  maxLength: number;
  maxPromptLength: number;
  /** sft: learn the prompt too. */
  trainOnPrompt: boolean;
  /** sft: every answer of a conversation is learnt (the default), or only the last. */
  trainOnTurns?: 'all' | 'last';
  /** Off where the recipe evaluates nothing: no rows are split off. */
  evalWanted: boolean;
  /** Folder that relative paths count from. */
  baseDir: string;
  /** What datasets of the hub and uploads need beside the recipe. */
  loaders?: LoaderOptions;
  tokenizer: Tokenizer;
  chatTemplate: string | undefined;
  /** The clock of templates that write the date. */
  now?: Date;
  /** Where tokenised rows are kept for the next time; `tokenizer` is a hash of the tokenizer's files. */
  cache?: { folder: string; tokenizer: string };
}

/** Counts of what was done; rows unless said otherwise. */
export interface DatasetReport {
  shape: string;
  /** Share of the rows looked at that have this shape, 0–1. */
  confidence: number;
  columns: Record<string, string>;
  format: string;
  loaded: number;
  duplicates: number;
  train: number;
  eval: number;
  promptsCut: number;
  /** Responses, not rows. */
  responsesCut: number;
  /** Longer than max_length before any of their response. */
  dropped: number;
  /** Tokens of the longest row before cutting, and of all kept rows. */
  longestTokens: number;
  trainTokens: number;
  /** How many rows each kind of problem was met in, by its id, where the problems themselves name the first few. */
  problemCounts: Record<string, number>;
}

export interface PreparedDataset {
  train: TrainingRow[];
  eval: TrainingRow[];
  /** Where each of `train` came from. */
  trainOrigins: Origin[];
  /** Warnings and notes; errors are thrown. */
  problems: Problem[];
  /** SHA-256 of all token ids: equal fingerprints train the same. */
  fingerprint: string;
  /** Of the sources on the hub: which commit was read. */
  revisions: ReadRevision[];
  report: DatasetReport;
}

export interface FormattedPreview extends FormattedRow { row: TextRow }

type LengthCounts = Pick<DatasetReport, 'promptsCut' | 'responsesCut' | 'dropped' | 'longestTokens'>;
/** What is kept of a set beside its rows. */
type CachedHead = Pick<PreparedDataset, 'trainOrigins' | 'problems' | 'report'>;

interface Made { row: TrainingRow; origin: Origin }

export class DatasetPipeline {
  private readonly formatter: DatasetFormatter;
  private readonly makeRows: ReturnType<typeof rowMaker>;

  /** Problems of the format (no template, unknown name) are thrown here. */
  constructor(private readonly options: PipelineOptions) {
    const { dataset, tokenizer, chatTemplate, now } = options;
    this.formatter = formatterOf(dataset.format, { specialTokens: tokenizer.specialTokens, chatTemplate, now });
    this.makeRows = rowMaker(options.tokenizer, this.formatter, { ...options, kind: rowKind(options.method) });
  }

  /**
   * All rows, ready for the engine. Throws ProblemError with every error found (five rows of a kind are named, the rest counted);
   * aborted, it throws the signal's reason.
   */
  async prepare(hooks: PrepareHooks = {}): Promise<PreparedDataset> {
    const pace = new Pace(hooks);
    const { cache } = this.options;
    const { sources, evalSource } = this.sources();
    const loaders = [...sources, ...(evalSource ? [evalSource] : [])].map(({ loader }) => loader);
    const key = cache && await cacheKey(loaders, this.cacheOptions(), pace);
    const kept = cache && key !== undefined ? new TokenCache<CachedHead>(cache.folder) : undefined;
    const found = await kept?.read(key!);
    const revisions = (): ReadRevision[] => distinct(loaders.flatMap(loader => loader.readRevision ?? []));
    if (found) return { ...this.fromCache(found.head, found.rows), revisions: revisions() };

    const { train, evaluation, head } = await this.makeAll(sources, evalSource, pace);
    const integers = [...train, ...evaluation].map(encodeRow);
    const fingerprint = fingerprintOf(integers);
    await kept?.write(key!, head, integers, fingerprint, pace);
    return { ...head, train, eval: evaluation, fingerprint, revisions: revisions() };
  }

  private async makeAll(sources: readonly TextSource[], evalSource: TextSource | undefined, pace: Pace): Promise<{ train: TrainingRow[]; evaluation: TrainingRow[]; head: CachedHead }> {
    const { method, tokenizer } = this.options;
    const log = this.log();
    const counts: LengthCounts = { promptsCut: 0, responsesCut: 0, dropped: 0, longestTokens: 0 };
    const { train, evaluation, shape, loaded, duplicates } = await selectTextRows(sources, evalSource, this.textOptions(), log, row => this.make(row, counts, log), pace);
    this.stopOnErrors(log);
    const [trainRows, evalRows] = [train, evaluation].map(side => side.map(made => made.row)) as [TrainingRow[], TrainingRow[]];
    if (trainRows.length === 0) log.add(this.nothingLeft(counts));
    if (tokenizer.eos === undefined) log.add(NO_EOS);
    if (rowKind(method) === 'unpaired' && new Set(trainRows.map(row => 'label' in row && row.label)).size === 1) log.add(ONE_LABEL);
    this.stopOnErrors(log);
    return {
      train: trainRows,
      evaluation: evalRows,
      head: {
        trainOrigins: train.map(({ origin }) => origin),
        problems: log.list(),
        report: {
          shape: shape.name, confidence: shape.confidence, columns: shape.columns as Record<string, string>, format: this.formatter.name, loaded, duplicates,
          train: trainRows.length, eval: evalRows.length, ...counts, trainTokens: trainRows.reduce((sum, row) => sum + tokensOf(row), 0), problemCounts: log.counts(),
        },
      },
    };
  }

  /** Once an error is found nothing will be trained, and rows are only looked at for further ones. */
  private make(row: TextRow, counts: LengthCounts, log: ProblemLog): Made[] {
    const text = log.hasErrors() ? undefined : this.formatRow(row, log);
    if (!text) return [];
    const made = this.tokeniseText(row, text);
    count(made, counts);
    lengthProblems(made, row.origin, this.options).forEach(log.add);
    return made.rows.map(one => ({ row: one, origin: row.origin }));
  }

  private fromCache(head: CachedHead, integers: Int32Array): Omit<PreparedDataset, 'revisions'> {
    const rows = decodeRows(rowKind(this.options.method), integers, head.report.train + head.report.eval);
    return { ...head, train: rows.slice(0, head.report.train), eval: rows.slice(head.report.train), fingerprint: fingerprintOf([integers]) };
  }

  /** Every option that decides a token; the date only where the template writes it. */
  private cacheOptions(): unknown {
    const { tokenizer: _, cache, now, loaders: _loaders, baseDir: _baseDir, ...deciding } = this.options;
    return [cache?.tokenizer, deciding, this.options.chatTemplate?.includes('strftime_now') ? now?.toString() ?? Date.now() : null];
  }

  /** The first rows as read: columns known, system prompt set, nothing formatted. */
  async preview(count = 5, offset = 0, hooks: PrepareHooks = {}): Promise<{ rows: TextRow[]; shape: Shape; problems: Problem[] }> {
    const pace = new Pace(hooks);
    const log = this.log();
    const rows: TextRow[] = [];
    let shape = detectShape([]);
    for await (const row of readTextRows([this.source(this.options.dataset.source, 'dataset.source')], this.textOptions(), log, found => { shape = found; })) {
      rows.push(row);
      await pace.step('rows', rows.length, offset + count);
      if (rows.length === offset + count) break;
    }
    return { rows: rows.slice(offset), shape, problems: log.list() };
  }

  /** The first rows as text that is tokenised. */
  async previewFormatted(count = 5, offset = 0, hooks: PrepareHooks = {}): Promise<{ rows: FormattedPreview[]; problems: Problem[] }> {
    const { rows, problems } = await this.preview(count, offset, hooks);
    const pace = new Pace(hooks);
    const log = this.log();
    const formatted: FormattedPreview[] = [];
    for (const [at, row] of rows.entries()) {
      await pace.step('rows', at, rows.length);
      const text = this.formatRow(row, log);
      if (text) formatted.push({ ...text, row });
    }
    return { rows: formatted, problems: [...problems, ...log.list()] };
  }

  /** One row by the very code that trains it; `tokenised` undefined where the row cannot be formatted. */
  tokeniseRow(row: TextRow): { text?: FormattedRow; tokenised?: TokenisedRow; problems: Problem[] } {
    const log = this.log();
    const text = this.formatRow(row, log);
    if (!text) return { problems: log.list() };
    const tokenised = this.tokeniseText(row, text);
    return { text, tokenised, problems: [...log.list(), ...lengthProblems(tokenised, row.origin, this.options)] };
  }

  private tokeniseText(row: TextRow, text: FormattedRow): TokenisedRow {
    return this.makeRows(text, givenTexts(row));
  }

  private log(): ProblemLog {
    return new ProblemLog(this.options.dataset.bad_rows === 'skip');
  }

  private sources(): { sources: TextSource[]; evalSource: TextSource | undefined } {
    const { dataset, evalWanted } = this.options;
    return {
      sources: [this.source(dataset.source, 'dataset.source'), ...(dataset.additional_sources ?? []).map((source, i) => this.source(source, `dataset.additional_sources.${i}`))],
      evalSource: evalWanted && dataset.eval_source ? this.source(dataset.eval_source, 'dataset.eval_source') : undefined,
    };
  }

  private source(source: DatasetSource, field: string): TextSource {
    return { loader: createLoader(source, this.options.baseDir, field, this.options.loaders), columnMapping: { ...this.options.dataset.column_mapping, ...source.column_mapping } };
  }

  private textOptions(): TextOptions {
    const { dataset, method, seed, shuffle, evalWanted } = this.options;
    return {
      method, seed, shuffle,
      convertMessages: dataset.convert_messages_format ?? true,
      systemPrompt: dataset.system_prompt ?? null,
      systemPromptMode: dataset.system_prompt_mode ?? 'fill_empty',
      dedupeStrategy: dataset.deduplicate ? dataset.dedupe_strategy ?? 'prompt_chosen' : null,
      nearDuplicateThreshold: dataset.near_duplicate_threshold ?? DEFAULT_NEAR_THRESHOLD,
      maxSamples: dataset.max_samples ?? null,
      testSize: evalWanted ? dataset.test_size ?? DEFAULT_TEST_SIZE : 0,
    };
  }

  /** Running text stays as it is, whatever the format. */
  private formatRow(row: TextRow, log: ProblemLog): FormattedRow | undefined {
    try {
      const { text, problems } = formatRow(row, this.formatter, this.options);
      problems.forEach(log.add);
      return text;
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      for (const problem of error.problems) log.add({ ...problem, where: { ...row.origin, ...problem.where } });
      return undefined;
    }
  }

  private nothingLeft({ dropped, longestTokens }: LengthCounts): Problem {
    return dropped === 0
      ? { id: 'dataset/empty', severity: 'error', text: 'No row is left to train on.', where: { field: 'dataset' }, fix: { text: 'Choose a dataset with more rows, or a smaller dataset.test_size.' } }
      : { id: 'dataset/all-too-long', severity: 'error', text: `All ${dropped} rows are longer than max_length ${this.options.maxLength}; the longest has ${longestTokens} tokens.`,
          where: { field: 'max_length' }, fix: { text: `Raise max_length to ${longestTokens}, or lower max_prompt_length.`, set: { key: 'max_length', value: longestTokens } } };
  }

  private stopOnErrors(log: ProblemLog): void {
    if (log.hasErrors()) throw new ProblemError(log.list());
  }
}

const NO_EOS: Problem = {
  id: 'dataset/no-eos', severity: 'warning', text: 'The tokenizer has no EOS token, so responses end without one and the model may not learn to stop.',
  fix: { text: 'Set eos_token in tokenizer_config.json.' },
};

const ONE_LABEL: Problem = {
  id: 'dataset/one-label', severity: 'warning', text: 'All answers have the same label, so there is nothing to tell good from bad by.',
  fix: { text: 'Add rows with the other label (column "label"), or pairs with a "rejected" answer.' },
};

function count(made: TokenisedRow, counts: LengthCounts): void {
  counts.longestTokens = Math.max(counts.longestTokens, made.tokens);
  if (made.rows.length === 0) counts.dropped++;
  else if (made.promptCut) counts.promptsCut++;
  if (made.rows.length > 0) counts.responsesCut += made.responsesCut;
}

/** Several sources may be splits of one dataset. */
function distinct(revisions: readonly ReadRevision[]): ReadRevision[] {
  return [...new Map(revisions.map(read => [JSON.stringify(read), read])).values()];
}

function fingerprintOf(rows: readonly Int32Array[]): string {
  const hash = createHash('sha256');
  for (const row of rows) hash.update(new Uint8Array(row.buffer, row.byteOffset, row.byteLength));
  return hash.digest('hex');
}

function tokensOf(row: TrainingRow): number {
  if ('ids' in row) return row.ids.length;
  return 'response' in row ? row.prompt.length + row.response.length : 2 * row.prompt.length + row.chosen.length + row.rejected.length;
}


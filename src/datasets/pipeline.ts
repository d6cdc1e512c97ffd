/** From a recipe's dataset to training rows: text rows first (textRows.ts), then format, tokenise, truncate. */
import { createHash } from 'node:crypto';
import type { Tokenizer } from '../models';
import { ProblemError } from '../shared/problem';
import type { Problem } from '../shared/problem';
import type { TrainingRow } from '../shared/rows';
import type { Shape } from './columns';
import type { DedupeStrategy } from './dedupe';
import type { CustomTemplates } from './formatters/customFormatter';
import { hasText } from './formatters/datasetFormatter';
import type { DatasetFormatter } from './formatters/datasetFormatter';
import { getFormatter } from './formatters/getFormatter';
import { createLoader } from './loaders/createLoader';
import type { DatasetSource, LoaderOptions } from './loaders/createLoader';
import type { ReadRevision } from './loaders/datasetLoader';
import { ProblemLog } from './problemLog';
import type { FormattedRow, Origin, TextRow } from './rows';
import { loadTextRows, selectTextRows } from './textRows';
import type { TextOptions, TextSource } from './textRows';
import { rowMaker } from './trainingRows';
import type { TokenisedRow } from './trainingRows';
import { rowKind } from './validate';

/** Plain values; the dataset part has the recipe's keys, so `recipe.dataset` fits as it is. */
export interface PipelineOptions {
  dataset: {
    source: DatasetSource;
    additional_sources?: readonly DatasetSource[];
    eval_source?: DatasetSource | null;
    format: { format_type: string; custom_templates?: CustomTemplates | null; enable_thinking?: boolean; auto_detect_thinking?: boolean };
    column_mapping?: Record<string, string> | null;
    convert_messages_format?: boolean;
    system_prompt?: string | null;
    system_prompt_mode?: 'fill_empty' | 'replace_all';
    deduplicate?: boolean;
    dedupe_strategy?: DedupeStrategy;
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
}

/** Counts of what was done; rows unless said otherwise. */
export interface DatasetReport {
  shape: string;
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

type Report = Omit<DatasetReport, 'shape' | 'columns' | 'format' | 'loaded' | 'duplicates' | 'train' | 'eval' | 'trainTokens'>;

export class DatasetPipeline {
  private readonly formatter: DatasetFormatter;
  private readonly makeRows: ReturnType<typeof rowMaker>;

  /** Problems of the format (no template, unknown name) are thrown here. */
  constructor(private readonly options: PipelineOptions) {
    const { format } = options.dataset;
    this.formatter = getFormatter(format.format_type, {
      specialTokens: options.tokenizer.specialTokens,
      ...(options.chatTemplate === undefined ? {} : { chatTemplate: options.chatTemplate }),
      ...(format.enable_thinking === undefined ? {} : { enableThinking: format.enable_thinking }),
      ...(format.auto_detect_thinking === undefined ? {} : { autoDetectThinking: format.auto_detect_thinking }),
      ...(format.custom_templates === undefined ? {} : { customTemplates: format.custom_templates }),
      ...(options.now ? { now: options.now } : {}),
    });
    this.makeRows = rowMaker(options.tokenizer, this.formatter.stopText, { ...options, kind: rowKind(options.method) });
  }

  /** All rows, ready for the engine. Throws ProblemError with every error found (five rows of a kind are named, the rest counted). */
  async prepare(): Promise<PreparedDataset> {
    const { dataset, method, tokenizer, evalWanted } = this.options;
    const log = new ProblemLog();
    const sources = [this.source(dataset.source, 'dataset.source'), ...(dataset.additional_sources ?? []).map((source, i) => this.source(source, `dataset.additional_sources.${i}`))];
    const evalSource = evalWanted && dataset.eval_source ? this.source(dataset.eval_source, 'dataset.eval_source') : undefined;
    const { train, evaluation, shape, loaded, duplicates } = await selectTextRows(sources, evalSource, this.textOptions(), log);
    this.stopOnErrors(log);

    const counts: Report = { promptsCut: 0, responsesCut: 0, dropped: 0, longestTokens: 0 };
    const tokenise = (row: TextRow): TrainingRow[] => {
      const text = this.formatRow(row, log);
      if (!text) return [];
      const made = this.tokeniseText(row, text);
      count(made, counts);
      this.lengthProblems(row, made).forEach(problem => log.add(problem));
      return made.rows;
    };
    const trainOrigins: Origin[] = [];
    const trainRows = train.flatMap(row => {
      const made = tokenise(row);
      trainOrigins.push(...made.map(() => row.origin));
      return made;
    });
    const evalRows = evaluation.flatMap(tokenise);
    if (trainRows.length === 0 && !log.hasErrors()) log.add(this.nothingLeft(counts));
    if (tokenizer.eos === undefined) log.add(NO_EOS);
    if (rowKind(method) === 'unpaired' && new Set(trainRows.map(row => 'label' in row && row.label)).size === 1) log.add(ONE_LABEL);
    this.stopOnErrors(log);
    return {
      train: trainRows,
      eval: evalRows,
      trainOrigins,
      problems: log.list(),
      fingerprint: fingerprint(trainRows, evalRows),
      revisions: [...sources, ...(evalSource ? [evalSource] : [])].flatMap(({ loader }) => loader.readRevision ?? []),
      report: {
        shape: shape.name, columns: shape.columns as Record<string, string>, format: this.formatter.name, loaded, duplicates,
        train: trainRows.length, eval: evalRows.length, ...counts, trainTokens: trainRows.reduce((sum, row) => sum + tokensOf(row), 0),
      },
    };
  }

  /** The first rows as read: columns known, system prompt set, nothing formatted. */
  async preview(count = 5, offset = 0): Promise<{ rows: TextRow[]; shape: Shape; problems: Problem[] }> {
    const log = new ProblemLog();
    const { rows, shape } = await loadTextRows([this.source(this.options.dataset.source, 'dataset.source')], this.textOptions(), log, offset + count);
    return { rows: rows.slice(offset), shape, problems: log.list() };
  }

  /** The first rows as text that is tokenised. */
  async previewFormatted(count = 5, offset = 0): Promise<{ rows: FormattedPreview[]; problems: Problem[] }> {
    const { rows, problems } = await this.preview(count, offset);
    const log = new ProblemLog();
    const formatted = rows.flatMap(row => {
      const text = this.formatRow(row, log);
      return text ? [{ ...text, row }] : [];
    });
    return { rows: formatted, problems: [...problems, ...log.list()] };
  }

  /** One row by the very code that trains it; `tokenised` undefined where the row cannot be formatted. */
  tokeniseRow(row: TextRow): { text?: FormattedRow; tokenised?: TokenisedRow; problems: Problem[] } {
    const log = new ProblemLog();
    const text = this.formatRow(row, log);
    if (!text) return { problems: log.list() };
    const tokenised = this.tokeniseText(row, text);
    return { text, tokenised, problems: [...log.list(), ...this.lengthProblems(row, tokenised)] };
  }

  private tokeniseText(row: TextRow, text: FormattedRow): TokenisedRow {
    return this.makeRows(text, { rejected: hasText(row.rejected), ...(row.label === undefined ? {} : { label: row.label }) });
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
      maxSamples: dataset.max_samples ?? null,
      testSize: evalWanted ? dataset.test_size ?? 0.01 : 0,
    };
  }

  private formatRow(row: TextRow, log: ProblemLog): FormattedRow | undefined {
    try {
      return this.formatter.format(row);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      for (const problem of error.problems) log.add({ ...problem, where: { ...row.origin, ...problem.where } });
      return undefined;
    }
  }

  private lengthProblems(row: TextRow, made: TokenisedRow): Problem[] {
    const { maxLength, maxPromptLength } = this.options;
    const warning = (id: string, text: string, fix: string): Problem => ({ id, severity: 'warning', text, where: { ...row.origin }, fix: { text: fix } });
    if (made.rows.length === 0) {
      return [warning('dataset/row-too-long', `The row is left out: its prompt of ${made.promptTokens} tokens leaves no room for a response within max_length ${maxLength}.`, 'Raise max_length, or lower max_prompt_length below it.')];
    }
    return [
      ...(made.promptCut ? [warning('dataset/prompt-cut', `The prompt of ${made.promptTokens} tokens lost its beginning: max_prompt_length is ${maxPromptLength}.`, 'Raise max_prompt_length.')] : []),
      ...(made.responsesCut > 0 ? [warning('dataset/response-cut', `A response lost its end: the row has ${made.tokens} tokens, max_length is ${maxLength}.`, 'Raise max_length.')] : []),
    ];
  }

  private nothingLeft({ dropped, longestTokens }: Report): Problem {
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

function count(made: TokenisedRow, counts: Report): void {
  counts.longestTokens = Math.max(counts.longestTokens, made.tokens);
  if (made.rows.length === 0) counts.dropped++;
  else if (made.promptCut) counts.promptsCut++;
  if (made.rows.length > 0) counts.responsesCut += made.responsesCut;
}

function fingerprint(...sides: TrainingRow[][]): string {
  const hash = createHash('sha256');
  for (const side of sides) {
    for (const row of side) hash.update(`${JSON.stringify(row)}\n`);
    hash.update('\n');
  }
  return hash.digest('hex');
}

function tokensOf(row: TrainingRow): number {
  if ('ids' in row) return row.ids.length;
  return 'response' in row ? row.prompt.length + row.response.length : 2 * row.prompt.length + row.chosen.length + row.rejected.length;
}


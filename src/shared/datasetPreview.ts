/** What a dataset preview shows, as plain JSON: made by src/datasets/inspect, printed by the CLI, drawn by the preview's webview. */
import type { Problem } from './problem';

/** A figure of the set. Not exact: from a seeded sample of the rows, shown as "≈ 1,234". */
export interface Figure {
  value: number;
  isExact: boolean;
}

/** Where a row lies: `row` counts from 0 in its file, `line` from 1 and is absent where a file has no lines. */
export interface RowPlace {
  file: string;
  line?: number;
  row: number;
}

// ── Source ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** One file, hub dataset or upload, as it was opened. */
export interface SourcePreview {
  /** What the user named: a path or a hub id. */
  name: string;
  /** "json", "jsonl", "csv", "tsv", "parquet", "text", with ".gz" or ".zst" where compressed. */
  format: string;
  /** Undefined where it is not known (a hub dataset that is not here yet). */
  sizeBytes?: number;
  /** Commit of a hub dataset. */
  revision?: string;
  /** Undefined until something is known of it. */
  rows?: Figure;
  shape: ShapePreview;
  /** In the file's order. */
  columns: ColumnPreview[];
}

export interface ShapePreview {
  /** The shape's id, such as "alpaca" or "sharegpt", and what it means in a sentence. */
  name: string;
  title: string;
  /** Share of the rows looked at that have all columns of the shape, 0–1; below 1 the user should look. */
  confidence: number;
  rowsLookedAt: number;
}

/** Columns of Merlina that a file's column can be mapped to, in the order of a menu. */
export const COLUMN_ROLES = ['prompt', 'chosen', 'rejected', 'system', 'reasoning', 'input', 'history', 'label', 'conversation', 'tools', 'text'] as const;
export type ColumnRole = (typeof COLUMN_ROLES)[number];

export interface ColumnPreview {
  /** The file's own name. */
  name: string;
  /** Kinds of value seen, the most frequent first. */
  kinds: CellKind[];
  /** What it is read as; null where it is not used. */
  role: ColumnRole | null;
  /** The user's mapping said so (dataset.column_mapping), not detection. */
  isMapped: boolean;
  /** Share of the rows looked at that have a value there, 0–1. */
  filledFraction: number;
}

// ── Pages of rows ───────────────────────────────────────────────────────────────────────────────────────────────────

export type PreviewView = 'raw' | 'formatted' | 'tokens';
export type PreviewPage = RawPage | FormattedPage | TokenPage;

interface PageBase {
  /** First row of the page, from 0 over all sources together. A page may be shorter than was asked for: the rows end. */
  offset: number;
  /** Rows of the set; undefined where they are not counted yet. */
  total?: Figure;
  /** Of the page as a whole; those of a row stand at the row. */
  problems: Problem[];
}

export interface RawPage extends PageBase {
  view: 'raw';
  rows: RawRowPreview[];
}

export interface RawRowPreview {
  place: RowPlace;
  /** By the file's own column names; a column that this row lacks is absent. */
  cells: Record<string, CellPreview>;
  problems: Problem[];
}

export type CellKind = 'text' | 'number' | 'boolean' | 'null' | 'messages' | 'list' | 'object';

export interface CellPreview {
  kind: CellKind;
  /** The text itself; every other kind as JSON. As it is in the file: show it through visibleText. Cut at CELL_CHARACTERS. */
  text: string;
  /** UTF-16 units before cutting. */
  length: number;
}

/** Longest text of a cell, formatted text or page of tokens that is sent; more cannot be read in a view anyway. */
export const CELL_CHARACTERS = 20_000;
export const SEQUENCE_TOKENS = 8_192;

export interface FormattedPage extends PageBase {
  view: 'formatted';
  /** The formatter's name: "chatml". */
  format: string;
  rows: FormattedRowPreview[];
}

export interface FormattedRowPreview {
  place: RowPlace;
  /** One for each response; none where the row is left out, and then `problems` says why. */
  sequences: FormattedSequence[];
  problems: Problem[];
}

/** Text as the model meets it. Cut at CELL_CHARACTERS like a cell. */
export interface FormattedSequence {
  response: ResponseName;
  /** Parts in order; a conversation with several learnt turns has several of each. */
  parts: { kind: 'prompt' | 'response'; text: string; length: number }[];
}

export type ResponseName = 'chosen' | 'rejected';

export interface TokenPage extends PageBase {
  view: 'tokens';
  format: string;
  /** What the tokens are made by. */
  model: string;
  limits: TokenLimits;
  rows: TokenRowPreview[];
}

/** The recipe's max_length and max_prompt_length. */
export interface TokenLimits {
  maxLength: number;
  maxPromptLength: number;
}

export interface TokenRowPreview {
  place: RowPlace;
  /** One for each response; a pair has chosen and rejected. Present for a row that is left out as too long, too. */
  sequences: TokenSequence[];
  /** Whether it is trained on. */
  isKept: boolean;
  problems: Problem[];
}

/** Prompt and one response as the model gets them, tokens that are cut away included and marked. */
export interface TokenSequence {
  response: ResponseName;
  /** In order. No more than SEQUENCE_TOKENS. */
  tokens: TokenPreview[];
  /** Tokens at the end that were not sent. */
  hiddenTokens: number;
  promptTokens: number;
  responseTokens: number;
  /** Cut away from the beginning of the prompt and from the end of the response. */
  promptTokensCut: number;
  responseTokensCut: number;
  /** Tokens that the loss is computed over. */
  trainedTokens: number;
  /** The stop token that ends the response, as text; null where it has none (the model may not learn to stop) or it was cut away. */
  stop: string | null;
  /** BOS tokens in the whole sequence; more than one is a fault of the template. 0 for tokenizers that put none in front, even where
   *  they name one (SmolLM2's is <|im_start|>). */
  bosCount: number;
}

export interface TokenPreview {
  id: number;
  /** Its own text as the tokenizer decodes it, a leading space included; part of a character as its bytes, "\xE2\x80".
   *  May hold control characters: show it through visibleText. */
  text: string;
  part: 'prompt' | 'response';
  /** A control token of the tokenizer: <|im_end|>. */
  isSpecial: boolean;
  /** Cut away by max_length or max_prompt_length: the model never sees it. */
  isCut: boolean;
  /** The loss is computed over it. */
  isTrained: boolean;
}

// ── The set ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Grows while the set is read; a later one replaces an earlier one whole. */
export interface DatasetStatistics {
  progress: StatisticsProgress;
  rows: RowStatistics;
  text: TextStatistics;
  /** Null without a model. */
  tokens: TokenStatistics | null;
  /** The set's own problems, named rows first. */
  problems: Problem[];
}

export interface StatisticsProgress {
  /** "sample": a seeded sample is read; "all": the figures are being made exact; "done": they are. */
  phase: 'sample' | 'all' | 'done';
  rowsDone: number;
  rowsTotal?: Figure;
}

export interface RowStatistics {
  read: Figure;
  /** Rows that can be trained on, before the limits in tokens. */
  usable: Figure;
  /** Why rows are left out, the most frequent first. */
  leftOut: LeftOut[];
  /** Rows that repeat an earlier one by dataset.dedupe_strategy (prompt and chosen where the recipe removes none). */
  duplicates: Figure;
  /** Removed, or only counted. */
  removesDuplicates: boolean;
  /** Pairs whose chosen and rejected answers are equal; null for methods without pairs. */
  sameAnswers: Figure | null;
  /** Rows with an empty required column. */
  empty: Figure;
}

export interface LeftOut {
  /** Of the Problem: "dataset/empty-chosen". */
  problemId: string;
  /** What was said of the first such row. */
  text: string;
  rows: Figure;
  first: RowPlace;
}

export interface TextStatistics {
  /** Characters (UTF-16 units) of prompt (with system and history) and of each response. */
  promptCharacters: Distribution;
  responseCharacters: Partial<Record<ResponseName, Distribution>>;
  /** Length of chosen divided by rejected, in characters; far from 1 the model learns length. Null without pairs. */
  chosenToRejected: Distribution | null;
  /** Of a seeded sample of the rows, the most frequent first; "und" where a text is too short to tell. Never exact. */
  languages: { code: string; name: string; fraction: number }[];
  /** Rows that hold control characters (except tab and line breaks), bidi overrides or broken text. */
  controlCharacters: Figure;
  /** Where the first few of them are. */
  controlCharacterRows: RowPlace[];
}

export interface TokenStatistics {
  /** Rows tokenised so far. */
  rows: Figure;
  /** Prompt + its longest response, before cutting. */
  lengths: Distribution;
  promptLengths: Distribution;
  responseLengths: Partial<Record<ResponseName, Distribution>>;
  chosenToRejected: Distribution | null;
  /** Of all tokens after cutting, what the trainer computes once an epoch (a pair's prompt counts once). */
  total: Figure;
  trained: Figure;
  /** Rows with something cut away, 0–1. */
  truncatedFraction: Figure;
  promptsCut: Figure;
  responsesCut: Figure;
  /** Rows left out because their prompt leaves no room for a response. */
  tooLong: Figure;
  /** Responses that end without a stop token although nothing was cut. */
  withoutStop: Figure;
  severalBos: Figure;
  step: StepLoad;
}

/** What one optimizer step holds: batch_size × gradient_accumulation_steps rows. */
export interface StepLoad {
  rows: number;
  microBatchRows: number;
  accumulationSteps: number;
  /** Tokens of a step after cutting (a pair's prompt counts once): on average, and if it held the longest rows only. */
  meanTokens: Figure;
  largestTokens: Figure;
  /** Optimizer steps of one epoch. */
  stepsPerEpoch: Figure;
}

/** Of one number a row. Quantiles are read from the histogram where there are too many rows to keep: right to 1 %. */
export interface Distribution {
  isExact: boolean;
  count: number;
  min: number;
  mean: number;
  p50: number;
  p95: number;
  max: number;
  /** Bar i counts values in [edges[i], edges[i+1]); the last bar includes its upper edge. */
  histogram: { edges: number[]; counts: number[] };
}

/** What can be asked of a dataset file of any size: its columns, any rows at once, how many there are, and figures of all of them. */
import type { CellKind, Distribution, Figure } from '../../shared/datasetPreview';
import type { Problem } from '../../shared/problem';
import type { RawRow } from '../rows';

export interface Table {
  /** The file's path, as rows name it in their origin. */
  readonly name: string;
  /** "json", "jsonl", "csv", "tsv", "parquet" or "text", with ".gz" or ".zst" where compressed. */
  readonly format: string;
  /** Size of the file. */
  readonly bytes: number;
  /** In the order in which the first rows have them. */
  readonly columns: readonly TableColumn[];
  /** Of the file as a whole: a name that says something else than the content, and the like. */
  readonly notes: readonly Problem[];

  /** Rows by their number in the file, from 0; rows that cannot be read have theirs. Fewer where the file ends. Throws the signal's reason. */
  rows(offset: number, count: number, signal?: AbortSignal): Promise<TableRows>;
  /** Rows of the file, with those that cannot be read. An estimate until the index is done. */
  rowCount(): Figure;
  /** Resolves when the row count is exact, or when the table is closed. */
  readonly indexed: Promise<void>;
  /** Of all rows read so far; of all rows of the file once the statistics are done. */
  problems(): TableProblems;
  /** Reads everything once. `onProgress` hears of it about ten times a second. Throws the signal's reason. */
  statistics(signal?: AbortSignal, onProgress?: (progress: TableProgress) => void): Promise<TableStatistics>;
  /** Ends what goes on in the background. */
  close(): Promise<void>;
}

export interface TableColumn {
  name: string;
  /** Kinds of value in the first rows, the most frequent first. */
  kinds: CellKind[];
  /** Share of the first rows that have a value there, 0–1. */
  filledFraction: number;
}

export interface TableRows {
  rows: RawRow[];
  /** Of the rows asked for: those with severity "error" are missing from `rows`. */
  problems: Problem[];
}

export interface TableProblems {
  /** The first of each kind (PROBLEMS_NAMED), errors first. */
  list: Problem[];
  /** Kinds with how often they occurred. */
  counts: Record<string, number>;
  /** Rows passed over. */
  skippedRows: number;
  /** Every row of the file was looked at. */
  isComplete: boolean;
}

/** Bytes of the text, which are more than the file's where it is packed. */
export interface TableProgress {
  bytesDone: number;
  bytesTotal: number;
  rowsDone: number;
}

export interface TableStatistics {
  /** Rows that were read; with `skippedRows` all rows of the file. */
  rows: number;
  skippedRows: number;
  columns: ColumnStatistics[];
  problems: TableProblems;
}

export interface ColumnStatistics {
  name: string;
  /** Rows by kind of value; rows without the column are not in it. */
  kinds: Partial<Record<CellKind, number>>;
  /** Rows without the column. */
  missing: number;
  /** Texts of blanks only, lists and objects without anything in them. */
  empty: number;
  /** UTF-16 units of a row's text; of lists and objects, all texts in them together (of messages what is said, not who says it). Null where there are no texts. */
  characters: Distribution | null;
  /** Rows with control characters other than tab and line breaks, and rows with halves of surrogate pairs. */
  controlCharacterRows: number;
  brokenTextRows: number;
  /** Letters that are not of the Latin script, as a share of all characters, 0–1; null without characters. */
  nonLatinFraction: number | null;
  /** Of a seeded sample of the texts, the most frequent first; code "und" where a text is too short to tell. Never exact. */
  languages: LanguageShare[];
}

export interface LanguageShare {
  /** ISO 639-3. */
  code: string;
  fraction: number;
}

/** What a file is: how its text is stored, and how its rows lie in the text. */
import type { Problem } from '../../shared/problem';
import type { RowPlace } from './rowCutter';

export const FILE_FORMATS = ['json', 'jsonl', 'csv', 'tsv', 'parquet', 'text'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];
export type Compression = 'gzip' | 'zstd';
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** How bytes of the file become UTF-8 text. */
export interface Storage {
  compression: Compression | null;
  encoding: Encoding;
  /** Bytes of the text's byte order mark. */
  bom: number;
}

/** Where rows are in the text. */
export type Rows =
  /** One JSON object a line. */
  | { layout: 'lines' }
  /** Objects one after another, each over any number of lines. */
  | { layout: 'objects' }
  /** A list; `start` is its bracket. `isInside` an object, whose other keys are passed over. */
  | { layout: 'list'; start: RowPlace; isInside: boolean }
  /** An object of lists, a column each. */
  | { layout: 'columns' }
  /** `start` is the first row after the header. */
  | { layout: 'delimited'; delimiter: string; header: readonly string[]; start: RowPlace }
  | { layout: 'text'; split: TextSplit };

/** How plain text becomes rows. */
export interface TextSplit {
  by: 'paragraph' | 'line' | 'length';
  /** Most characters of a row, for "length". */
  characters: number;
}

/** What the user says of it; null leaves it to the text: paragraphs where there are any, else lines. */
export type WantedSplit = Omit<TextSplit, 'by'> & { by: TextSplit['by'] | null };

export const DEFAULT_SPLIT: WantedSplit = { by: null, characters: 2_000 };

interface Layout {
  format: FileFormat;
  /** Size of the file. */
  bytes: number;
  /** Worth a word: a name that says something else than the content, how a text was split. */
  notes: Problem[];
}

export interface TextLayout extends Layout {
  format: Exclude<FileFormat, 'parquet'>;
  storage: Storage;
  rows: Rows;
}

export interface ParquetLayout extends Layout { format: 'parquet' }

export type FileLayout = TextLayout | ParquetLayout;

const ENDINGS: Readonly<Record<Compression, string>> = { gzip: '.gz', zstd: '.zst' };

/** "jsonl", "csv.gz". */
export function layoutName(layout: FileLayout): string {
  return layout.format === 'parquet' || layout.storage.compression === null ? layout.format : `${layout.format}${ENDINGS[layout.storage.compression]}`;
}

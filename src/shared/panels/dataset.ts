/** Host ↔ dataset preview. */
import { z } from 'zod';
import { method } from '../calls';
import { COLUMN_ROLES, type DatasetStatistics, type PreviewPage, type SourcePreview } from '../datasetPreview';
import type { Problem } from '../problem';

/** How the rows are read and shown; the host keeps it for each dataset. */
export interface PreviewSettings {
  /** training_mode. */
  method: string;
  /** dataset.format.format_type. */
  format: string;
  /** Whose tokenizer and template; null shows no tokens. */
  model: string | null;
  maxLength: number;
  maxPromptLength: number;
  /** dataset.column_mapping: the file's column → what it is read as. Only what the user chose. */
  mapping: Record<string, string>;
}

export interface DatasetState {
  /** What the title says: a file's name or a hub id. */
  title: string;
  /** How often it was opened: rows of an earlier time may be others. */
  opened: number;
  /** Undefined while it is opened. */
  source?: SourcePreview;
  /** What stands in the way, or is to be known. */
  problems: Problem[];
  settings: PreviewSettings;
  /** What the settings may be. */
  methods: string[];
  formats: string[];
  /** Training is a command that needs a trusted workspace. */
  canTrain: boolean;
}

/** Rows a page may ask for. */
export const PAGE_ROWS_LIMIT = 200;

const row = z.number().int().nonnegative();

/** Which row to go to, from the one that is shown. */
export const ROW_FILTERS = ['problem', 'longest', 'shortest', 'random'] as const;
export type RowFilter = (typeof ROW_FILTERS)[number];

export const datasetMethods = {
  page: method<PreviewPage>()(z.object({ view: z.enum(['raw', 'formatted', 'tokens']), offset: row, count: z.number().int().min(1).max(PAGE_ROWS_LIMIT) })),
  /** Comes whole again and again while it becomes exact. */
  statistics: method<DatasetStatistics, DatasetStatistics>()(z.object({})),
  /** The next row of the kind after `from`; null where there is none. */
  find: method<number | null>()(z.object({ filter: z.enum(ROW_FILTERS), from: row })),
  /** Changes some settings; a snapshot follows. */
  configure: method<null>()(z.object({
    method: z.string().optional(),
    format: z.string().optional(),
    maxLength: z.number().int().min(1).max(1_000_000).optional(),
    maxPromptLength: z.number().int().min(1).max(1_000_000).optional(),
    /** A role of null leaves the column to detection again. */
    map: z.object({ column: z.string(), role: z.enum(COLUMN_ROLES).nullable() }).optional(),
  })),
  /** Asks for a model in VS Code's own way. */
  chooseModel: method<null>()(z.object({})),
  /** Into the text editor, at the line. */
  openText: method<null>()(z.object({ file: z.string(), line: z.number().int().min(1).optional(), column: z.number().int().min(1).optional() })),
  train: method<null>()(z.object({})),
};

export type DatasetMethods = typeof datasetMethods;

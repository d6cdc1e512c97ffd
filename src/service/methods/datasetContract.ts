/** What the service can be asked of a dataset. */
import { z } from 'zod';
import { method } from '../../shared/calls';
import type { DatasetStatistics, PreviewPage, SourcePreview } from '../../shared/datasetPreview';
import { PAGE_ROWS_LIMIT, ROW_FILTERS } from '../../shared/panels/dataset';
import type { Problem } from '../../shared/problem';

/** Which rows, and how they are read; requests with equal values share what was opened. */
export const datasetReference = z.object({
  /** As a recipe's dataset.source. */
  source: z.record(z.string(), z.unknown()),
  /** Paths count from here. */
  baseDir: z.string(),
  /** Where uploads are kept. */
  uploadsFolder: z.string().optional(),
  /** Null: what fits the columns that are found. */
  method: z.string().nullable(),
  format: z.string(),
  model: z.string().nullable(),
  maxLength: z.number().int().positive(),
  maxPromptLength: z.number().int().positive(),
  mapping: z.record(z.string(), z.string()),
});
export type DatasetReference = z.infer<typeof datasetReference>;

export interface OpenedDataset {
  source: SourcePreview;
  problems: Problem[];
  /** The method of the reference, or the one that fits. */
  method: string;
  methods: string[];
  formats: string[];
}

const row = z.number().int().nonnegative();

export const datasetContract = {
  openDataset: method<OpenedDataset>()(datasetReference),
  datasetPage: method<PreviewPage>()(z.object({
    dataset: datasetReference, view: z.enum(['raw', 'formatted', 'tokens']), offset: row, count: z.number().int().min(1).max(PAGE_ROWS_LIMIT),
  })),
  datasetStatistics: method<DatasetStatistics, DatasetStatistics>()(z.object({ dataset: datasetReference })),
  findRow: method<number | null>()(z.object({ dataset: datasetReference, filter: z.enum(ROW_FILTERS), from: row })),
};

/** The loader of a recipe's dataset source. */
import { isAbsolute, resolve } from 'node:path';
import { problemError } from '../../shared/problem';
import type { DatasetLoader } from './datasetLoader';
import { LocalFileLoader } from './localFileLoader';

/** The keys of dataset.source that decide what is read. */
export interface DatasetSource {
  source_type: string;
  file_path?: string | null;
  file_format?: string | null;
  repo_id?: string | null;
  dataset_id?: string | null;
  column_mapping?: Record<string, string> | null;
}

const FORMATS: Readonly<Record<string, 'json' | 'jsonl'>> = { json: 'json', jsonl: 'jsonl', ndjson: 'jsonl' };

/** `baseDir` is the recipe's folder. Problems: dataset/unsupported-source, dataset/no-file-path, dataset/unsupported-file. */
export function createLoader(source: DatasetSource, baseDir: string, field = 'dataset.source'): DatasetLoader {
  if (source.source_type !== 'local_file') {
    throw problemError('dataset/unsupported-source', `Datasets of type "${source.source_type}"${source.repo_id ? ` (${source.repo_id})` : ''} cannot be read by this version.`,
      { where: { field: `${field}.source_type` }, fix: { text: 'Download the rows as JSON or JSONL and set source_type to "local_file" with file_path.' } });
  }
  if (!source.file_path) {
    throw problemError('dataset/no-file-path', 'The dataset source names no file.', { where: { field: `${field}.file_path` }, fix: { text: `Set ${field}.file_path.` } });
  }
  const file = isAbsolute(source.file_path) ? source.file_path : resolve(baseDir, source.file_path);
  const extension = /\.(\w+)$/.exec(file)?.[1]?.toLowerCase();
  const named = source.file_format ?? extension;
  if (named !== undefined && ['csv', 'tsv', 'parquet', 'pq', 'gz', 'zst', 'txt'].includes(named)) {
    throw problemError('dataset/unsupported-file', `Files of type "${named}" cannot be read by this version.`,
      { where: { file, field: `${field}.file_path` }, fix: { text: 'Convert the file to JSON or JSONL.' } });
  }
  return new LocalFileLoader(file, source.file_format ? FORMATS[source.file_format] ?? null : null, `${field}.file_path`);
}

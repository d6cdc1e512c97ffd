/** The loader of a recipe's dataset source. */
import { isAbsolute, resolve } from 'node:path';
import type { HubOptions } from '../../models';
import { problemError } from '../../shared/problem';
import type { DatasetLoader, ReadRevision } from './datasetLoader';
import { DEFAULT_SPLIT, FILE_FORMATS } from './fileLayout';
import type { TextSplit } from './fileLayout';
import { HuggingFaceLoader } from './huggingFaceLoader';
import type { HubSource } from './huggingFaceLoader';
import { LocalFileLoader } from './localFileLoader';
import type { LayoutOptions } from './readLayout';
import { UploadedDatasetLoader } from './uploadedDatasetLoader';

/** The keys of dataset.source that decide what is read. */
export interface DatasetSource extends Partial<Omit<HubSource, 'repo_id'>> {
  source_type: string;
  file_path?: string | null;
  file_format?: string | null;
  /** How plain text becomes rows. */
  text_split?: TextSplit['by'] | null;
  text_split_length?: number | null;
  repo_id?: string | null;
  dataset_id?: string | null;
  column_mapping?: Record<string, string> | null;
}

/** What sources need beside the recipe. */
export interface LoaderOptions {
  /** The hub: its cache, progress, stop. */
  hub?: HubOptions;
  /** Commits that the hub's datasets were read at before; read again, whatever their branches name now. */
  pins?: readonly ReadRevision[];
  /** Folder of the UploadStore. */
  uploadsFolder?: string;
}

/** `baseDir` is the recipe's folder. Problems: dataset/no-repo-id, dataset/no-file-path. */
export function createLoader(source: DatasetSource, baseDir: string, field = 'dataset.source', options: LoaderOptions = {}): DatasetLoader {
  const openFile = (file: string): DatasetLoader => createLoader({ ...source, source_type: 'local_file', file_path: file }, baseDir, field);
  if (source.source_type === 'huggingface') {
    if (!source.repo_id) throw problemError('dataset/no-repo-id', 'The dataset source names no dataset on the hub.', { where: { field: `${field}.repo_id` }, fix: { text: `Set ${field}.repo_id.` } });
    return new HuggingFaceLoader(source as DatasetSource & HubSource, openFile, options, field);
  }
  if (source.source_type === 'upload') return new UploadedDatasetLoader(source, openFile, options.uploadsFolder, field);
  if (!source.file_path) {
    throw problemError('dataset/no-file-path', 'The dataset source names no file.', { where: { field: `${field}.file_path` }, fix: { text: `Set ${field}.file_path.` } });
  }
  const file = isAbsolute(source.file_path) ? source.file_path : resolve(baseDir, source.file_path);
  return new LocalFileLoader(file, layoutOptions(source, field));
}

/** How the files of a source are read. */
export function layoutOptions(source: DatasetSource, field: string): LayoutOptions {
  const format = FILE_FORMATS.find(known => known === source.file_format) ?? null;
  const textSplit = { by: source.text_split ?? DEFAULT_SPLIT.by, characters: source.text_split_length ?? DEFAULT_SPLIT.characters };
  return { format, textSplit, field: `${field}.file_path` };
}

/** A recipe's dataset as rows for the engine, by the model's own tokenizer and template. */
import path from 'node:path';
import { DatasetPipeline, rowCache } from '../datasets';
import type { LoaderOptions, Origin, PrepareHooks, PrepareProgress, ReadRevision } from '../datasets';
import type { ModelSource } from '../models/source';
import { loadTokenizer } from '../models/tokenizer';
import type { Recipe } from '../recipe';
import { datasetSettings } from '../recipe';
import { problemError } from '../shared/problem';
import type { Problem } from '../shared/problem';
import type { TrainingRow } from '../shared/rows';

export interface PreparedRows {
  readonly train: readonly TrainingRow[];
  readonly eval: readonly TrainingRow[];
  readonly problems: readonly Problem[];
  readonly fingerprint: string;
  /** Of datasets on the hub: which commit was read. */
  readonly revisions: readonly ReadRevision[];
  /** A training row as the user knows it. */
  readonly describeRow: (index: number) => string;
}

export interface PrepareOptions extends PrepareHooks {
  /** Folder that relative paths count from. */
  readonly baseDir: string;
  /** The clock of templates that write the date: the run's beginning, so that a resume sees the same rows. */
  readonly now: Date;
  readonly loaders: LoaderOptions;
}

/** Tokenised rows are kept in the cache, so the same recipe begins at once the next time. */
export async function prepareRows(recipe: Recipe, model: ModelSource, { baseDir, now, loaders, ...hooks }: PrepareOptions): Promise<PreparedRows> {
  if (!model.tokenizer) {
    throw problemError('training/no-tokenizer', `The model ${model.id} has no tokenizer.json, so its rows cannot be turned into tokens.`, {
      where: { field: 'base_model' },
      fix: { text: 'Choose a model folder that has one.' },
    });
  }
  const { batchSize, accumulationSteps, ...settings } = datasetSettings(recipe);
  const pipeline = new DatasetPipeline({
    ...settings,
    baseDir,
    loaders,
    tokenizer: loadTokenizer(model.tokenizer),
    chatTemplate: model.chatTemplate,
    now,
    cache: rowCache(model.tokenizer),
  });
  const prepared = await pipeline.prepare(hooks);
  return { ...prepared, describeRow: index => describeOrigin(prepared.trainOrigins[index]!) };
}

/** How far the preparation is, as people read it. */
export function describeProgress({ stage, done, total }: PrepareProgress): string {
  const percent = total === undefined || total === 0 ? undefined : Math.floor((100 * done) / total);
  if (stage === 'fingerprint') return `Looking for rows that are tokenised already: ${percent ?? 0} %.`;
  if (stage === 'cache') return `Keeping the tokenised rows: ${percent ?? 0} %.`;
  const rows = `${done.toLocaleString('en')} ${stage === 'rows' ? 'rows' : 'rows to evaluate on'}`;
  return `Read and tokenised ${rows}${percent === undefined ? '' : ` (${percent} %)`}.`;
}

/** "train.jsonl:12" by line where the file has lines, else "train.json row 11". */
function describeOrigin({ file, line, row }: Origin): string {
  const name = path.basename(file);
  return line === undefined ? `${name} row ${row}` : `${name}:${line}`;
}

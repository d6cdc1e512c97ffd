/** A recipe's dataset as rows for the engine, by the model's own tokenizer and template. */
import path from 'node:path';
import { DatasetPipeline } from '../datasets';
import type { LoaderOptions, Origin, ReadRevision } from '../datasets';
import type { ModelSource } from '../models/source';
import { loadTokenizer } from '../models/tokenizer';
import type { Recipe } from '../recipe';
import { resolveTrainOnPrompt } from '../recipe';
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

export interface PrepareOptions {
  /** Folder that relative paths count from. */
  readonly baseDir: string;
  /** The clock of templates that write the date: the run's beginning, so that a resume sees the same rows. */
  readonly now: Date;
  readonly loaders: LoaderOptions;
}

export async function prepareRows(recipe: Recipe, model: ModelSource, { baseDir, now, loaders }: PrepareOptions): Promise<PreparedRows> {
  if (!model.tokenizer) {
    throw problemError('training/no-tokenizer', `The model ${model.id} has no tokenizer.json, so its rows cannot be turned into tokens.`, {
      where: { field: 'base_model' },
      fix: { text: 'Choose a model folder that has one.' },
    });
  }
  const pipeline = new DatasetPipeline({
    dataset: recipe.dataset,
    method: recipe.training_mode,
    seed: recipe.seed,
    shuffle: recipe.shuffle_dataset,
    maxLength: recipe.max_length,
    maxPromptLength: recipe.max_prompt_length,
    trainOnPrompt: resolveTrainOnPrompt(recipe),
    evalWanted: recipe.eval_steps > 0,
    baseDir,
    loaders,
    tokenizer: loadTokenizer(model.tokenizer),
    chatTemplate: model.chatTemplate,
    now,
  });
  const prepared = await pipeline.prepare();
  return { ...prepared, describeRow: index => describeOrigin(prepared.trainOrigins[index]!) };
}

/** "train.jsonl:12" by line where the file has lines, else "train.json row 11". */
function describeOrigin({ file, line, row }: Origin): string {
  const name = path.basename(file);
  return line === undefined ? `${name} row ${row}` : `${name}:${line}`;
}

/** What is known of a recipe's rows: their number and lengths in tokens, by the pipeline that trains them. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { DatasetPipeline, rowCache } from '../datasets';
import { loadTokenizer } from '../models';
import type { ModelSource } from '../models';
import { datasetSettings, datasetSources } from '../recipe';
import type { Recipe } from '../recipe';
import { ProblemError } from '../shared/problem';
import type { Problem } from '../shared/problem';
import type { AskOptions } from './askHub';
import type { HubDatasets } from './hubDatasets';
import { rowLengths, tokensOf } from './memory';
import type { RowLengths } from './memory';

export interface DatasetFacts {
  /** read: all rows; sample: the first ones; unknown: not read. */
  readonly state: 'read' | 'sample' | 'unknown';
  readonly problems: readonly Problem[];
  /** Undefined where not all rows were read. */
  readonly trainRows: number | undefined;
  readonly evalRows: number | undefined;
  /** Of the training rows that were read, after cutting. */
  readonly lengths: readonly RowLengths[];
  /** Tokens of the longest row before cutting. */
  readonly longestTokens: number;
  /** Share of the rows read that lost a part, or were left out, for their length. */
  readonly cutFraction: number;
  /** Still to be transferred from the hub. */
  readonly downloadBytes?: number;
}

/** Larger files are known by their first rows, so that validation stays below a second or two. */
const WHOLE_FILE_BYTES = 4 * 2 ** 20;
const SAMPLE_ROWS = 500;

const UNKNOWN: DatasetFacts = { state: 'unknown', problems: [], trainRows: undefined, evalRows: undefined, lengths: [], longestTokens: 0, cutFraction: 0 };

export async function gatherDataset(recipe: Recipe, model: ModelSource | undefined, hubDatasets: HubDatasets, { baseDir, hub }: AskOptions & { readonly baseDir: string }): Promise<DatasetFacts> {
  const unread = [...await missingFiles(recipe, baseDir), ...hubDatasets.problems];
  const unknown: DatasetFacts = { ...UNKNOWN, problems: unread, downloadBytes: hubDatasets.downloadBytes };
  if (!hubDatasets.areHere || unread.some(({ severity }) => severity === 'error')) return unknown;
  if (!model?.tokenizer) return { ...unknown, problems: [...unread, notChecked('the model\'s tokenizer is not here')] };
  const isSample = await localBytes(recipe, baseDir) + hubDatasets.bytes > WHOLE_FILE_BYTES && (recipe.dataset.max_samples ?? Infinity) > SAMPLE_ROWS;
  try {
    const { batchSize, accumulationSteps, ...settings } = datasetSettings(recipe);
    const { train, problems, report } = await new DatasetPipeline({
      ...settings,
      ...(isSample && { dataset: { ...recipe.dataset, max_samples: SAMPLE_ROWS } }),
      ...(!isSample && { cache: rowCache(model.tokenizer) }),
      baseDir, loaders: { hub: { ...hub, isOffline: true } }, tokenizer: loadTokenizer(model.tokenizer), chatTemplate: model.chatTemplate,
    }).prepare();
    const rows = report.train + report.eval + report.dropped;
    return {
      state: isSample ? 'sample' : 'read', problems: [...unread, ...problems],
      trainRows: isSample ? undefined : report.train, evalRows: isSample ? undefined : report.eval,
      lengths: train.map(rowLengths), longestTokens: report.longestTokens,
      cutFraction: rows === 0 ? 0 : Math.min(1, (report.promptsCut + report.responsesCut + report.dropped) / rows),
    };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { ...UNKNOWN, problems: [...unread, ...error.problems] };
  }
}

/** Tokens at the 95th percentile and of the longest row, after cutting; undefined without rows. */
export function lengthSummary({ lengths }: DatasetFacts): { p95: number; longest: number } | undefined {
  if (lengths.length === 0) return undefined;
  const longestResponse = ({ prompt, responses }: RowLengths): number => prompt + Math.max(0, ...responses);
  const sorted = lengths.map(longestResponse).sort((a, b) => a - b);
  return { p95: sorted[Math.min(sorted.length - 1, Math.floor(0.95 * sorted.length))]!, longest: sorted.at(-1)! };
}

/** Tokens of all rows read: prompt once, and each response. */
export function totalTokens({ lengths }: DatasetFacts): number {
  return lengths.reduce((sum, one) => sum + tokensOf(one), 0);
}

/** An upload has the path of its file here. */
function localFiles(recipe: Recipe, baseDir: string): { file: string; field: string }[] {
  return datasetSources(recipe).flatMap(({ source, field }) => source.source_type !== 'huggingface' && source.file_path !== null
    ? [{ file: path.resolve(baseDir, source.file_path), field: `${field}.file_path` }] : []);
}

async function missingFiles(recipe: Recipe, baseDir: string): Promise<Problem[]> {
  const found = await Promise.all(localFiles(recipe, baseDir).map(async ({ file, field }): Promise<Problem[]> => {
    if (await stat(file).then(entry => entry.isFile(), () => false)) return [];
    return [{ id: 'preflight/dataset-missing', severity: 'error', text: `There is no file ${file}.`, where: { field }, fix: { text: 'Correct the path; a relative one counts from the recipe\'s folder.' } }];
  }));
  return found.flat();
}

async function localBytes(recipe: Recipe, baseDir: string): Promise<number> {
  const sizes = await Promise.all(localFiles(recipe, baseDir).map(({ file }) => stat(file).then(({ size }) => size)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function notChecked(why: string): Problem {
  return { id: 'preflight/dataset-not-checked', severity: 'info', text: `The rows could not be checked: ${why}.`, where: { field: 'dataset' } };
}

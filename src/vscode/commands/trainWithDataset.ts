/** Merlina: Train with This Dataset. A recipe for a file or a dataset of the hub: its name from the data's, its method from what the rows look like. */
import path from 'node:path';
import { Uri, window, workspace } from 'vscode';
import { createRecipeFile } from '../newRecipeFile';
import { isDatasetFile, pickDataset } from '../pickDataset';
import { STARTERS } from '../starters';
import type { Host } from '../host';
import type { Command } from './command';

const DATASET_ENDING = /(?:\.(?:jsonl?|ndjson|csv|tsv|parquet|txt|gz|zst))+$/i;

export const trainWithDataset: Command = {
  id: 'merlina.trainWithDataset',
  /** `dataset`: a file, or an id of the hub. Gives the opened recipe. */
  async run(host, argument) {
    const dataset = argument instanceof Uri || typeof argument === 'string' ? argument : datasetAtHand() ?? (await pickDataset());
    if (dataset === undefined) return undefined;
    const recipe = await recipeFor(host, dataset);
    return createRecipeFile(recipe.output_name, recipe);
  },
};

/** The active editor's, where it shows one. */
function datasetAtHand(): Uri | undefined {
  const active = window.activeTextEditor?.document.uri;
  return active && isDatasetFile(active) ? active : undefined;
}

async function recipeFor(host: Host, dataset: Uri | string): Promise<Record<string, unknown> & { output_name: string }> {
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const source = typeof dataset === 'string' ? { source_type: 'huggingface', repo_id: dataset } : { source_type: 'local_file', file_path: fileFrom(folder, dataset.fsPath) };
  const method = await methodFor(host, source, folder);
  // Of the starters, the one for the kind of rows; its other values suit a small model.
  const starter = STARTERS.find(({ recipe }) => recipe.training_mode === method) ?? STARTERS.find(({ id }) => id === 'orpo')!;
  const name = typeof dataset === 'string' ? dataset.split('/').at(-1)! : path.basename(dataset.fsPath).replace(DATASET_ENDING, '');
  return { ...starter.recipe, output_name: plainName(name), training_mode: method, ...(method === 'kto' && { batch_size: 4, gradient_accumulation_steps: 4 }), dataset: { source } };
}

/** What the rows fit; orpo in a workspace that is not trusted, where nothing is read. */
async function methodFor(host: Host, source: Record<string, unknown>, baseDir: string): Promise<string> {
  if (!workspace.isTrusted) return 'orpo';
  return (await host.service.call('openDataset', { source, baseDir, method: null, format: 'chatml', model: null, maxLength: 2048, maxPromptLength: 1024, mapping: {} })).method;
}

/** The recipe lies in the workspace's folder. */
function fileFrom(folder: string, file: string): string {
  const relative = path.relative(folder, file);
  return folder === '' || relative.startsWith('..') || path.isAbsolute(relative) ? file : relative.split(path.sep).join('/');
}

/** As an output_name may be. */
function plainName(text: string): string {
  return text.normalize('NFKD').replace(/[^a-zA-Z0-9._-]+/g, '-').replace(/^[-_.]+|[-_.]+$/g, '') || 'my-tune';
}

/** Local paths of a recipe made absolute, because the copy in the run directory lies elsewhere. */
import fs from 'node:fs';
import path from 'node:path';
import type { UploadStore } from '../datasets';
import { datasetSources } from '../recipe';
import type { Recipe } from '../recipe';

type Source = Recipe['dataset']['source'];

/** Files and adapters count from the recipe's folder; a model is a path only where one exists there or in the current folder. */
export function withAbsolutePaths(recipe: Recipe, recipeFolder: string, currentFolder: string = process.cwd()): Recipe {
  const absolute = (file: string): string => path.resolve(recipeFolder, file);
  return {
    ...recipe,
    base_model: [recipeFolder, currentFolder].map(folder => path.resolve(folder, recipe.base_model)).find(file => fs.existsSync(file)) ?? recipe.base_model,
    init_adapter: recipe.init_adapter === null ? null : absolute(recipe.init_adapter),
    dataset: withSources(recipe.dataset, source => (source.file_path === null ? source : { ...source, file_path: absolute(source.file_path) })),
  };
}

/** Uploads with the path of their file, since the trainer knows no store. Throws the Problem of one that is not there. */
export async function withUploadPaths(recipe: Recipe, uploads: UploadStore): Promise<Recipe> {
  const paths = new Map<string, string>();
  for (const { source, field } of datasetSources(recipe))
    if (isUpload(source)) paths.set(source.dataset_id, (await uploads.read(source.dataset_id, { field: `${field}.dataset_id` })).file);
  return { ...recipe, dataset: withSources(recipe.dataset, source => (isUpload(source) ? { ...source, file_path: paths.get(source.dataset_id) ?? null } : source)) };
}

function isUpload(source: Source): source is Source & { dataset_id: string } {
  return source.source_type === 'upload' && source.dataset_id !== null;
}

function withSources(dataset: Recipe['dataset'], change: (source: Source) => Source): Recipe['dataset'] {
  return {
    ...dataset,
    source: change(dataset.source),
    additional_sources: dataset.additional_sources.map(change),
    eval_source: dataset.eval_source === null ? null : change(dataset.eval_source),
  };
}

/** Local paths of a recipe made absolute, because the copy in the run directory lies elsewhere. */
import fs from 'node:fs';
import path from 'node:path';
import type { DatasetConfig, DatasetSourceConfig, Recipe } from './schema';

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

/** The dataset with each of its sources changed. */
export function withSources(dataset: DatasetConfig, change: (source: DatasetSourceConfig) => DatasetSourceConfig): DatasetConfig {
  return {
    ...dataset,
    source: change(dataset.source),
    additional_sources: dataset.additional_sources.map(change),
    eval_source: dataset.eval_source === null ? null : change(dataset.eval_source),
  };
}

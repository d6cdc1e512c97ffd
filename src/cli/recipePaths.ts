/** Local paths of a recipe made absolute, because the copy in the run directory lies elsewhere. */
import fs from 'node:fs';
import path from 'node:path';
import type { Recipe } from '../recipe';

type Source = Recipe['dataset']['source'];

/** Files and adapters count from the recipe's folder; a model is a path only where one exists there or in the current folder. */
export function withAbsolutePaths(recipe: Recipe, recipeFolder: string, currentFolder: string = process.cwd()): Recipe {
  const absolute = (file: string): string => path.resolve(recipeFolder, file);
  const source = (one: Source): Source => (one.file_path === null ? one : { ...one, file_path: absolute(one.file_path) });
  const { dataset } = recipe;
  return {
    ...recipe,
    base_model: [recipeFolder, currentFolder].map(folder => path.resolve(folder, recipe.base_model)).find(file => fs.existsSync(file)) ?? recipe.base_model,
    init_adapter: recipe.init_adapter === null ? null : absolute(recipe.init_adapter),
    dataset: {
      ...dataset,
      source: source(dataset.source),
      additional_sources: dataset.additional_sources.map(source),
      eval_source: dataset.eval_source === null ? null : source(dataset.eval_source),
    },
  };
}

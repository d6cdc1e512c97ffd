/** Uploads of a recipe by their files, because the trainer knows no store. */
import type { UploadStore } from '../datasets';
import { datasetSources, withSources } from '../recipe';
import type { DatasetSourceConfig, Recipe } from '../recipe';

/** Throws the Problem of an upload that is not there. */
export async function withUploadPaths(recipe: Recipe, uploads: UploadStore): Promise<Recipe> {
  const paths = new Map<string, string>();
  for (const { source, field } of datasetSources(recipe))
    if (isUpload(source)) paths.set(source.dataset_id, (await uploads.read(source.dataset_id, { field: `${field}.dataset_id` })).file);
  return { ...recipe, dataset: withSources(recipe.dataset, source => (isUpload(source) ? { ...source, file_path: paths.get(source.dataset_id) ?? null } : source)) };
}

function isUpload(source: DatasetSourceConfig): source is DatasetSourceConfig & { dataset_id: string } {
  return source.source_type === 'upload' && source.dataset_id !== null;
}

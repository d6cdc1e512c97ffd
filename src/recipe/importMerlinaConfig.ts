/** A configuration of Merlina (saved, exported, or from a share code) as a recipe that trains the same here. */
import { isObject, type JsonObject } from './jsonPath';
import { type ParsedRecipe, parseRecipe, type RecipeOrigin } from './parseRecipe';
import { merlinaSchemaName, withoutNulls } from './shareEnvelope';

/** Whether a JSON value says of itself that Merlina wrote it. */
export function isMerlinaConfig(json: unknown): boolean {
  return isObject(json) && isObject(json._metadata) && json._metadata.schema === merlinaSchemaName;
}

/** As parseRecipe, but: null is "not set"; what is not set has Merlina's default where ours differs; unknown keys (of a newer Merlina) are
 *  kept with a warning; `dataset_name` becomes the dataset's source. */
export function importMerlinaConfig(config: unknown, where: RecipeOrigin = {}): ParsedRecipe {
  if (!isObject(config)) return parseRecipe(config, where);
  return parseRecipe(withDatasetName(withMerlinaDefaults(withoutNulls(config))), where, { unknownKeys: 'warning' });
}

/** The three defaults in which a recipe of ours differs (merlina.py, TrainingConfig and DatasetConfig). */
function withMerlinaDefaults(config: JsonObject): JsonObject {
  const dataset = config.dataset ?? {};
  if (!isObject(dataset)) return config;
  const format = dataset.format ?? {};
  return {
    gradient_checkpointing: false,
    use_wandb: true,
    ...config,
    dataset: isObject(format) ? { ...dataset, format: { format_type: 'chatml', ...format } } : dataset,
  };
}

/** Merlina's short form: `dataset_name` (and `dataset_split`) name the source where `dataset` names none. */
function withDatasetName(config: JsonObject): JsonObject {
  const { dataset_name: name, dataset_split: split, ...others } = config;
  const dataset = config.dataset ?? {};
  const source = isObject(dataset) ? dataset.source ?? {} : undefined;
  const isHub = isObject(source) && (source.source_type ?? 'huggingface') === 'huggingface';
  if (typeof name !== 'string' || name === '' || !isObject(dataset) || !isHub || source.repo_id !== undefined) return config;
  return { ...others, dataset: { ...dataset, source: { ...source, repo_id: name, ...(split === undefined ? {} : { split }) } } };
}
